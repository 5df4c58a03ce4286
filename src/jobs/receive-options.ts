import { isIP } from 'node:net'
import { PilotError } from '../core/errors.js'
import { isLoopback, isSafeForKey, readEndpoint } from '../io/endpoint.js'
import type { ForwardTarget } from '../io/forward.js'
import { urlOf } from '../io/otlp-http.js'
import { readKey } from './eval/endpoints.js'

type Env = Readonly<Record<string, string | undefined>>

/** Shorter ones can be guessed. */
const shortestToken = 16

/** Where to listen, and whether only this machine reaches it. Throws `PilotError` for what is no address, and for one that others reach without a token. */
export function readListen(written: string, token: string | undefined): { host: string; isLoopback: boolean } {
  if (isIP(written) === 0 || written.includes('%'))
    throw new PilotError('--listen takes an address of this machine.', { hint: 'Such as 127.0.0.1, ::1 or 0.0.0.0.' })
  const isOwn = isLoopback(urlOf(written, 0))
  if (!isOwn && token === undefined)
    throw new PilotError(`Whoever reaches ${written} could write into the store.`, {
      hint: 'Ask for a token: --token-env NAME, the environment variable that holds it.',
    })
  return { host: written, isLoopback: isOwn }
}

/** The token that clients must send; undefined where none is asked for. Throws `PilotError` where it is not set, or short. */
export function readToken(name: string | undefined, env: Env): string | undefined {
  const token = readKey(name, env)
  if (token === undefined) return undefined
  if (token.length < shortestToken || !/^[\x21-\x7e]+$/.test(token))
    throw new PilotError(
      `The token in ${name} is no token: ${shortestToken} characters or more, none of them a space.`,
      {
        hint: `export ${name}=$(openssl rand -hex 16)`,
      },
    )
  return token
}

/** Where requests are sent on to. Throws `PilotError` where that is no address, is the receiver itself, or its keys would be read on the way. */
export function readForward(
  written: string,
  { headersEnv, env, port }: { headersEnv: string | undefined; env: Env; port: number },
): ForwardTarget {
  const base = readEndpoint(written)
  const headers = readHeaders(headersEnv, env)
  if (Object.keys(headers).length > 0 && !isSafeForKey(base))
    throw new PilotError(`${base.host} is not asked over https, and the headers would be read on the way.`, {
      hint: 'Use https, or a server on this machine.',
    })
  if (isLoopback(base) && Number(base.port) === port)
    throw new PilotError('--forward names the receiver itself.', { hint: 'Name the platform, or another --port.' })
  return { base, headers }
}

/** Headers as OTEL_EXPORTER_OTLP_HEADERS writes them: `name=value,name=value`, values percent-encoded. Errors never quote them. */
function readHeaders(name: string | undefined, env: Env): Record<string, string> {
  const text = readKey(name, env)
  if (text === undefined) return {}
  const pairs = text.split(',').map((pair) => /^\s*([\w!#$%&'*+.^`|~-]+)\s*=(.*)$/s.exec(pair))
  const headers = new Map<string, string>()
  for (const pair of pairs) {
    const value = pair ? decoded(pair[2]!.trim()) : undefined
    if (!pair || value === undefined)
      throw new PilotError(`${name} holds no headers.`, {
        hint: 'Write them like authorization=Bearer%20KEY,x-team=a.',
      })
    headers.set(pair[1]!.toLowerCase(), value)
  }
  return Object.fromEntries(headers)
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined // a stray percent sign
  }
}
