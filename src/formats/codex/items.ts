import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import { itemsByCall } from '../openai/output.js'

/** Who wrote an item of the conversation: the model, or those who answer it; undefined for marks that say nothing. */
export function sideOf(item: JsonObject): 'model' | 'input' | undefined {
  const { type, role } = item
  if (type === 'message') return role === 'assistant' ? 'model' : 'input'
  if (typeof type !== 'string') return undefined
  if (type.endsWith('_output')) return 'input'
  return type === 'reasoning' || type.endsWith('_call') ? 'model' : undefined
}

/** An item without what nobody can read (encrypted reasoning) and what only the terminal needs; undefined if nothing is left. */
export function readable(item: JsonObject): Json | undefined {
  if (item.type === 'reasoning') {
    const parts = [item.summary, item.content].flatMap((list) => (Array.isArray(list) ? list : []))
    return parts.length === 0 ? undefined : { type: 'reasoning', summary: parts }
  }
  const { phase: _, internal_chat_message_metadata_passthrough: __, ...rest } = item
  return itemsByCall([rest])[0]
}

/** The text that a user typed; undefined for context that Codex puts in as if it were the user's. */
export function typedBy(item: JsonObject): string | undefined {
  if (item.type !== 'message' || item.role !== 'user') return undefined
  const said = textOfContent(item.content)
  return said === undefined || injected.test(said) ? undefined : said
}

const injected = /^\s*(?:<[a-z_]+[ >]|# AGENTS\.md)/

/** The text of a message's content. */
export function textOfContent(content: Json | undefined): string | undefined {
  if (typeof content === 'string') return content === '' ? undefined : content
  if (!Array.isArray(content)) return undefined
  const texts = content.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? [part.text] : []))
  return texts.length === 0 ? undefined : texts.join('\n')
}
