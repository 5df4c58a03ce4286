import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may speak to a receiver. */
export interface Door {
  /** True where it listens on loopback only: then a name that leads there from a web page is no name of it. */
  isLoopback: boolean
  token: string | undefined
}

export type Signal = 'traces' | 'metrics' | 'logs'
export type Encoding = 'json' | 'protobuf'

/** A request that may go on to its body. */
export interface Admitted {
  signal: Signal
  encoding: Encoding
}

/** Why one may not. */
export interface Refused {
  status: number
  message: string
  headers?: Record<string, string>
}

const signals = new Map<string, Signal>([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
])

const encodings = new Map<string, Encoding>([
  ['application/json', 'json'],
  ['application/x-protobuf', 'protobuf'],
])

export const contentTypes = { json: 'application/json', protobuf: 'application/x-protobuf' } as const

/** The encoding of a request's body, as its head says; undefined for one that OTLP does not know. */
export function encodingOf({ headers }: IncomingMessage): Encoding | undefined {
  return encodings.get((headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase())
}

/**
 * Judges a request by its head. Web pages are kept out: they cannot send these content types without asking first, they say
 * where they come from, and a name of theirs that leads to loopback stands in `Host`. A token counts in its header alone,
 * since addresses are logged on the way.
 */
export function admit(request: IncomingMessage, { isLoopback, token }: Door): Admitted | Refused {
  const { headers, method, url = '' } = request
  if (headers.origin !== undefined) return { status: 403, message: 'Web pages may not send here.' }
  if (isLoopback && !isOwnName(headers.host)) return { status: 403, message: 'Host names another machine than this.' }
  if (token !== undefined && !isToken(headers.authorization, token))
    return {
      status: 401,
      message: 'Send the token as Authorization: Bearer.',
      headers: { 'www-authenticate': 'Bearer' },
    }
  const signal = signals.get(url.split('?')[0]!)
  if (signal === undefined) return { status: 404, message: 'Send to /v1/traces.' }
  if (method !== 'POST') return { status: 405, message: 'Only POST is taken.', headers: { allow: 'POST' } }
  const encoding = encodingOf(request)
  if (encoding === undefined)
    return { status: 415, message: `Content-Type is none of ${Object.values(contentTypes).join(', ')}.` }
  return { signal, encoding }
}

function isOwnName(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host)
}

/** In a time that tells nothing of the token. */
function isToken(header: string | undefined, token: string): boolean {
  const [, given] = /^bearer +(\S+) *$/i.exec(header ?? '') ?? []
  const digest = (text: string) => hash('sha256', text, 'buffer')
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}
