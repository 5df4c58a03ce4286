import { addSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { type Calls, createCalls } from './calls.js'
import type { CodexLine } from './line.js'
import type { CodexSession } from './session.js'
import { createTools, type Tools } from './tools.js'
import { rootOf, type Turn } from './turn.js'

/** A turn while its lines come in. */
export interface OpenTurn {
  turn: Turn
  calls: Calls
  tools: Tools
}

/** The turns of one rollout, one after the other; of each only what is not complete is held. */
export interface Turns {
  open(): OpenTurn | undefined
  /** Ends the turn before. `id` is Codex's own; undefined, and nothing begun, where neither line nor session tells turns apart. */
  start(line: CodexLine, given: { id?: string; isMarked: boolean }, reading: Reading): OpenTurn | undefined
  /** The turn under way, or one that nothing marked. */
  of(line: CodexLine, reading: Reading): OpenTurn | undefined
  /** Gives away what is complete. */
  flush(reading: Reading): void
  finish(reading: Reading): void
}

/** The turns of one rollout, whose session is known by `session` once its line was read. */
export function createTurns(keys: KeyPaths, session: () => CodexSession | undefined): Turns {
  let open: OpenTurn | undefined
  let unmarked = 0
  /** The session whose turns these are, whose instructions were told. */
  let current: string | undefined
  let isCountFirst: { known?: boolean } = {}

  function start(line: CodexLine, { id, isMarked }: { id?: string; isMarked: boolean }, reading: Reading) {
    finish(reading)
    const { id: thread, instructions, provider } = session() ?? {}
    const mark = id ?? line.stamp ?? (thread === undefined ? undefined : String(++unmarked))
    if (mark === undefined) return undefined
    // Turns are numbered per session in old versions, and have an id of their own in today's, which a fork keeps.
    const traceId = id !== undefined && uuid.test(id) ? id : `${thread ?? 'rollout'}/${mark}`
    const turn: Turn = {
      traceId,
      id,
      isMarked,
      isActive: false,
      startMs: line.timeMs,
      status: 'unset',
      events: [],
      retries: 0,
    }
    const isFirst = thread !== current
    if (thread !== current) isCountFirst = {}
    current = thread
    const place = () => ({ traceId, parentId: traceId, model: turn.model, settings: turn.settings, provider })
    const system =
      isFirst && instructions !== undefined ? [{ type: 'message', role: 'system', content: instructions }] : []
    open = { turn, calls: createCalls(place, isCountFirst, system), tools: createTools(place) }
    return open
  }

  function give(reading: Reading, all: boolean): void {
    if (open === undefined) return
    if (all) open.calls.close()
    for (const span of [...open.calls.taken(), ...open.tools.taken(all)]) addSpan(reading, span, keys)
  }

  function finish(reading: Reading): void {
    give(reading, true)
    if (open !== undefined) addSpan(reading, rootOf(open.turn, session()), keys)
    open = undefined
  }

  return {
    open: () => open,
    start,
    of: (line, reading) => open ?? start(line, { isMarked: false }, reading),
    flush: (reading) => give(reading, false),
    finish,
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
