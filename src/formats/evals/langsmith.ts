import type { ImportedCheck, ImportedRow } from '../../core/eval/imported.js'
import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import type { Row } from '../row.js'
import { msOfMoment } from '../time.js'
import { isNothing, known, numberOf, objectsIn, outcomeOf, tagsOf, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

const lists = ['examples_with_runs', 'runs', 'results'] as const

/** LangSmith: the runs of an experiment; a result per key of feedback. */
export const langsmith: EvalFormat = {
  name: 'langsmith',
  title:
    'LangSmith: an experiment as `results.to_pandas().to_json(…, orient="records")` or `.to_csv(…)`, as the rows of evaluate(), ' +
    'or as its runs with feedback_stats (`list_runs`, `examples_with_runs`)',
  containers: new Set(lists.map((list) => `/${list}`)),
  rows(record) {
    if (isObject(record.run)) return [record]
    // An example holds its runs, and its outputs are the reference.
    if (Array.isArray(record.runs) && isObject(record.inputs)) return runsOf(record)
    const list = lists.map((name) => record[name]).find(Array.isArray)
    if (!Array.isArray(list)) return [record]
    return list.flatMap((row) =>
      isObject(row) && Array.isArray(row.runs) && isObject(row.inputs) ? runsOf(row) : [row],
    )
  },
  detects: (row) =>
    (isObject(row.run) && isObject(row.example)) ||
    (Object.hasOwn(row, 'reference_example_id') && Object.hasOwn(row, 'feedback_stats')) ||
    Object.keys(row).some((key) => key.startsWith('feedback.')),
  read: (row) =>
    isObject(row.run) ? readRun(row.run, row) : Object.hasOwn(row, 'feedback_stats') ? readRun(row, {}) : readFlat(row),
}

function runsOf(example: Row): Json[] {
  const { runs, ...rest } = example
  return objectsIn(runs).map((run) => ({ run, example: rest }))
}

function readRun(run: Row, { example, evaluation_results }: Row): ImportedRow | string {
  const failure = wordOf(run.error)
  const given = isObject(evaluation_results) ? objectsIn(evaluation_results.results) : []
  const stats = isObject(run.feedback_stats) ? Object.entries(run.feedback_stats) : []
  const scored = given.length > 0 ? given.map(checkOf) : stats.flatMap(([key, value]) => checkOfStats(key, value))
  const checks = withFailure(scored, failure)
  if (checks.length === 0) return 'no feedback'
  const about = isObject(example) ? example : {}
  const [start, end] = [msOfMoment(run.start_time), msOfMoment(run.end_time)]
  const experiment = wordOf(run.session_id)
  return {
    run: experiment,
    target: experiment === undefined ? undefined : `experiment ${wordOf(run.session_name) ?? experiment}`,
    caseId: wordOf(run.reference_example_id) ?? wordOf(about.id),
    inputs: about.inputs ?? run.inputs ?? undefined,
    reference: about.outputs ?? undefined,
    tags: tagsOf(run.tags),
    output: known({
      value: run.outputs ?? undefined,
      latencyMs: start === undefined || end === undefined ? undefined : end - start,
      costUsd: numberOf(run.total_cost),
      inputTokens: numberOf(run.prompt_tokens),
      outputTokens: numberOf(run.completion_tokens),
      failure,
    }),
    checks,
  }
}

/** A row of the table that the SDK makes: `inputs.question`, `outputs.answer`, `reference.answer`, `feedback.correct`. */
function readFlat(row: Row): ImportedRow | string {
  const failure = wordOf(row.error)
  const scored = Object.entries(under(row, 'feedback.') ?? {}).map(([key, value]) =>
    isNothing(value) ? { check: key, mayBeNone: true } : { check: key, ...feedbackValue(value) },
  )
  const checks = withFailure(scored, failure)
  if (checks.length === 0) return 'no column that begins with feedback.'
  const seconds = numberOf(row.execution_time)
  return {
    caseId: wordOf(row.example_id),
    inputs: under(row, 'inputs.'),
    reference: under(row, 'reference.'),
    output: known({
      value: under(row, 'outputs.'),
      latencyMs: seconds === undefined ? undefined : seconds * 1000,
      failure,
    }),
    checks,
  }
}

function under(row: Row, prefix: string): JsonObject | undefined {
  const members = Object.entries(row).filter(([key]) => key.startsWith(prefix))
  if (members.length === 0) return undefined
  return Object.fromEntries(members.map(([key, value]) => [key.slice(prefix.length), value]))
}

/** Where the run failed, a key without a value could not be judged, and one without a key is known as the platform's. */
function withFailure(checks: ImportedCheck[], failure: string | undefined): ImportedCheck[] {
  if (failure === undefined) return checks
  if (checks.length === 0) return [{ check: 'langsmith', outcome: 'error', reason: failure }]
  return checks.map((check) => (check.mayBeNone ? { ...check, reason: failure } : check))
}

function checkOf({ key, score, value: word, comment }: JsonObject): ImportedCheck {
  const stated = isNothing(score) ? word : score
  const { reason, ...value } = feedbackValue(stated)
  return { check: wordOf(key) ?? 'feedback', ...value, reason: wordOf(comment) ?? reason }
}

/** `{ n, avg, values: { word: times } }`; one that nothing was given for is none. */
function checkOfStats(key: string, stats: Json): ImportedCheck[] {
  if (!isObject(stats) || numberOf(stats.n) === 0) return []
  const words = isObject(stats.values) ? Object.keys(stats.values) : []
  return [{ check: key, ...feedbackValue(stats.avg ?? (words.length === 1 ? words[0] : null)) }]
}

function feedbackValue(value: Json | undefined): Pick<ImportedCheck, 'outcome' | 'score' | 'reason'> {
  if (isNothing(value)) return { outcome: 'error', reason: 'no score' }
  const score = numberOf(value)
  if (score !== undefined) return { score }
  const outcome = outcomeOf(value)
  return outcome === undefined
    ? { outcome: 'unscored', reason: 'the value is neither a number nor a yes or no' }
    : { outcome }
}
