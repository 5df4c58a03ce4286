import type { Json } from '../core/span.js'

/** What one JSON value of a server says: a whole completion, or one event of a stream of them. */
export interface Piece {
  /** Undefined where there is no content, or none that is text. */
  text: string | undefined
  /** '' where the model did not refuse. */
  refusal: string
  callsTool: boolean
  finishReason: string | undefined
  model: string | undefined
  usage: Json | undefined
}

/** What went wrong in place of a reply; `said` are the server's own words. */
export interface Fault {
  fault: string
  said?: string
}

/** Reads the first choice of a completion or of one event of it (an event may have no choice). */
export function readPiece(value: Json, kind: 'whole' | 'event'): Piece | Fault {
  const error = fieldOf(value, 'error')
  if (error) return { fault: 'it says', said: typeof error === 'string' ? error : JSON.stringify(error) }
  const choices = fieldOf(value, 'choices')
  const first = Array.isArray(choices) ? choices[0] : undefined
  if (kind === 'whole' && first === undefined)
    return { fault: Array.isArray(choices) ? 'its choices are empty' : 'it has no choices' }
  const message = fieldOf(first, 'message') ?? fieldOf(first, 'delta')
  const calls = fieldOf(message, 'tool_calls')
  return {
    text: readContent(fieldOf(message, 'content')),
    refusal: textOf(fieldOf(message, 'refusal')) ?? '',
    callsTool: Array.isArray(calls) && calls.length > 0,
    finishReason: textOf(fieldOf(first, 'finish_reason')),
    model: textOf(fieldOf(value, 'model')),
    usage: fieldOf(value, 'usage') ?? undefined,
  }
}

/** A field of an object; undefined where it has none of that name, or is none. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && Object.hasOwn(value, name) ? value[name] : undefined
}

/** Text, or the text parts of a list of parts. */
function readContent(content: Json | undefined): string | undefined {
  if (!Array.isArray(content)) return textOf(content)
  const texts = content.flatMap((part) => textOf(fieldOf(part, 'text')) ?? [])
  return texts.length > 0 ? texts.join('') : undefined
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
