import type { ToolUse } from '../../core/eval/case.js'
import type { ImportedCheck, ImportedRow } from '../../core/eval/imported.js'
import type { Outcome } from '../../core/eval/result.js'
import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import type { Row } from '../row.js'
import { distinctNames, documentsOf, firstOf, known, numberOf, objectsIn, tagsOf, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

const lists = ['test_results', 'testResults', 'testCases', 'conversationalTestCases'] as const

/** DeepEval: a result per metric of each test case. */
export const deepeval: EvalFormat = {
  name: 'deepeval',
  title:
    'DeepEval: what evaluate() returns, as JSON (`test_results`), or the test run that `deepeval test run` leaves in ' +
    'DEEPEVAL_RESULTS_FOLDER or .deepeval (`testCases`)',
  containers: new Set([...lists, '/testRunData']),
  rows(record) {
    const document = isObject(record.testRunData) ? record.testRunData : record
    const found = lists.flatMap((name) => {
      const list = document[name]
      return Array.isArray(list) ? list : []
    })
    if (found.length === 0 && !lists.some((name) => Array.isArray(document[name]))) return [record]
    const { hyperparameters } = document
    return found.map((row) => (isObject(row) && isObject(hyperparameters) ? { hyperparameters, ...row } : row))
  },
  detects: (row) => Object.hasOwn(row, 'metricsData') || Object.hasOwn(row, 'metrics_data'),
  read,
}

function read(row: Row): ImportedRow | string {
  const checks = checksOf(row)
  if (checks.length === 0) return 'no metric, and nothing says whether the test passed'
  const inputs = firstOf(row, ['input', 'scenario'])
  const name = wordOf(row.name)
  const model = isObject(row.hyperparameters) ? wordOf(row.hyperparameters.model) : undefined
  if (name === undefined && inputs === undefined) return 'no case: it has neither a name nor an input'
  return {
    target: model,
    // Names that DeepEval gives are places in a list, which another run may order otherwise.
    caseId:
      name !== undefined && inputs !== undefined && /^(?:conversational_)?test_case_\d+$/.test(name) ? undefined : name,
    inputs,
    reference: firstOf(row, ['expected_output', 'expectedOutput', 'expectedOutcome', 'expected_outcome']),
    tags: tagsOf(row.tags),
    output: outputOf(row),
    checks,
  }
}

function checksOf(row: Row): ImportedCheck[] {
  const metrics = objectsIn(row.metricsData ?? row.metrics_data)
  if (metrics.length === 0)
    return typeof row.success === 'boolean' ? [{ check: 'deepeval', outcome: row.success ? 'pass' : 'fail' }] : []
  const names = distinctNames(metrics.map(({ name }) => wordOf(name) ?? 'metric'))
  return metrics.map((metric, index) => ({
    check: names[index]!,
    outcome: outcomeOfMetric(metric),
    score: numberOf(metric.score),
    threshold: numberOf(metric.threshold),
    reason: wordOf(metric.error) ?? wordOf(metric.reason),
  }))
}

/** An error is written down as no success. */
function outcomeOfMetric({ error, success, skipped, score }: JsonObject): Outcome | undefined {
  if (wordOf(error) !== undefined) return 'error'
  if (skipped === true) return 'unscored'
  if (numberOf(score) === undefined && success !== true) return 'error'
  return typeof success === 'boolean' ? (success ? 'pass' : 'fail') : undefined
}

function outputOf(row: Row): ImportedRow['output'] {
  const seconds = numberOf(firstOf(row, ['completionTime', 'completion_time']))
  const tools = row.toolsCalled ?? row.tools_called
  return known({
    value: firstOf(row, ['actualOutput', 'actual_output']),
    documents: documentsOf(row.retrievalContext ?? row.retrieval_context),
    tools: Array.isArray(tools) ? objectsIn(tools).map(toolOf) : undefined,
    latencyMs: seconds === undefined ? undefined : seconds * 1000,
    costUsd: numberOf(firstOf(row, ['tokenCost', 'token_cost'])),
    inputTokens: numberOf(row.inputTokenCount),
    outputTokens: numberOf(row.outputTokenCount),
  })
}

function toolOf(call: JsonObject): ToolUse {
  const argumentsOf: Json | undefined = firstOf(call, ['inputParameters', 'input_parameters'])
  return { name: wordOf(call.name) ?? 'tool', arguments: argumentsOf, result: call.output ?? undefined }
}
