import type { ChatMessage } from '../core/eval/judge.js'
import { type ChatCompletion, readCompletion } from './chat-answer.js'
import { isSafeForKey } from './endpoint.js'
import { type PostFailure, type PostOptions, postJson } from './post-json.js'
import { quoteStranger } from './stranger.js'

/** A server of the chat-completions form, and how patient we are with it. */
export interface ChatEndpoint extends Pick<PostOptions, 'timeoutMs' | 'retries' | 'sleep' | 'random'> {
  /** To which `/chat/completions` is added; as `readEndpoint` gave it. */
  url: URL
  /** Undefined where the server wants none. */
  key: string | undefined
}

export interface ChatRequest {
  model: string
  messages: readonly ChatMessage[]
  /** Other fields of the body: `temperature`, `max_tokens`, `response_format`, `seed` … */
  settings?: Readonly<Record<string, unknown>>
  /** The same for the same request, so that a server which knows it bills one that is sent again once. */
  idempotencyKey?: string
}

export interface ChatAnswer extends ChatCompletion {
  /** Of the last attempt, to the last byte of its answer. */
  latencyMs: number
  attempts: number
}

const limitBytes = 10_000_000

/** Asks a model. A failure is one line, without the key, whatever the server sends. */
export async function askChat(
  endpoint: ChatEndpoint,
  { model, messages, settings, idempotencyKey }: ChatRequest,
  signal?: AbortSignal,
): Promise<ChatAnswer | { failure: string }> {
  const { url, key, ...patience } = endpoint
  if (key !== undefined && !isSafeForKey(url))
    return { failure: 'a key is sent over http to this machine alone, to all others over https' }
  const headers = {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  }
  const posted = await postJson(
    completionsUrl(url),
    { ...settings, model, messages },
    { ...patience, headers, limitBytes, signal },
  )
  if ('failure' in posted) return { failure: sayFailure(posted, key) }
  const read = readCompletion({ ...posted, quote: (text) => quoteStranger(text, key) })
  return 'failure' in read ? read : { ...read, latencyMs: posted.latencyMs, attempts: posted.attempts }
}

/** Whoever gave the whole address meant it. */
function completionsUrl(base: URL): URL {
  const url = new URL(base)
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = path.endsWith('/chat/completions') ? path : `${path}/chat/completions`
  return url
}

/** With the server's own words, but not where it speaks of the key. */
function sayFailure({ failure, status, explanation }: PostFailure, key: string | undefined): string {
  if (explanation === undefined || status === 401 || status === 403) return failure
  const said = quoteStranger(explanation, key)
  return said === '' ? failure : `${failure}: ${said}`
}
