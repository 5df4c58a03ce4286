import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { onTestFinished } from 'vitest'
import { loadConfig } from '../src/config/load.js'
import { PilotError } from '../src/core/errors.js'
import type { ReceiveReport } from '../src/core/receive-report.js'
import { type ReceiveCommand, receive } from '../src/jobs/receive.js'
import { project } from './project.js'

export interface Got {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface Sent {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** Sends one request to a server on loopback; JSON to /v1/traces unless told. */
export function send(url: string, { method = 'POST', path = '/v1/traces', headers, body = '' }: Sent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const given = { 'content-type': 'application/json', ...headers }
    const request = httpRequest(new URL(path, url), { method, headers: given, agent: false }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(pieces) }),
      )
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

export interface Receiver {
  cwd: string
  url: string
  send(sent: Sent): Promise<Got>
  /** Stops it, or waits until it stops by itself. */
  stop(): Promise<ReceiveReport>
  ended: Promise<ReceiveReport>
}

/** A receiver on a free port of loopback, over a pilot of its own or the one in `cwd`; stopped with the test. */
export async function receiver(more: Partial<ReceiveCommand> = {}, cwd = project({})): Promise<Receiver> {
  const controller = new AbortController()
  let listening = (_: string) => {}
  const address = new Promise<string>((resolve) => {
    listening = resolve
  })
  const command: ReceiveCommand = {
    ...{ platform: undefined, host: '127.0.0.1', port: 0, token: undefined, forward: undefined },
    ...{ forMs: undefined, untilSpans: undefined, nowMs: () => Date.UTC(2026, 2, 3, 12) },
    ...{ signal: controller.signal, onListening: listening, onProgress: () => {} },
    ...more,
  }
  const ended = receive(loadConfig({ cwd, env: {} }), command)
  const stop = () => {
    controller.abort()
    return ended
  }
  onTestFinished(async () => {
    // A receiver that could not start has told its test so.
    await stop().catch((error: unknown) => {
      if (!(error instanceof PilotError)) throw error
    })
  })
  const url = await Promise.race([address, ended.then(({ address }) => address)])
  return { cwd, url, send: (sent) => send(url, sent), stop, ended }
}

/** A request of OTLP as JSON with these spans. */
const traces = (spans: readonly object[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeSpans: [{ scope: { name: 'made' }, spans }],
    },
  ],
})

export const idOf = (number: number, bytes: 16 | 8) => number.toString(16).padStart(bytes * 2, '0')

/** Spans of one trace, numbered from `first`. */
export const spansFrom = (first: number, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => ({
    traceId: idOf(first, 16),
    spanId: idOf(first + index, 8),
    name: 'answer',
    startTimeUnixNano: '1772445600000000000',
    endTimeUnixNano: '1772445601000000000',
    ...more,
  }))

export const bodyOf = (spans: readonly object[]) => JSON.stringify(traces(spans))
