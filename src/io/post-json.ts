import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, type Post, postOnce, type Refusal } from './post-once.js'

export interface PostOptions {
  headers?: Record<string, string>
  /** For each attempt, to the last byte of its answer. */
  timeoutMs: number
  /** Of the answer. */
  limitBytes: number
  /** Attempts after the first. */
  retries: number
  signal?: AbortSignal | undefined
  /** Ends early, by throwing or not, when the signal does. */
  sleep?: ((ms: number, signal: AbortSignal | undefined) => Promise<void>) | undefined
  /** In [0, 1). */
  random?: (() => number) | undefined
  /** Statuses after which to try again, where they are not the usual ones. */
  retryStatuses?: ReadonlySet<number>
}

/** The answer; its latency is the last attempt's. */
export interface Posted extends Answer {
  attempts: number
}

/** Why there is none: the last attempt's reason. */
export interface PostFailure extends Pick<Refusal, 'status' | 'explanation'> {
  failure: string
  attempts: number
  /** True where the same request may pass later. */
  isRetryable: boolean
}

const firstDelayMs = 500
const longestDelayMs = 30_000
const longestRetryAfterMs = 60_000
const pause = (ms: number, signal: AbortSignal | undefined) => wait(ms, undefined, { signal })

/** Posts JSON, as `postBody` does. */
export function postJson(url: URL, body: unknown, options: PostOptions): Promise<Posted | PostFailure> {
  const headers = { ...options.headers, 'content-type': 'application/json', accept: 'application/json' }
  return postBody(url, JSON.stringify(body), { ...options, headers })
}

/**
 * Posts a body. What may pass is tried again (408, 409, 429, 5xx, network failures, time-outs), after the time that the server
 * asks for (at most 60 s), else 0.5 s, 1 s, 2 s … to 30 s, of which a random half is left out. Never throws for what the
 * server does.
 */
export async function postBody(url: URL, body: Post['body'], options: PostOptions): Promise<Posted | PostFailure> {
  const { timeoutMs, limitBytes, retries, signal, sleep = pause, random = Math.random, retryStatuses } = options
  const headers = readHeaders(options.headers)
  if (!headers) return { failure: 'a key or header holds a character that none may', attempts: 0, isRetryable: false }
  const post = { url, headers, body, timeoutMs, limitBytes, signal }
  for (let attempts = 1; ; attempts++) {
    if (signal?.aborted) return { failure: 'interrupted', attempts: attempts - 1, isRetryable: true }
    const answer = await postOnce(post)
    if (!('failure' in answer)) return { ...answer, attempts }
    const { failure, retryAfter, ...more } = answer
    const { status } = answer
    const isRetryable = answer.isRetryable && (status === undefined || (retryStatuses?.has(status) ?? true))
    if (!isRetryable || attempts > retries || signal?.aborted)
      return {
        failure: attempts > 1 ? `${failure} after ${attempts} attempts` : failure,
        attempts,
        ...more,
        isRetryable,
      }
    await untilAborted(sleep(retryAfterMs(retryAfter) ?? backOffMs(attempts, random()), signal), signal)
  }
}

/** Undefined where one of them is no header; the error would show it. */
function readHeaders(given: Record<string, string> = {}): Headers | undefined {
  try {
    return new Headers(given)
  } catch {
    return undefined // a TypeError with the value in its text
  }
}

function backOffMs(attempts: number, random: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (attempts - 1)) * (1 - random / 2)
}

/** What a `Retry-After` header asks for, in seconds or as a date (RFC 9110, section 10.2.3). */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(longestRetryAfterMs, Math.max(0, ms))
}

async function untilAborted(sleep: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep
  } catch (error) {
    if (!signal?.aborted) throw error
  }
}
