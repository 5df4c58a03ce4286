import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exitCodes, PilotError } from '../core/errors.js'
import { isLoopback } from './endpoint.js'
import { admit, contentTypes, type Encoding, encodingOf, type Refused, type Signal } from './otlp-door.js'
import { encodeResponse, encodeStatus, type PartialSuccess } from './otlp-protobuf.js'
import { type BodyFault, bodyReader } from './read-body.js'

/** A request that came through whole. */
export interface OtlpRequest {
  signal: Signal
  encoding: Encoding
  /** Unpacked. */
  body: Buffer
  /** As it was sent, with the headers that say how to read it. */
  sent: { body: Buffer; headers: Record<string, string> }
}

/** What it is answered: taken, wholly or less what `partialSuccess` says; or why not. */
export type OtlpAnswer = { partialSuccess: PartialSuccess | undefined } | Refused

export interface OtlpServerOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  token: string | undefined
  limits?: Partial<typeof otlpLimits>
  answer(request: OtlpRequest): Promise<OtlpAnswer>
  /** A request that was not taken, by whomever it was refused. */
  onRefused(refused: Refused): void
  /** What `answer` threw; the client hears of an internal error. */
  onError(error: unknown): void
}

export interface OtlpServer {
  host: string
  port: number
  /** Takes no more, lets those that were begun end within so many milliseconds, and cuts off the rest. */
  close(withinMs: number): Promise<void>
}

/** 20 MiB is what OTLP recommends. */
export const otlpLimits = {
  maxBytes: 20 * 1024 ** 2,
  maxHeldBytes: 100 * 1024 ** 2,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
  maxConnections: 128,
}

const busy = { 'retry-after': '1' }

/** Receives OTLP over HTTP. Throws `PilotError` (exit 3) where the address cannot be had. */
export async function listenOtlp(options: OtlpServerOptions): Promise<OtlpServer> {
  const limits = { ...otlpLimits, ...options.limits }
  const readBody = bodyReader(limits)
  const door = { isLoopback: isLoopback(urlOf(options.host, options.port)), token: options.token }
  let isClosing = false
  let begun = 0

  async function take(request: IncomingMessage): Promise<OtlpAnswer> {
    if (isClosing) return { status: 503, message: 'The receiver is stopping.', headers: busy }
    const admitted = admit(request, door)
    if ('status' in admitted) return admitted
    const body = await readBody(request)
    if (typeof body === 'string') return faults(limits.maxBytes)[body]
    try {
      const sent = { body: body.raw, headers: headersOf(request) }
      return await options.answer({ ...admitted, body: body.plain, sent })
    } catch (error) {
      options.onError(error)
      return { status: 500, message: 'Internal error.' }
    } finally {
      body.release()
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    begun += 1
    try {
      const answer = await take(request)
      if ('status' in answer) options.onRefused(answer)
      send(response, encodingOf(request) ?? 'json', answer, isClosing)
      request.resume()
    } catch {
      response.destroy() // the client went away while it was sending: nobody is left to be told
    } finally {
      begun -= 1
    }
  }

  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, limits.headersTimeoutMs),
      noDelay: true,
    },
    (request, response) => void serve(request, response),
  )
  server.maxConnections = limits.maxConnections
  server.timeout = limits.idleTimeoutMs
  // Longer than the time between two batches of an application, which would else meet a connection that is just being closed.
  server.keepAliveTimeout = limits.idleTimeoutMs
  const { address, port } = await listen(server, options)

  return {
    host: address,
    port,
    close: async (withinMs) => {
      isClosing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const deadline = performance.now() + withinMs
      while (begun > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), Math.max(100, deadline - performance.now()))
      await closed
      clearTimeout(cut)
    },
  }
}

/** `http://127.0.0.1:4318`. */
export function urlOf(host: string, port: number): URL {
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`)
}

async function listen(server: Server, { host, port }: OtlpServerOptions): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, resolve)
  }).catch((error: NodeJS.ErrnoException) => {
    const { host: name } = urlOf(host, port)
    const [says, hint] = failures[error.code ?? ''] ?? [`cannot be listened on: ${error.code}`, undefined]
    throw new PilotError(`${name} ${says}.`, { ...(hint && { hint }), exitCode: exitCodes.io })
  })
  return server.address() as AddressInfo // it listens on a port, not on a pipe
}

const failures: Record<string, [says: string, hint: string]> = {
  EADDRINUSE: ['is taken by another program', '--port takes another one; 0 takes any that is free.'],
  EACCES: ['is not for this user', '--port takes another one, from 1024 on.'],
  EADDRNOTAVAIL: ['is no address of this machine', '--listen takes one that it has.'],
}

function faults(maxBytes: number): Record<BodyFault, Refused> {
  const limit = `${maxBytes / 1024 ** 2} MiB`
  return {
    'too large': { status: 413, message: `The body is larger than ${limit}, unpacked. Send smaller batches.` },
    'too many': { status: 503, message: 'Too much at one time.', headers: busy },
    damaged: { status: 400, message: 'The body cannot be unpacked to its end.' },
    'unknown encoding': { status: 415, message: 'Content-Encoding is none of gzip, zstd.' },
  }
}

/** What tells a body's meaning; nothing else is kept of a request's headers. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const { 'content-type': type = '', 'content-encoding': encoding } = headers
  return { 'content-type': type, ...(encoding !== undefined && { 'content-encoding': encoding }) }
}

/** Codes of `google.rpc.Code`; clients go by the HTTP status. */
const rpcCodes: Record<number, number> = { 401: 16, 403: 7, 404: 5, 413: 8, 500: 13, 503: 14 }
const invalidArgument = 3

function send(response: ServerResponse, encoding: Encoding, answer: OtlpAnswer, isLast: boolean): void {
  const isTaken = !('status' in answer)
  const body = isTaken
    ? responseBody(encoding, answer.partialSuccess)
    : statusBody(encoding, rpcCodes[answer.status] ?? invalidArgument, answer.message)
  response.writeHead(isTaken ? 200 : answer.status, {
    'content-type': contentTypes[encoding],
    'content-length': body.length,
    ...(isTaken ? {} : answer.headers),
    ...(isLast && { connection: 'close' }),
  })
  response.end(body)
}

function responseBody(encoding: Encoding, partialSuccess: PartialSuccess | undefined): Uint8Array {
  if (encoding === 'protobuf') return encodeResponse(partialSuccess)
  if (partialSuccess === undefined) return Buffer.from('{}')
  // OTLP's JSON writes 64-bit integers as text.
  return Buffer.from(
    JSON.stringify({ partialSuccess: { ...partialSuccess, rejectedSpans: String(partialSuccess.rejectedSpans) } }),
  )
}

function statusBody(encoding: Encoding, code: number, message: string): Uint8Array {
  return encoding === 'protobuf' ? encodeStatus(code, message) : Buffer.from(JSON.stringify({ code, message }))
}
