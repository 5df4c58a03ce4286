import type { ImportedCheck, ImportedRow } from '../../core/eval/imported.js'
import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import type { Row } from '../row.js'
import { isNothing, known, numberOf, objectsIn, outcomeOf, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

/** Inspect AI: a result per scorer of each sample; an epoch is a repeat. */
export const inspect: EvalFormat = {
  name: 'inspect',
  title: 'Inspect AI: a log as JSON (`inspect eval --log-format json`, or `inspect log dump <file>.eval > log.json`)',
  containers: new Set(['/samples']),
  rows(record) {
    const { samples } = record
    if (!Array.isArray(samples) || !isObject(record.eval)) return [record]
    const about = { model: record.eval.model ?? null, scorers: record.eval.scorers ?? null }
    return samples.map((sample) => (isObject(sample) ? { ...sample, eval: about } : sample))
  },
  detects: (row) => Object.hasOwn(row, 'epoch') && Object.hasOwn(row, 'id') && Object.hasOwn(row, 'target'),
  read,
}

function read(row: Row): ImportedRow | string {
  const caseId = wordOf(row.id)
  if (caseId === undefined) return 'the sample has no id'
  const about = isObject(row.eval) ? row.eval : {}
  const failure = isObject(row.error) ? (wordOf(row.error.message) ?? 'the sample ended in an error') : undefined
  // The first logs had one scorer, and no name for it.
  const scores = isObject(row.scores) ? row.scores : isObject(row.score) ? { score: row.score } : {}
  const checks = Object.entries(scores).flatMap(([name, score]) => checksOf(name, score))
  if (failure !== undefined) checks.push(...failedChecks(about, Object.keys(scores), failure))
  return {
    target: wordOf(about.model),
    caseId,
    repeat: numberOf(row.epoch),
    inputs: row.input ?? undefined,
    reference: row.target ?? undefined,
    output: outputOf(row, failure),
    checks,
  }
}

/** The scorers that never came to it, because the sample ended before. */
function failedChecks(about: JsonObject, scored: readonly string[], failure: string): ImportedCheck[] {
  const names = objectsIn(about.scorers).flatMap(({ name }) => wordOf(name) ?? [])
  const missing = names.filter((name) => !scored.includes(name))
  if (names.length === 0 && scored.length === 0) missing.push('inspect')
  return missing.map((check) => ({ check, outcome: 'error', reason: failure }))
}

function checksOf(name: string, score: Json): ImportedCheck[] {
  if (!isObject(score)) return [{ check: name, outcome: 'error', reason: 'the scorer left nothing' }]
  const reason = wordOf(score.explanation)
  const { value } = score
  const explained = (check: string, one: Json | undefined): ImportedCheck => {
    const judged = readValue(one)
    return { check, ...judged, reason: reason ?? judged.reason }
  }
  if (!isObject(value)) return [explained(name, value)]
  return Object.entries(value).map(([part, one]) => explained(`${name}/${part}`, one))
}

/** Inspect's own reading of values: correct, incorrect, partial and no answer are 1, 0, 0.5 and 0. Each is a pass or fail but the partial one. */
function readValue(value: Json | undefined): Pick<ImportedCheck, 'outcome' | 'score' | 'reason'> {
  if (value === 'C') return { outcome: 'pass', score: 1 }
  if (value === 'I' || value === 'N') return { outcome: 'fail', score: 0 }
  if (value === 'P') return { score: 0.5 }
  if (isNothing(value)) return { outcome: 'error', reason: 'no score' }
  const number = numberOf(value)
  if (number !== undefined) return { score: number }
  const outcome = outcomeOf(value)
  return outcome === undefined
    ? { outcome: 'unscored', reason: 'the value is neither a number nor a yes or no' }
    : { outcome }
}

function outputOf(row: Row, failure: string | undefined): ImportedRow['output'] {
  const output = isObject(row.output) ? row.output : {}
  const usage = isObject(output.usage) ? output.usage : {}
  const seconds = numberOf(row.total_time)
  return known({
    value: completionOf(output),
    latencyMs: seconds === undefined ? undefined : seconds * 1000,
    inputTokens: numberOf(usage.input_tokens),
    outputTokens: numberOf(usage.output_tokens),
    model: wordOf(output.model),
    failure,
  })
}

/** The text of the first choice, which stands in parts where the model answered in several. */
function completionOf(output: JsonObject): Json | undefined {
  const message = objectsIn(output.choices)[0]?.message
  const content = isObject(message) ? message.content : output.completion
  if (!Array.isArray(content)) return content ?? undefined
  const texts = objectsIn(content).flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
  return texts.length === 0 ? undefined : texts.join('')
}
