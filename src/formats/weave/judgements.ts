import type { Json, Score } from '../../core/span.js'
import { readFeedback } from '../dialects/feedback.js'
import type { Reading } from '../format.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { judgedValue, personsValue } from '../judged-value.js'
import { msOfMoment } from '../time.js'

type Target = Pick<Score, 'traceId' | 'spanId'>

/** Feedback on a call: a list of entries, or (in a table) payloads by type. Reactions, notes and annotations are people's. */
export function readWeaveFeedback(value: Json | undefined, target: Target, reading: Reading): void {
  const given = value === undefined ? null : unpack(value)
  if (given === null || given === '') return
  const entries: Json[] = Array.isArray(given)
    ? given
    : isObject(given)
      ? Object.keys(given).map((type) => ({ ...objectOf(given[type]), feedback_type: type }))
      : [given]
  for (const entry of entries) {
    const type = isObject(entry) ? textOf(entry.feedback_type) : undefined
    const payload = isObject(entry) ? unpack(entry.payload ?? null) : null
    if (!isObject(entry) || type === undefined || !isObject(payload))
      reading.problems.push('summary.weave.feedback: expected entries with feedback_type and payload; left out')
    else readEntry(type, payload, entry, target, reading)
  }
}

function readEntry(type: string, payload: JsonObject, entry: JsonObject, call: Target, reading: Reading): void {
  const target = { ...call, id: textOf(entry.id), timeMs: msOfMoment(entry.created_at) }
  const user = textOf(entry.creator)
  if (type.startsWith('wandb.reaction.')) {
    const label = textOf(payload.detoned) ?? textOf(payload.emoji)
    reading.feedback.push(readFeedback({ ...target, name: 'reaction', label }, user))
  } else if (type.startsWith('wandb.note.'))
    reading.feedback.push({ ...target, kind: 'comment', comment: textOf(payload.note), user })
  else if (type.startsWith('wandb.annotation.')) {
    const name = type.slice('wandb.annotation.'.length)
    reading.feedback.push(readFeedback({ ...target, name, ...personsValue(payload.value), source: 'human' }, user))
  } else if (type.startsWith('wandb.runnable.'))
    pushScores(type.slice('wandb.runnable.'.length), payload.output ?? null, target, reading)
  else pushScores(type, payload.value ?? payload, target, reading)
}

/** The verdicts of the scorers that an evaluation ran over one example. */
export function readWeaveScores(output: Json | undefined, target: Target, reading: Reading): void {
  const scores = isObject(output) ? output.scores : undefined
  if (isObject(scores)) for (const name of Object.keys(scores)) pushScores(name, scores[name]!, target, reading)
}

/** One score, or one for each number, text and yes or no that a scorer returned, `<scorer>.<key>`. */
function pushScores(name: string, value: Json, target: Omit<Score, 'name'>, reading: Reading, levels = 3): void {
  if (isObject(value) && levels > 0) {
    const comment = textOf(value.reason) ?? textOf(value.explanation) ?? textOf(value.rationale)
    const rest = Object.keys(value).filter((key) => !reasons.has(key) || textOf(value[key]) === undefined)
    for (const key of rest) {
      const id = target.id === undefined ? undefined : `${target.id}.${key}` // one entry, several scores
      pushScores(
        `${name}.${key}`,
        value[key]!,
        comment === undefined ? { ...target, id } : { ...target, id, comment },
        reading,
        levels - 1,
      )
    }
    return
  }
  const judged = judgedValue(value)
  if ((judged.value ?? judged.label) !== undefined) reading.scores.push({ ...target, name, ...judged })
}

const reasons = new Set(['reason', 'explanation', 'rationale'])

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
