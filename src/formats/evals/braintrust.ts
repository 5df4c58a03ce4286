import type { ImportedCheck, ImportedRow } from '../../core/eval/imported.js'
import { isObject } from '../json.js'
import type { Row } from '../row.js'
import { known, numberOf, tagsOf, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

const lists = ['events', 'rows', 'data'] as const

/** Braintrust: the rows of an experiment; a result per score. */
export const braintrust: EvalFormat = {
  name: 'braintrust',
  title: 'Braintrust: the rows of an experiment (`POST /v1/experiment/{id}/fetch`, or its download as JSON or CSV)',
  containers: new Set(lists.map((list) => `/${list}`)),
  rows(record) {
    const list = lists.map((name) => record[name]).find(Array.isArray)
    return Array.isArray(list) ? list : [record]
  },
  detects: (row) =>
    (Object.hasOwn(row, 'experiment_id') && Object.hasOwn(row, 'span_id')) ||
    (isObject(row.scores) &&
      Object.hasOwn(row, 'input') &&
      (Object.hasOwn(row, 'expected') || Object.hasOwn(row, 'output'))),
  read,
}

function read(row: Row): ImportedRow | string | undefined {
  if (Object.hasOwn(row, '_is_merge') && !Object.hasOwn(row, '_xact_id'))
    return 'a fragment that an SDK sends: fetch the experiment itself'
  // The steps of a row (its task, its scorers) say nothing that the row does not.
  if (Array.isArray(row.span_parents) && row.span_parents.length > 0) return undefined
  const failure = isObject(row.error) ? (wordOf(row.error.message) ?? 'the task failed') : wordOf(row.error)
  const checks = checksOf(row, failure)
  if (checks.length === 0) return 'no scores'
  const metadata = isObject(row.metadata) ? row.metadata : {}
  const run = wordOf(row.experiment_id)
  return {
    run,
    target: wordOf(metadata.model) ?? (run === undefined ? undefined : `experiment ${run}`),
    caseId: wordOf(row.dataset_record_id) ?? (isObject(row.origin) ? wordOf(row.origin.id) : undefined),
    inputs: row.input ?? undefined,
    reference: row.expected ?? undefined,
    tags: tagsOf(row.tags),
    output: outputOf(row, failure),
    checks,
  }
}

/** A scorer that says null has declined to judge; where the task failed, nothing could be judged. */
function checksOf(row: Row, failure: string | undefined): ImportedCheck[] {
  const scores = isObject(row.scores) ? Object.entries(row.scores) : []
  if (scores.length === 0)
    return failure === undefined ? [] : [{ check: 'braintrust', outcome: 'error', reason: failure }]
  return scores.map(([check, value]) => {
    const score = numberOf(value)
    if (score !== undefined) return { check, score }
    if (failure !== undefined) return { check, outcome: 'error', reason: failure }
    return { check, outcome: 'unscored', reason: 'the scorer gave no score' }
  })
}

function outputOf(row: Row, failure: string | undefined): ImportedRow['output'] {
  const metrics = isObject(row.metrics) ? row.metrics : {}
  const [start, end] = [numberOf(metrics.start), numberOf(metrics.end)]
  return known({
    value: row.output ?? undefined,
    latencyMs: start === undefined || end === undefined ? undefined : (end - start) * 1000,
    costUsd: numberOf(metrics.estimated_cost),
    inputTokens: numberOf(metrics.prompt_tokens),
    outputTokens: numberOf(metrics.completion_tokens),
    failure,
  })
}
