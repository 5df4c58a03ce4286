import type { Json, Score } from '../../core/span.js'
import { readNumber } from '../dialects/documents.js'
import { readFeedback } from '../dialects/feedback.js'
import { text } from '../dialects/readers.js'
import type { Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { msOfMoment } from '../time.js'

/** The span or trace that annotations inside of it belong to. */
interface Target {
  traceId?: string
  spanId?: string
}

/** True for a row of `/span_annotations`, `/trace_annotations`, `/session_annotations`, of document annotations, or of their dataframes. */
export function isAnnotation(record: JsonObject): boolean {
  if (record.annotator_kind === undefined) return false
  const isNamed = record.name !== undefined || record.annotation_name !== undefined
  return isNamed && ['span_id', 'context.span_id', 'trace_id', 'session_id'].some((key) => record[key] !== undefined)
}

/** Annotations and notes that stand in a span or trace of the command line. */
export function readInnerAnnotations(holder: JsonObject, target: Target, at: string, reading: Reading): void {
  for (const key of ['annotations', 'notes']) {
    const list = holder[key]
    if (list === undefined || list === null) continue
    if (!Array.isArray(list)) reading.problems.push(`${at}${key}: expected a list`)
    else for (const [index, one] of list.entries()) readAnnotation(one, `${at}${key}.${index}.`, reading, target)
  }
}

/** One annotation: what a person judged is feedback, what a model or code did is a score. */
export function readAnnotation(annotation: Json, at: string, reading: Reading, target?: Target): void {
  const name = isObject(annotation) ? text(annotation.name ?? annotation.annotation_name ?? null) : undefined
  if (!isObject(annotation) || name === undefined) {
    reading.problems.push(`${at}name: expected text; annotation left out`)
    return
  }
  const kind = text(annotation.annotator_kind ?? null)?.toUpperCase()
  const source = kind === undefined ? undefined : sources.get(kind)
  if (source === undefined && kind !== undefined)
    reading.problems.push(`${at}annotator_kind: expected HUMAN, LLM or CODE`)
  const result = resultOf(annotation)
  const score: Score = {
    id: text(annotation.id ?? null),
    traceId: readId(annotation.trace_id ?? annotation['context.trace_id'], 16) ?? target?.traceId,
    spanId: readId(annotation.span_id ?? annotation['context.span_id'], 8) ?? target?.spanId,
    name,
    value: readNumber(result.score),
    label: text(result.label ?? null),
    comment: placed(text(result.explanation ?? null), annotation.document_position),
    source,
    timeMs: msOfMoment(annotation.updated_at) ?? msOfMoment(annotation.created_at),
  }
  if ((score.value ?? score.label ?? score.comment) === undefined)
    reading.problems.push(`${at}result: expected a score, label or explanation; annotation left out`)
  else if (source !== 'human') reading.scores.push(score)
  else
    reading.feedback.push(readFeedback(score, text(annotation.user_id ?? null) ?? text(annotation.identifier ?? null)))
}

const sources = new Map<string, Score['source']>([
  ['HUMAN', 'human'],
  ['LLM', 'model'],
  ['CODE', 'code'],
])

/** The result as an object, as columns `result.score` of a dataframe, or as plain columns of evaluations. */
function resultOf(annotation: JsonObject): { score?: Json; label?: Json; explanation?: Json } {
  const result = unpack(annotation.result ?? null)
  if (isObject(result)) return result
  const at = (name: string): Json | undefined => annotation[`result.${name}`] ?? annotation[name]
  return { score: at('score'), label: at('label'), explanation: at('explanation') }
}

/** A judgement of one retrieved document says which one, counted from 0. */
function placed(comment: string | undefined, position: Json | undefined): string | undefined {
  const number = readNumber(position)
  if (number === undefined) return comment
  return comment === undefined ? `document ${number}` : `document ${number}: ${comment}`
}
