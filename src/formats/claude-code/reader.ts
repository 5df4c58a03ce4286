import { addSpan, type GivenSpan } from '../add-span.js'
import { text } from '../dialects/readers.js'
import { emptyReading, type KeyPaths, type Reading, type RecordReader } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { rowOf } from '../platform-row.js'
import { msOfMoment } from '../time.js'
import { blocksOf, readSaid, roleOf, type SaidLine, textOf, typeOf } from './line.js'
import { answer, closeThread, hear, openThread, type Thread } from './thread.js'

const mostAgents = 64
const mostEvents = 100

/** Reads one transcript in its order. Of it only the turn that is under way is held, and of that only what is not complete. */
export function openTranscript(keys: KeyPaths): RecordReader {
  let turn: Thread | undefined
  const agents = new Map<string, Thread>()

  function finish(done: GivenSpan[]): void {
    for (const agent of agents.values()) closeThread(agent, done)
    agents.clear()
    // A command of the terminal's that asked nothing of the model is no turn.
    if (turn !== undefined && (turn.isActive || turn.isAsked)) closeThread(turn, done)
    turn = undefined
  }

  /** The turn of the main conversation that `said` belongs to. */
  function turnOf(said: SaidLine, done: GivenSpan[]): Thread | undefined {
    const role = said.line.type === 'user' ? roleOf(said) : undefined
    const isPrompt = role === 'prompt' || role === 'command'
    const isOther = said.promptId !== undefined && turn?.promptId !== undefined && said.promptId !== turn.promptId
    const isNew = isPrompt && (said.promptId === undefined || said.promptId !== turn?.promptId)
    const isNext = turn === undefined || said.session !== turn.session || isNew || isOther
    if (isNext) {
      const mark = said.promptId ?? said.uuid ?? text(said.message.id ?? null)
      if (mark === undefined) return undefined
      finish(done)
      const traceId = idOf(mark, said.session)
      turn = openThread(said, { traceId, spanId: traceId, name: 'turn' })
    }
    if (isPrompt && turn !== undefined) turn.asked ??= textOf(blocksOf(said.message))
    if (role === 'prompt' && turn !== undefined) turn.isAsked = true
    if (role === 'interruption' && turn !== undefined)
      Object.assign(turn, { status: 'unset', statusMessage: 'interrupted' })
    return turn
  }

  /** The subagent that `said` belongs to. A file of a subagent's own knows its turn by the prompt alone. */
  function agentOf(said: SaidLine, done: GivenSpan[]): Thread | undefined {
    const [known, found] = findAgent(said)
    const isOther = said.promptId !== undefined && found?.promptId !== undefined && said.promptId !== found.promptId
    if (found !== undefined && !isOther) return found
    if (found !== undefined) closeThread(found, done)
    const mark = said.agentId ?? known ?? said.uuid
    if (mark === undefined) return undefined
    const traceId =
      said.promptId !== undefined
        ? idOf(said.promptId, said.session)
        : (turn?.traceId ?? `${said.session}/agent/${mark}`)
    const asked = textOf(blocksOf(said.message))
    const name = text(said.line.attributionAgent ?? null) ?? 'subagent'
    const agent = openThread(said, { traceId, spanId: `agent/${mark}`, parentId: parentOf(traceId, asked), name })
    agent.asked = asked
    agents.set(mark, agent)
    for (const [oldest, one] of agents) {
      if (agents.size <= mostAgents) break
      agents.delete(oldest)
      closeThread(one, done)
    }
    return agent
  }

  function findAgent(said: SaidLine): [string | undefined, Thread | undefined] {
    if (said.agentId !== undefined) return [said.agentId, agents.get(said.agentId)]
    if (said.parentUuid === undefined) return [said.uuid, undefined]
    for (const [mark, agent] of agents) if (agent.tail.includes(said.parentUuid)) return [mark, agent]
    return [said.uuid, undefined]
  }

  /** The tool call that gave a subagent its task, by the task's text; else the turn. */
  function parentOf(traceId: string, asked: string | undefined): string | undefined {
    if (turn === undefined || turn.traceId !== traceId) return undefined
    for (const [id, tool] of turn.tools)
      if (asked !== undefined && isObject(tool.arguments) && tool.arguments.prompt === asked) return id
    return turn.spanId
  }

  function readLine(line: JsonObject, reading: Reading, done: GivenSpan[]): void {
    const type = typeOf(line)
    if (type !== 'user' && type !== 'assistant') {
      readOther(line, reading)
      return
    }
    const said = readSaid(line)
    if (said === undefined) {
      reading.problems.push('message: expected an object; line left out')
      return
    }
    if (type === 'assistant' && said.message.model === '<synthetic>') {
      readLocal(said, reading)
      return
    }
    const thread = said.isSidechain ? agentOf(said, done) : turnOf(said, done)
    if (thread === undefined) reading.problems.push('uuid: expected text; line left out')
    else if (type === 'assistant') answer(thread, said, done)
    else {
      hear(thread, said, done)
      linkAgent(thread, said, done)
    }
  }

  /** A result that names its subagent hangs it below the call, whichever file its conversation is in. */
  function linkAgent(thread: Thread, { line, message }: SaidLine, done: GivenSpan[]): void {
    const result = isObject(line.toolUseResult) ? line.toolUseResult : {}
    const agentId = text(result.agentId ?? null)
    const call = text(blocksOf(message).find((block) => block.type === 'tool_result')?.tool_use_id ?? null)
    if (agentId === undefined || call === undefined) return
    const { traceId } = thread
    done.push({ traceId, spanId: `agent/${agentId}`, parentId: call, name: 'subagent', stated: { kind: 'agent' } })
  }

  /** What Claude Code says in the model's place: that the API failed, or nothing. */
  function readLocal(said: SaidLine, reading: Reading): void {
    const thread = (said.agentId === undefined ? undefined : agents.get(said.agentId)) ?? turn
    if (said.line.isApiErrorMessage === true && thread !== undefined) {
      thread.status = 'error'
      thread.statusMessage = textOf(blocksOf(said.message))
      thread.isActive = true
      thread.endMs = said.timeMs ?? thread.endMs
    }
    skip(reading, 'messages that Claude Code wrote in place of an answer')
  }

  function readOther(line: JsonObject, reading: Reading): void {
    const { type, subtype } = line
    if (type === 'system' && turn !== undefined) {
      if (subtype === 'api_error') turn.retries += 1
      if (subtype === 'turn_duration' && typeof line.durationMs === 'number')
        turn.attributes['claude-code.duration_ms'] = line.durationMs
      if ((subtype === 'compact_boundary' || subtype === 'api_error') && turn.events.length < mostEvents)
        turn.events.push({ name: subtype, timeMs: msOfMoment(line.timestamp), attributes: detailsOf(line) })
    }
    skip(reading, type === 'summary' ? 'summaries' : 'lines that hold no message')
  }

  function collect(work: (reading: Reading, done: GivenSpan[]) => void): Reading {
    const reading = emptyReading()
    const done: GivenSpan[] = []
    work(reading, done)
    for (const span of done) addSpan(reading, span, keys)
    return reading
  }

  return {
    read: (record) =>
      collect((reading, done) => {
        const line = rowOf(record, reading)
        if (line !== undefined) readLine(line, reading, done)
      }),
    end: () => collect((_, done) => finish(done)),
  }
}

/** Ids of prompts are UUIDs, which a resumed session keeps when it copies its history; any other is the session's own. */
function idOf(mark: string, session: string): string {
  return uuid.test(mark) ? mark : `${session}/${mark}`
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function detailsOf(line: JsonObject): JsonObject {
  const details: JsonObject = Object.create(null)
  for (const key of ['compactMetadata', 'error', 'retryAttempt', 'maxRetries', 'retryInMs', 'cause'])
    if (line[key] !== undefined && line[key] !== null) details[key] = line[key]!
  return details
}

function skip(reading: Reading, reason: string): void {
  reading.skipped[reason] = (reading.skipped[reason] ?? 0) + 1
}
