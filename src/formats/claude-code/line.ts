import type { Json } from '../../core/span.js'
import { text } from '../dialects/readers.js'
import { isObject, type JsonObject } from '../json.js'
import { msOfMoment } from '../time.js'

/** A line of a transcript that is said: by a user, a tool or the model. */
export interface SaidLine {
  line: JsonObject
  message: JsonObject
  session: string
  /** Of the line; a message of the model has several. */
  uuid?: string
  parentUuid?: string
  /** One for each prompt of a user and all that follows from it, subagents included; newer versions write it. */
  promptId?: string
  /** The conversation of a subagent: by its own id, or by none in versions that wrote it between the lines of the main one. */
  isSidechain: boolean
  agentId?: string
  timeMs?: number
}

/** The parts of a line that is said; undefined for one that lacks its session or its message. */
export function readSaid(line: JsonObject): SaidLine | undefined {
  const session = text(line.sessionId ?? null)
  if (session === undefined || !isObject(line.message)) return undefined
  return {
    line,
    message: line.message,
    session,
    isSidechain: line.isSidechain === true,
    uuid: text(line.uuid ?? null),
    parentUuid: text(line.parentUuid ?? null),
    promptId: text(line.promptId ?? null),
    agentId: text(line.agentId ?? null),
    timeMs: msOfMoment(line.timestamp),
  }
}

/** The blocks of a message, text being one of them. */
export function blocksOf({ content }: JsonObject): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.filter(isObject) : []
}

/** The text of blocks. */
export function textOf(blocks: readonly JsonObject[]): string | undefined {
  const texts = blocks.flatMap((block) => (block.type === 'text' && typeof block.text === 'string' ? [block.text] : []))
  return texts.length === 0 ? undefined : texts.join('\n')
}

/** What a user's line is: a prompt, a command of the terminal's, an interruption, or something else that is handed to the model. */
export function roleOf({ line, message }: SaidLine): 'prompt' | 'command' | 'interruption' | 'context' {
  const blocks = blocksOf(message)
  if (line.isMeta === true || line.isCompactSummary === true || blocks.some(isResult)) return 'context'
  const said = textOf(blocks) ?? ''
  if (said.startsWith('[Request interrupted by user')) return 'interruption'
  if (said.startsWith('<command-') || said.startsWith('<bash-input>')) return 'command'
  return said.startsWith('<local-command-') || said.startsWith('<bash-std') || blocks.length === 0
    ? 'context'
    : 'prompt'
}

/** True for a tool's result. */
export const isResult = (block: JsonObject): boolean => block.type === 'tool_result'

const plainTypes = new Set<Json>([
  ...['queue-operation', 'permission-mode', 'mode', 'ai-title', 'custom-title', 'last-prompt', 'tag', 'agent-name'],
  ...['agent-color', 'agent-setting', 'pr-link', 'progress', 'cost-state', 'worktree-state', 'content-replacement'],
  ...['attribution-snapshot', 'speculation-accept', 'user', 'assistant', 'system', 'attachment', 'summary'],
])

/** What a line is; the oldest logs of usage have the model's messages alone, and no type. */
export function typeOf(line: JsonObject): Json | undefined {
  const { type, message } = line
  const isAnswer = type === undefined && isObject(message) && message.role === 'assistant' && isObject(message.usage)
  return isAnswer && line.timestamp !== undefined ? 'assistant' : type
}

/** True for a line of a transcript, said or not. */
export function isTranscriptLine(record: JsonObject): boolean {
  const type = typeOf(record)
  if (typeof type !== 'string') return false
  if (type === 'summary' && record.leafUuid !== undefined) return true
  if (type === 'file-history-snapshot') return record.snapshot !== undefined || record.messageId !== undefined
  return typeof record.sessionId === 'string' && plainTypes.has(type)
}
