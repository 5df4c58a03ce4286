import type { Json } from '../../core/span.js'
import { text } from '../dialects/readers.js'
import { emptyReading, type KeyPaths, type Reading, type RecordReader } from '../format.js'
import { rowOf } from '../platform-row.js'
import { sideOf, textOfContent, typedBy } from './items.js'
import { type CodexLine, readLines } from './line.js'
import { type CodexSession, isCopiedTurn, readSession } from './session.js'
import { endTurn, noteEvent } from './turn.js'
import { createTurns } from './turns.js'
import { createCounts } from './usage.js'

const turnStarts = new Set<Json>(['task_started', 'turn_started'])
const turnEnds = new Set<Json>(['task_complete', 'turn_complete', 'turn_aborted'])
/** Ends of tools; other `_end` events repeat what items say. */
const toolEnds = new Set<Json>([
  ...[
    'exec_command_end',
    'patch_apply_end',
    'mcp_tool_call_end',
    'dynamic_tool_call_response',
    'collab_agent_spawn_end',
  ],
  ...['collab_agent_interaction_end', 'collab_waiting_end', 'collab_close_end', 'collab_resume_end'],
])

const copies = 'lines copied from the rollout that was forked'
const repeats = 'events that repeat what items say'

/** Reads one rollout in its order. Of it only the turn that is under way is held. */
export function openRollout(keys: KeyPaths): RecordReader {
  let session: CodexSession | undefined
  let isCopying = false
  /** Nothing but the session's own line was read. */
  let isHead = false
  /** When the copies of an old fork were written, which marks no turns: all at once. */
  let copiedAtMs: number | undefined
  const turns = createTurns(keys, () => session)
  const counts = createCounts()

  function isCopied({ timeMs }: CodexLine): boolean {
    const isLater = copiedAtMs !== undefined && timeMs !== undefined && timeMs > copiedAtMs + 1000
    if (isLater && turns.open() === undefined) isCopying = false
    return isCopying
  }

  function readMeta(line: CodexLine, reading: Reading): void {
    const found = readSession(line.payload)
    if (found === undefined) reading.problems.push('session_meta: expected an id')
    else if (session === undefined || (found.id !== session.id && !isForkedFrom(found, session))) {
      // Several rollouts in one file.
      turns.finish(reading)
      session = found
      isCopying = false
      isHead = true
    } else if (found.id !== session.id) {
      copiedAtMs = line.timeMs
      isCopying = true
      skip(reading, copies)
    }
  }

  /** A fork begins with its own line, and then that of the session which it copies: an older one. */
  function isForkedFrom(found: CodexSession, own: CodexSession): boolean {
    return (isHead || isCopying) && (found.startMs ?? 0) <= (own.startMs ?? Number.POSITIVE_INFINITY)
  }

  /** A turn with an id of its own, unless it is another rollout's. */
  function begin(line: CodexLine, id: string, isMarked: boolean, reading: Reading): void {
    isCopying = isCopiedTurn(session, id, line.payload.started_at)
    if (isCopying) turns.finish(reading)
    else turns.start(line, { id, isMarked }, reading)
  }

  function readContext(line: CodexLine, reading: Reading): void {
    const { turn_id, model, effort } = line.payload
    const id = text(turn_id ?? null)
    if (id !== undefined && turns.open()?.turn.id !== id) begin(line, id, false, reading)
    const into = isCopied(line) ? undefined : turns.of(line, reading)
    if (into === undefined) {
      skip(reading, copies)
      return
    }
    into.turn.model = text(model ?? null) ?? into.turn.model
    into.turn.settings = effort === undefined || effort === null ? undefined : { reasoning_effort: effort }
  }

  function readStart(line: CodexLine, reading: Reading): void {
    const id = text(line.payload.turn_id ?? null)
    if (id !== undefined) begin(line, id, true, reading)
    else if (!isCopied(line)) turns.start(line, { isMarked: true }, reading)
    if (isCopying) skip(reading, copies)
  }

  function readEvent(line: CodexLine, reading: Reading): void {
    const type = line.payload.type ?? null
    const open = turns.open()
    if (type === 'token_count') readCount(line, reading)
    else if (turnStarts.has(type)) readStart(line, reading)
    else if (isCopied(line)) skip(reading, copies)
    else if (type === 'user_message') readTyped(line, text(line.payload.message ?? null), reading)
    else if (turnEnds.has(type) && open !== undefined) {
      noteEvent(open.turn, line.payload, line.timeMs)
      endTurn(open.turn, line.payload, line.timeMs)
      turns.finish(reading)
    } else if (toolEnds.has(type)) turns.of(line, reading)?.tools.end(line)
    else if (open === undefined || !noteEvent(open.turn, line.payload, line.timeMs)) skip(reading, repeats)
  }

  function readCount(line: CodexLine, reading: Reading): void {
    if (line.payload.info === undefined) {
      skip(reading, 'token counts of an unknown shape')
      return
    }
    const usage = counts.next(line.payload.info)
    const isOther = isCopied(line)
    const into = isOther || usage === undefined ? undefined : turns.of(line, reading)
    if (into === undefined || usage === undefined) {
      skip(reading, isOther ? copies : 'token counts that repeat the one before')
      return
    }
    into.turn.isActive = true
    into.calls.usage(line, usage)
    turns.flush(reading)
  }

  /** Without marks a new turn begins where a user speaks again after Codex did. */
  function readTyped(line: CodexLine, said: string | undefined, reading: Reading): void {
    const before = turns.open()?.turn
    const isNext = before === undefined || (!before.isMarked && before.isActive)
    const into = isNext ? turns.start(line, { isMarked: false }, reading) : turns.open()
    if (into === undefined) return
    into.turn.model ??= before?.model
    into.turn.asked ??= said
  }

  function readItem(line: CodexLine, reading: Reading): void {
    const side = sideOf(line.payload)
    const typed = typedBy(line.payload)
    const isOther = isCopied(line)
    if (typed !== undefined && !isOther) readTyped(line, typed, reading)
    const into = isOther || side === undefined ? undefined : turns.of(line, reading)
    if (into === undefined) {
      skip(reading, isOther ? copies : side === undefined ? 'marks between items' : 'items of no session')
      return
    }
    if (side === 'model') into.turn.isActive = true
    if (side === 'model' && line.payload.type === 'message')
      into.turn.answered = textOfContent(line.payload.content) ?? into.turn.answered
    into.calls.item(line)
    into.tools.item(line)
    if (!into.turn.isMarked) into.turn.endMs = line.timeMs ?? into.turn.endMs
    turns.flush(reading)
  }

  function readCompaction(line: CodexLine, reading: Reading): void {
    const open = isCopied(line) ? undefined : turns.open()
    if (open !== undefined) noteEvent(open.turn, { type: 'context_compacted' }, line.timeMs)
    open?.calls.close()
    skip(reading, isCopying ? copies : 'compactions')
  }

  function readOne(line: CodexLine, reading: Reading): void {
    if (line.type !== 'session_meta') isHead = false
    if (line.type === 'session_meta') readMeta(line, reading)
    else if (line.type === 'turn_context') readContext(line, reading)
    else if (line.type === 'event_msg') readEvent(line, reading)
    else if (line.type === 'response_item') readItem(line, reading)
    else if (line.type === 'compacted') readCompaction(line, reading)
    else skip(reading, isCopied(line) ? copies : 'lines that describe the workspace')
  }

  return {
    read(record) {
      const reading = emptyReading()
      const row = rowOf(record, reading)
      if (row !== undefined) for (const line of readLines(row)) readOne(line, reading)
      return reading
    },
    end() {
      const reading = emptyReading()
      turns.finish(reading)
      return reading
    },
  }
}

function skip(reading: Reading, reason: string): void {
  reading.skipped[reason] = (reading.skipped[reason] ?? 0) + 1
}
