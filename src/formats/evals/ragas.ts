import type { ImportedCheck, ImportedRow } from '../../core/eval/imported.js'
import type { Json } from '../../core/span.js'
import { isObject } from '../json.js'
import { unpackRepr } from '../python-repr.js'
import type { Row } from '../row.js'
import { documentsOf, firstOf, isNothing, known, numberOf, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

/** Columns that ragas gives its samples, and those that a table of them gets on the way: none is a metric. */
const sampleColumns: ReadonlySet<string> = new Set([
  'user_input',
  'response',
  'multi_responses',
  'reference',
  'retrieved_contexts',
  'reference_contexts',
  'retrieved_context_ids',
  'reference_context_ids',
  'reference_tool_calls',
  'reference_topics',
  'rubric',
  'rubrics',
  'persona_name',
  'query_style',
  'query_length',
  'synthesizer_name',
  'question',
  'answer',
  'contexts',
  'ground_truth',
  'ground_truths',
  'metadata',
  'id',
  'index',
  '',
])

/** Counts and durations that teams put beside metrics; `Unnamed: 0`, or a first column without a name, is the row number of pandas. */
const noMetric = /^Unnamed: \d+$|^column \d+$|latency|duration|tokens?$|cost|_ms$|_at$|time$|_id$/i

/** Metrics that ragas brings: one of them without a value is an evaluator that failed. */
const ownMetric =
  /^(?:nv_|llm_|non_llm_|id_based_|multi_modal_)?(?:faith|answer_|context_|response_|semantic_|factual_|noise_|tool_call|agent_goal|topic_|aspect_|bleu|rouge|chrf|string_|exact_match|datacompy|relevan|summar|rubric|domain_specific|instance_)/

/** ragas: a table with a row per sample, and a column of scores per metric. */
export const ragas: EvalFormat = {
  name: 'ragas',
  title:
    "ragas: `result.to_pandas().to_json('ragas.jsonl', orient='records', lines=True)`, `.to_json(…)` as it comes, or `.to_csv(…)`",
  containers: new Set(),
  rows(record) {
    const { user_input: inputs } = record
    return isObject(inputs) ? Object.keys(inputs).map((key) => rowAt(record, key)) : [record]
  },
  detects: (row) =>
    ['user_input', 'question'].some((name) => Object.hasOwn(row, name)) &&
    ['response', 'answer', 'retrieved_contexts', 'contexts'].some((name) => Object.hasOwn(row, name)) &&
    checksOf(row).length > 0,
  read,
}

/** A row of a table that is written column by column, as pandas does unless it is told otherwise. */
function rowAt(record: Row, key: string): { [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(record).map(([name, column]) => [
      name,
      isObject(column) && Object.hasOwn(column, key) ? column[key]! : null,
    ]),
  )
}

function read(row: Row): ImportedRow | string {
  const checks = checksOf(row)
  if (checks.length === 0) return 'no column holds a score'
  const inputs = firstOf(row, ['user_input', 'question'])
  const caseId = wordOf(row.id)
  if (inputs === undefined && caseId === undefined) return 'no case: it has neither a user_input nor an id'
  const contexts = firstOf(row, ['retrieved_contexts', 'contexts'])
  return {
    caseId,
    inputs,
    reference: firstOf(row, ['reference', 'ground_truth', 'ground_truths']),
    output: known({
      value: firstOf(row, ['response', 'answer']),
      documents: contexts === undefined ? undefined : documentsOf(unpackRepr(contexts)),
    }),
    checks,
  }
}

/** ragas writes nothing, or NaN, where an evaluator failed: an error, which must not leave the denominator. */
function checksOf(row: Row): ImportedCheck[] {
  return Object.entries(row).flatMap(([check, value]): ImportedCheck[] => {
    if (sampleColumns.has(check) || noMetric.test(check)) return []
    const score = numberOf(value)
    if (score !== undefined) return [{ check, score }]
    if (!isNothing(value)) return []
    return [ownMetric.test(check) ? { check, outcome: 'error', reason: 'no score' } : { check, mayBeNone: true }]
  })
}
