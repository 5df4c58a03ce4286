import type { Json, SpanStatus } from '../../core/span.js'
import type { GivenSpan } from '../add-span.js'
import { text } from '../dialects/readers.js'
import type { RawSpan } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { messageOf } from '../openai/body.js'
import type { CodexSession } from './session.js'

/** One turn: what a user asked and all that Codex did until it answered. It is a trace. */
export interface Turn {
  traceId: string
  /** Codex's own id of it, where it has one. */
  id?: string
  /** Codex said where it began, and will say where it ends. */
  isMarked: boolean
  /** Something was done in it. */
  isActive: boolean
  startMs?: number
  endMs?: number
  model?: string
  settings?: Json
  asked?: string
  answered?: string
  status: SpanStatus
  statusMessage?: string
  events: RawSpan['events']
  /** How often the stream of an answer broke off and was asked for again. */
  retries: number
  /** The model that was asked first, where another answered in its place. */
  reroutedFrom?: string
}

/** Events that are kept with the turn. */
const told = new Set([
  'error',
  'stream_error',
  'warning',
  'turn_aborted',
  'model_reroute',
  'thread_rolled_back',
  'context_compacted',
])
const mostEvents = 100

/** True when the event stays with its turn. */
export function noteEvent(turn: Turn, event: JsonObject, timeMs: number | undefined): boolean {
  const { type, ...attributes } = event
  if (typeof type !== 'string' || !told.has(type)) return false
  if (turn.events.length < mostEvents) turn.events.push({ name: type, timeMs, attributes })
  if (type === 'stream_error') turn.retries += 1
  if (type === 'model_reroute') turn.reroutedFrom ??= text(event.from_model ?? null)
  if (type === 'error') Object.assign(turn, { status: 'error', statusMessage: messageOf(event) ?? 'error' })
  return true
}

/** What the end of a turn says of it: done, broken off, or failed. */
export function endTurn(turn: Turn, event: JsonObject, timeMs: number | undefined): void {
  turn.endMs = timeMs
  turn.answered = text(event.last_agent_message ?? null) ?? turn.answered
  if (event.type === 'turn_aborted') turn.statusMessage ??= text(event.reason ?? null) ?? 'aborted'
  else if (isObject(event.error) || typeof event.error === 'string') {
    turn.status = 'error'
    turn.statusMessage = messageOf(event.error)
  } else if (turn.status === 'unset') turn.status = 'ok'
}

/** The root of the turn's trace. */
export function rootOf(turn: Turn, session: CodexSession | undefined): GivenSpan {
  const { asked, answered } = turn
  return {
    traceId: turn.traceId,
    spanId: turn.traceId,
    name: 'turn',
    status: turn.status,
    statusMessage: turn.statusMessage,
    startMs: turn.startMs,
    endMs: turn.endMs,
    events: turn.events,
    attributes: session?.attributes ?? {},
    fallbackFrom: turn.reroutedFrom,
    stated: {
      retries: turn.retries > 0 ? turn.retries : undefined,
      kind: 'agent',
      workflow: 'codex',
      session: session?.session,
      service: session?.service,
      input: asked === undefined ? undefined : [{ role: 'user', content: asked }],
      output: answered === undefined ? undefined : [{ role: 'assistant', content: answered }],
    },
  }
}
