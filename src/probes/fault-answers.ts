import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody, type Tally } from './received.js'

/** Timers that end with the server. */
export interface Timers {
  after(ms: number, act: () => void): void
  every(ms: number, act: () => void): void
  clear(): void
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  tally: Tally
  timers: Timers
  path: string | undefined
  answer: string | undefined
}

const slowMs = 2000
const dripMs = 1000
const page = `<!doctype html><title>Sign in to this network</title>${'<p>Please wait.</p>\n'.repeat(32_000)}`.slice(
  0,
  600_000,
)

/** Answers one request as the fault would, or as it should for `ok`, and counts what it was sent. */
export function answerTo(fault: string, exchange: Exchange): void {
  const { request, response, tally, path } = exchange
  request.on('error', () => {}) // a client that goes away
  response.on('error', () => {})
  if (fault === 'reset') {
    tally.addPost()
    request.once('data', () => request.socket.resetAndDestroy())
    request.once('end', () => request.socket.resetAndDestroy()) // it had no body
    return
  }
  const isTraces = path === undefined || (request.url ?? '').startsWith(path)
  void readBody(request).then((body) => {
    // What is asked with GET carries nothing; what is broken off came as far as it came.
    if (body === undefined) return
    if (isTraces && request.method === 'POST') tally.addBody(body, keeping.has(fault))
    const act = acts[fault] ?? statusOf(Number(fault))
    act(exchange)
  })
}

/** Faults under which the endpoint keeps what it is sent. */
const keeping = new Set(['ok', 'slow', 'half', 'drip'])

const acts: Record<string, (exchange: Exchange) => void> = {
  ok: answerWell,
  hang: () => {},
  slow: (exchange) => exchange.timers.after(slowMs, () => answerWell(exchange)),
  garbage: ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
  half({ response }) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
    response.write('{"partialSuccess":', () => response.socket?.end())
  },
  drip({ response, timers }) {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{')
    timers.every(dripMs, () => response.write(' '))
  },
}

/** An empty answer is a whole message in protobuf; other platforms want to read that all went well. */
function answerWell({ request, response, answer }: Exchange): void {
  const type = request.headers['content-type'] ?? ''
  if (type.includes('protobuf')) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  else response.writeHead(200, { 'content-type': 'application/json' }).end(answer ?? wellDone)
}

const wellDone = JSON.stringify({ success: true, successes: [], errors: [] })

function statusOf(status: number): (exchange: Exchange) => void {
  const more = status === 429 ? { 'retry-after': '30' } : {}
  return ({ response }) =>
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end('{"message":"out"}')
}
