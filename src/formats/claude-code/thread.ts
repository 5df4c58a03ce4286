import type { Attributes, Json, SpanStatus } from '../../core/span.js'
import type { GivenSpan } from '../add-span.js'
import { text } from '../dialects/readers.js'
import type { RawSpan } from '../format.js'
import { callSpan, type OpenCall } from './call.js'
import { blocksOf, isResult, type SaidLine, textOf } from './line.js'
import { contentOf, type OpenTool, resultOf, toolSpan } from './tool.js'

/** One conversation within a trace: a user's turn with the model, or a subagent's task. */
export interface Thread {
  traceId: string
  spanId: string
  parentId?: string
  session: string
  promptId?: string
  name: string
  startMs?: number
  endMs?: number
  /** The model or a tool did something in it. */
  isActive: boolean
  /** A user asked something of the model in it. */
  isAsked: boolean
  asked?: string
  answered?: string
  status: SpanStatus
  statusMessage?: string
  attributes: Attributes
  events: RawSpan['events']
  /** What goes into the next call: what was said since the last, and when. */
  pending: Json[]
  inputMs?: number
  retries: number
  call?: OpenCall
  tools: Map<string, OpenTool>
  /** The last lines, by which the next one is told to be of this conversation. */
  tail: string[]
}

const kept = ['cwd', 'gitBranch', 'version', 'entrypoint', 'userType', 'agentId', 'slug', 'attributionAgent']

/** A conversation that begins with `said`. */
export function openThread(said: SaidLine, given: Pick<Thread, 'traceId' | 'spanId' | 'parentId' | 'name'>): Thread {
  const attributes: Attributes = Object.create(null)
  for (const key of kept) {
    const value = said.line[key]
    if (typeof value === 'string' && value !== '') attributes[`claude-code.${key}`] = value
  }
  return {
    ...given,
    session: said.session,
    promptId: said.promptId,
    startMs: said.timeMs,
    endMs: said.timeMs,
    isActive: false,
    isAsked: false,
    status: 'unset',
    attributes,
    events: [],
    pending: [],
    retries: 0,
    tools: new Map(),
    tail: [],
  }
}

/** What a user, or a tool in a user's line, said: results end their tools, all of it goes into the next call. */
export function hear(thread: Thread, said: SaidLine, done: GivenSpan[]): void {
  note(thread, said)
  const blocks = blocksOf(said.message)
  for (const block of blocks) {
    if (!isResult(block)) continue
    const id = text(block.tool_use_id ?? null)
    if (id === undefined) continue
    const tool = thread.tools.get(id) ?? {}
    thread.tools.delete(id)
    done.push(toolSpan(id, { ...tool, ...resultOf(block, said) }, thread))
    thread.isActive = true
  }
  thread.pending.push({
    role: 'user',
    content: blocks.map((block) => (isResult(block) ? { ...block, content: contentOf(block) ?? null } : block)),
  })
  thread.inputMs = said.timeMs ?? thread.inputMs
}

/**
 * What the model said. One message is written as one line for each of its blocks, and every line repeats the message's id and
 * its usage so far: blocks are gathered, the last usage is the message's.
 */
export function answer(thread: Thread, said: SaidLine, done: GivenSpan[]): void {
  note(thread, said)
  thread.isActive = true
  const { message, line } = said
  const id = text(message.id ?? null) ?? text(line.requestId ?? null) ?? said.uuid
  if (id === undefined) return
  if (thread.call?.id !== id) {
    closeCall(thread, done)
    thread.call = {
      id,
      startMs: thread.inputMs,
      asked: thread.pending,
      blocks: [],
      retries: thread.retries,
      message,
      line,
    }
    thread.pending = []
    thread.retries = 0
  }
  const call = thread.call!
  const blocks = blocksOf(message)
  for (const block of blocks) {
    if (call.blocks.length < mostBlocks) call.blocks.push(block)
    if (block.type === 'tool_use') begin(thread, block, said, done)
  }
  Object.assign(call, { message: { ...call.message, ...withoutNull(message) }, line, endMs: said.timeMs ?? call.endMs })
  thread.answered = textOf(blocks) ?? thread.answered
  const reason = message.stop_reason
  if (reason === 'end_turn' || reason === 'stop_sequence') thread.status = thread.status === 'error' ? 'error' : 'ok'
}

const mostBlocks = 1000
const mostTools = 1000

function begin(thread: Thread, block: { [key: string]: Json }, said: SaidLine, done: GivenSpan[]): void {
  const id = text(block.id ?? null)
  if (id === undefined) return
  for (const [oldest, tool] of thread.tools) {
    if (thread.tools.size < mostTools) break
    thread.tools.delete(oldest)
    done.push(toolSpan(oldest, tool, thread))
  }
  thread.tools.set(id, { name: text(block.name ?? null), arguments: block.input, startMs: said.timeMs })
}

function note(thread: Thread, { timeMs, uuid }: SaidLine): void {
  if (timeMs !== undefined && (thread.endMs === undefined || timeMs > thread.endMs)) thread.endMs = timeMs
  if (uuid === undefined) return
  thread.tail.push(uuid)
  if (thread.tail.length > 64) thread.tail.shift()
}

function withoutNull(message: { [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null))
}

function closeCall(thread: Thread, done: GivenSpan[]): void {
  if (thread.call !== undefined) done.push(callSpan(thread.call, thread))
  thread.call = undefined
}

/** The rest of a conversation: its open call and tools, and the span that holds them. */
export function closeThread(thread: Thread, done: GivenSpan[]): void {
  closeCall(thread, done)
  for (const [id, tool] of thread.tools) done.push(toolSpan(id, tool, thread))
  thread.tools.clear()
  const { traceId, spanId, parentId, name, startMs, endMs, status, statusMessage, events, asked, answered } = thread
  done.push({
    traceId,
    spanId,
    parentId,
    name,
    startMs,
    endMs,
    status,
    statusMessage,
    events,
    attributes: thread.attributes,
    stated: {
      kind: 'agent',
      session: thread.session,
      workflow: 'claude-code',
      input: asked === undefined ? undefined : [{ role: 'user', content: asked }],
      output: answered === undefined ? undefined : [{ role: 'assistant', content: answered }],
    },
  })
}
