/** The columns of Langfuse's exports, by the names of its API: anything else is a newer shape, or a score of a table. */

const shared = ['id', 'projectId', 'createdAt', 'updatedAt', 'environment', 'version', 'public', 'bookmarked', 'tags']
const content = ['name', 'input', 'output', 'metadata', 'userId', 'sessionId', 'release', 'level', 'comments']

/** Columns of an observation in the UI's downloads and tables, both versions of the API, blob storage and ingestion events. */
export const observationColumns: ReadonlySet<string> = new Set([
  ...shared,
  ...content,
  ...['traceId', 'parentObservationId', 'type', 'startTime', 'endTime', 'completionStartTime', 'statusMessage'],
  ...['traceName', 'traceTags', 'traceTimestamp', 'isRootObservation', 'isAppRoot'],
  ...['latency', 'latencyMs', 'timeToFirstToken', 'timeToFirstTokenMs', 'promptId', 'promptName', 'promptVersion'],
  ...['model', 'providedModelName', 'modelId', 'internalModelId', 'internalModel', 'modelParameters'],
  ...['inputPrice', 'outputPrice', 'totalPrice', 'usagePricingTierId', 'usagePricingTierName'],
  ...['usage', 'unit', 'usageDetails', 'providedUsageDetails', 'inputUsage', 'outputUsage', 'totalUsage'],
  ...['promptTokens', 'completionTokens', 'totalTokens', 'costDetails', 'providedCostDetails'],
  ...['inputCost', 'outputCost', 'totalCost', 'calculatedInputCost', 'calculatedOutputCost', 'calculatedTotalCost'],
  ...['toolDefinitions', 'toolCalls', 'toolCallNames', 'toolDefinitionsCount', 'toolCallsCount'],
  ...['metadataTruncated', 'inputTruncated', 'outputTruncated', '_deprecation'],
  ...['experimentId', 'experimentName', 'experimentDescription', 'experimentDatasetId', 'experimentMetadata'],
  ...['experimentItemId', 'experimentItemRootSpanId', 'experimentItemExpectedOutput', 'experimentItemMetadata'],
  'experimentItemVersion',
])

/** Columns of a trace, likewise. */
export const traceColumns: ReadonlySet<string> = new Set([
  ...shared,
  ...content,
  ...['timestamp', 'externalId', 'htmlPath', 'observations', 'scores', 'corrections', 'latency', 'usage'],
  ...['totalCost', 'inputCost', 'outputCost', 'inputTokens', 'outputTokens', 'totalTokens', 'promptTokens'],
  ...['completionTokens', 'usageDetails', 'costDetails', 'observationCount', '_deprecation'],
  ...['errorCount', 'warningCount', 'defaultCount', 'debugCount'],
])

/** Columns of a score, likewise. */
export const scoreColumns: ReadonlySet<string> = new Set([
  ...shared,
  ...['name', 'timestamp', 'traceId', 'observationId', 'sessionId', 'datasetRunId', 'subject', 'trace'],
  ...['source', 'dataType', 'value', 'stringValue', 'longStringValue', 'comment', 'metadata', 'configId', 'queueId'],
  ...['executionTraceId', 'authorUserId', 'authorUserName', 'authorUserImage', 'userId', 'traceName', 'traceTags'],
  ...['traceUserId', 'jobConfigurationId', 'hasMetadata', '_deprecation'],
])

/** Column of blob storage (`trace_id`) → column of the API (`traceId`). */
export const camelNames: ReadonlyMap<string, string> = new Map(
  [...observationColumns, ...traceColumns, ...scoreColumns].map((name) => [snake(name), name]),
)

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
