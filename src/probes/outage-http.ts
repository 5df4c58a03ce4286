import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { PilotError } from '../core/errors.js'
import type { AnsweredRequest } from '../core/probes/outage.js'

/** The application's own endpoint, on this machine. */
export interface Callee {
  url: URL
  /** Posted as JSON; without it the url is read. */
  body: string | undefined
  /** Sees the lines that the application prints, until one says that it is ready. */
  watch(): Watcher
}

export interface Watcher {
  onLine(line: string): void
  /** Undefined where no line tells it: then its port does. */
  isReady(): boolean | undefined
}

/** A watcher for a line that contains a text, or for none. */
export function readyLine(text: string | undefined): () => Watcher {
  return () => {
    let isReady = false
    return {
      onLine(line) {
        if (text !== undefined && line.includes(text)) isReady = true
      },
      isReady: () => (text === undefined ? undefined : isReady),
    }
  }
}

interface Calls {
  requests: number
  limitMs: number
  watcher: Watcher
  /** When the application has ended. */
  ended: Promise<unknown>
  add(request: AnsweredRequest, atMs: number): void
}

const pollMs = 20
const mostAnswer = 10_000_000

/** Throws `PilotError` where something listens already: it would answer in place of the application. */
export async function requireFree(url: URL): Promise<void> {
  if (await isListening(url))
    throw new PilotError(`Something listens at ${url.host} already.`, {
      hint: 'The probe starts the application itself, once for each fault: end the one that runs.',
    })
}

/** Waits until the application is ready, and calls it so many times, one after the other. Stops where it has ended. */
export async function callWorkload(callee: Callee, { requests, limitMs, watcher, ended, add }: Calls): Promise<void> {
  const untilMs = performance.now() + limitMs
  let hasEnded = false
  void ended.then(
    () => {
      hasEnded = true
    },
    () => {
      hasEnded = true
    },
  )
  const isOver = () => hasEnded || performance.now() > untilMs
  while (!isOver() && !(watcher.isReady() ?? (await isListening(callee.url)))) await wait(pollMs)
  for (let number = 1; number <= requests && !isOver(); number += 1) {
    const startedMs = performance.now()
    const called = await call(callee, untilMs - startedMs)
    const atMs = performance.now()
    if (called !== undefined) add({ number, ms: atMs - startedMs, ...called }, atMs)
  }
}

/** What one call is answered; undefined where there is no answer. */
function call({ url, body }: Callee, timeoutMs: number): Promise<Pick<AnsweredRequest, 'ok' | 'answer'> | undefined> {
  return new Promise((resolve) => {
    const request = httpRequest(
      url,
      { method: body === undefined ? 'GET' : 'POST', headers: body === undefined ? {} : json, agent: false },
      (response) => {
        const hash = createHash('sha256')
        let bytes = 0
        response.on('data', (piece: Buffer) => {
          bytes += piece.length
          if (bytes > mostAnswer) response.destroy()
          else hash.update(piece)
        })
        const status = response.statusCode ?? 0
        response.on('end', () => resolve({ ok: status < 400, answer: `${status} ${hash.digest('hex').slice(0, 16)}` }))
        response.on('error', () => resolve(undefined))
      },
    )
    const timer = setTimeout(() => request.destroy(), timeoutMs)
    request.on('error', () => resolve(undefined))
    request.on('close', () => {
      clearTimeout(timer)
      resolve(undefined)
    })
    request.end(body)
  })
}

const json = { 'content-type': 'application/json' }

function isListening({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) })
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.setTimeout(1000, () => end(false))
  })
}
