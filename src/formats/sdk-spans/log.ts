import type { Attributes, Json } from '../../core/span.js'
import { addSpan } from '../add-span.js'
import { evaluationResult, inferenceDetails, readEvaluation } from '../dialects/genai.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, isShallow, type JsonObject } from '../json.js'
import { readPlainAttributes, readPlainTime } from '../plain-parts.js'
import { restoreBody } from './body.js'

/** True for a log record of an SDK: JavaScript's (which has two times in pairs) or one of AWS's log groups. */
export function isSdkLog(record: JsonObject): boolean {
  if (record.hrTime !== undefined && record.hrTimeObserved !== undefined) return true
  const hasTime = record.timeUnixNano !== undefined || record.observedTimeUnixNano !== undefined
  return hasTime && record.body !== undefined && typeof record.traceId === 'string'
}

/**
 * A log record is no span, but what it says of one counts: an evaluation's result is a score; the details of an inference, or a
 * body of messages, are the content of the span that it names, which merges by its ids. Any other is skipped as `logs`.
 */
export function readSdkLog(log: JsonObject, keys: KeyPaths, reading: Reading): void {
  const attributes: Attributes = Object.create(null)
  if (isShallow(log)) readPlainAttributes(log.attributes, attributes)
  const context: JsonObject = isObject(log.spanContext) ? log.spanContext : log
  const traceId = readId(context.traceId, 16)
  const spanId = readId(context.spanId, 8)
  const name = log.eventName ?? attributes['event.name']
  if (name === evaluationResult) {
    const score = readEvaluation(attributes, readPlainTime(log.hrTime ?? log.timeUnixNano).ms)
    if (score !== undefined) reading.scores.push({ ...score, traceId, spanId })
  }
  const body = isShallow(log) ? (log.body ?? log._body) : undefined
  if (traceId !== undefined && spanId !== undefined && (name === inferenceDetails || isConversation(body))) {
    const defaultKind = restoreBody(body, attributes)
    const none = { events: [], links: [], resource: Object.create(null) }
    addSpan(reading, { traceId, spanId, name: '', status: 'unset', attributes, defaultKind, ...none }, keys, '')
    // The log does not know its span's parent: what would follow from being a root is not known here.
    reading.spans = reading.spans.map((one) => ({ ...one, workflow: undefined }))
  }
  if (reading.spans.length === 0 && reading.scores.length === 0) reading.skipped.logs = 1
}

function isConversation(body: Json | undefined): boolean {
  return isObject(body) && (isObject(body.input) || isObject(body.output))
}
