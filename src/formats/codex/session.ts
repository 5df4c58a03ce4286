import type { Attributes, Json } from '../../core/span.js'
import { text } from '../dialects/readers.js'
import { isObject, type JsonObject } from '../json.js'
import { msOfMoment } from '../time.js'

/** What a rollout says of itself. */
export interface CodexSession {
  id: string
  /** The conversation as its user knows it. */
  session: string
  startMs?: number
  provider?: string
  service?: string
  instructions?: string
  attributes: Attributes
}

const kept = [
  ...['cwd', 'cli_version', 'source', 'git', 'forked_from_id', 'parent_thread_id', 'agent_nickname', 'agent_role'],
  ...['agent_path', 'thread_source'],
]

/** The session of a session_meta line; undefined when it has no id. */
export function readSession(meta: JsonObject): CodexSession | undefined {
  const id = text(meta.id ?? meta.session_id ?? null)
  if (id === undefined) return undefined
  const attributes: Attributes = Object.create(null)
  for (const key of kept) if (meta[key] !== undefined && meta[key] !== null) attributes[`codex.${key}`] = meta[key]!
  const instructions = isObject(meta.base_instructions) ? meta.base_instructions.text : meta.instructions
  return {
    id,
    session: parentOf(meta) ?? text(meta.session_id ?? null) ?? id,
    startMs: msOfMoment(meta.timestamp),
    provider: text(meta.model_provider ?? null),
    service: text(meta.originator ?? null),
    instructions: typeof instructions === 'string' && instructions !== '' ? instructions : undefined,
    attributes,
  }
}

/** The thread that spawned this one, if it is a subagent's: for the user both are one conversation. */
function parentOf({ source, parent_thread_id }: JsonObject): string | undefined {
  if (!isObject(source) || source.subagent === undefined) return undefined
  const spawn = isObject(source.subagent) ? source.subagent.thread_spawn : undefined
  return text((isObject(spawn) ? spawn.parent_thread_id : undefined) ?? parent_thread_id ?? null)
}

/** When a UUID of version 7 was made, in epoch milliseconds; undefined for any other id. */
function madeMs(id: Json | undefined): number | undefined {
  if (typeof id !== 'string' || !version7.test(id)) return undefined
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * True for a turn that a fork took over from another rollout: it began before this session. Its lines are copies with new times,
 * and its calls were paid for in the other file.
 */
export function isCopiedTurn(
  session: CodexSession | undefined,
  turnId: string | undefined,
  startedAt: Json | undefined,
): boolean {
  const began = madeMs(session?.id) ?? session?.startMs
  const started = madeMs(turnId) ?? msOfMoment(startedAt)
  if (began === undefined || started === undefined) return false
  // `started_at` is in whole seconds.
  return started < (madeMs(turnId) === undefined ? Math.floor(began / 1000) * 1000 : began)
}
