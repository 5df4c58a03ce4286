import type { Foreign } from '../format.js'
import { isObject, type JsonObject } from '../json.js'

/** What PromptLayer's API answers beside requests, traces and prompts. */
export const promptlayerForeigners: readonly Foreign[] = [
  {
    what: "acknowledgements of PromptLayer's API",
    hint: 'They say that something arrived, not what: ingest the request log, or the payloads that were sent.',
    detects: (record) =>
      isObject(record) &&
      typeof record.success === 'boolean' &&
      Object.keys(record).every((key) => acknowledgementKeys.has(key)),
  },
  {
    what: 'results of PromptLayer workflows',
    hint: 'They have no times, models and tokens: ingest the traces of the runs, GET /api/public/v2/traces/{trace_id}.',
    detects: (record) =>
      isObject(record) &&
      Object.keys(record).length > 0 &&
      Object.values(record).every((node) => isObject(node) && 'is_output_node' in node && 'value' in node),
  },
  {
    what: "calls of PromptLayer's API without content",
    hint: 'Ingest the request log, or the payloads of /track-request and /log-request.',
    detects: (record) => isObject(record) && (isLookup(record) || isWorkflowRun(record)),
  },
  {
    what: "prompts sent to PromptLayer's registry",
    hint: 'Only its answers have the numbers by which requests name a prompt: ingest GET /prompt-templates.',
    detects: (record) =>
      isObject(record) && isObject(record.prompt_template) && typeof record.prompt_template.prompt_name === 'string',
  },
  {
    what: 'analytics of PromptLayer',
    hint: 'They are sums over requests: ingest the request log itself.',
    detects: (record) => isObject(record) && isObject(record.chartInterval) && 'mostUsedModels' in record,
  },
]

/** What asks for a prompt or a group: a key, and which model the prompt is for. */
function isLookup(record: JsonObject): boolean {
  return 'api_key' in record && Object.keys(record).every((key) => lookupKeys.has(key))
}

function isWorkflowRun(record: JsonObject): boolean {
  return 'input_variables' in record && 'workflow_label_name' in record && 'workflow_version_number' in record
}

const lookupKeys = new Set([
  ...['api_key', 'provider', 'model', 'version', 'label', 'input_variables', 'metadata_filters'],
  ...['model_parameter_overrides', 'skip_input_variable_rendering'],
])

const acknowledgementKeys = new Set([
  ...['success', 'message', 'warning', 'id', 'request_id', 'prompt_blueprint', 'workflow_version_execution_id'],
  ...[
    'workflow',
    'workflows',
    'token_details',
    'spans',
    'request_logs',
    'rejected_span_ids',
    'rejected_trace_ids',
    'rejection_reason',
  ],
])
