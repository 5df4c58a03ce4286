import type { ImportedCheck, ImportedRow } from '../../core/eval/imported.js'
import { isObject, type JsonObject } from '../json.js'
import type { Row } from '../row.js'
import { isNothing, known, numberOf, outcomeOf, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

/** OpenAI evals: the events of a run; `match` and `metrics` are results, the first `sampling` of a sample has its prompt. */
export const openaiEvals: EvalFormat = {
  name: 'openai-evals',
  title: 'OpenAI evals (the open-source runner): the log of `oaieval … --record_path run.jsonl`',
  containers: new Set(),
  rows: (record) => [record],
  detects: (row) =>
    (typeof row.sample_id === 'string' && typeof row.type === 'string' && isObject(row.data)) ||
    (isObject(row.spec) && (Object.hasOwn(row.spec, 'completion_fns') || Object.hasOwn(row.spec, 'eval_name'))),
  read,
}

function read(row: Row): ImportedRow | string | undefined {
  if (isObject(row.spec)) return { run: wordOf(row.spec.run_id), target: targetOf(row.spec), checks: [] }
  if (Object.hasOwn(row, 'final_report')) return undefined
  const caseId = wordOf(row.sample_id)
  if (caseId === undefined || !isObject(row.data)) return 'an event without sample_id or data'
  const about = { run: wordOf(row.run_id), caseId }
  const { data, type } = row
  if (type === 'sampling') return { ...about, inputs: data.prompt ?? undefined, checks: [] }
  if (type === 'error') return { ...about, ...errorOf(data) }
  if (type === 'metrics') return { ...about, checks: metricsOf(data) }
  if (type !== 'match') return undefined
  const outcome = outcomeOf(data.correct)
  return {
    ...about,
    reference: data.expected ?? undefined,
    output: known({ value: data.sampled ?? data.picked ?? undefined }),
    checks: [
      { check: 'match', outcome: outcome ?? 'error', reason: outcome ? undefined : 'the match says no correct' },
    ],
  }
}

function targetOf({ completion_fns }: JsonObject): string | undefined {
  if (!Array.isArray(completion_fns)) return wordOf(completion_fns)
  return completion_fns.flatMap((name) => wordOf(name) ?? []).join(', ') || undefined
}

function errorOf({ message, type }: JsonObject): Pick<ImportedRow, 'output' | 'checks'> {
  const failure = wordOf(message) ?? wordOf(type) ?? 'the sample ended in an error'
  return { output: { failure }, checks: [{ check: 'match', outcome: 'error', reason: failure }] }
}

function metricsOf(data: JsonObject): ImportedCheck[] {
  return Object.entries(data).flatMap(([check, value]): ImportedCheck[] => {
    if (typeof value === 'boolean') return [{ check, outcome: value ? 'pass' : 'fail' }]
    if (isNothing(value)) return [{ check, mayBeNone: true }]
    return typeof value === 'number' ? [{ check, score: numberOf(value) }] : []
  })
}
