import type { Attributes, SpanKind, SpanStatus } from '../../core/span.js'
import type { RawSpan } from '../format.js'
import { type Draft, textOf } from './draft.js'
import { count, text } from './readers.js'

/** Exceptions by which runtimes end work that nobody waits for any more: control flow, not failure. */
const controlFlow =
  /(?:CancelledError|CanceledError|CanceledException|CancellationException|GeneratorExit|StopIteration|AbortError)$/

/**
 * Success means "not error". An error status stands. So does an explicit ok. An unset status becomes an error by an exception
 * event or an ERROR level; and, on spans of model work, by `error.type` or an HTTP status ≥ 400.
 *
 * Plain HTTP spans keep the verdict of their instrumentation: a proxy's hop answers 500 with its status unset, since the failure
 * belongs to the service behind it, which says so itself.
 */
export function resolveStatus(draft: Draft, kind: SpanKind): { status: SpanStatus; statusMessage?: string } {
  const { raw } = draft
  const failure = raw.events.find(isFailure)
  const failed =
    raw.status === 'error' || (raw.status === 'unset' && (failure !== undefined || showsError(raw.attributes, kind)))
  const message = raw.statusMessage ?? textOf(draft, 'statusMessage')
  if (!failed) return { status: raw.status, statusMessage: message }
  const stated =
    message ?? (failure?.attributes && describe(failure.attributes)) ?? text(raw.attributes['error.type'] ?? null)
  return { status: 'error', statusMessage: stated }
}

function isFailure({ name, attributes }: RawSpan['events'][number]): boolean {
  const type = attributes?.['exception.type']
  return name === 'exception' && !(typeof type === 'string' && controlFlow.test(type))
}

function showsError(attributes: Attributes, kind: SpanKind): boolean {
  const level = attributes['langfuse.observation.level']
  if (typeof level === 'string' && level.toUpperCase() === 'ERROR') return true
  if ((count(attributes['logfire.level_num'] ?? null) ?? 0) >= 17) return true
  if (kind === 'other') return false
  if (text(attributes['error.type'] ?? null) !== undefined) return true
  return (count(attributes['http.response.status_code'] ?? attributes['http.status_code'] ?? null) ?? 0) >= 400
}

function describe(exception: Attributes): string | undefined {
  const type = text(exception['exception.type'] ?? null)
  const message = text(exception['exception.message'] ?? null)
  return type !== undefined && message !== undefined ? `${type}: ${message}` : (type ?? message)
}
