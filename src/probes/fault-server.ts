import { createServer as createHttp, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net'
import { createServer as createTls } from 'node:tls'
import type { Received } from '../core/probes/outage.js'
import { answerTo, type Timers } from './fault-answers.js'
import { createTally, type Tally } from './received.js'

/** What stands in for the platform in one run. */
export interface FaultServer {
  /** For the SDK: an http or https address on loopback, or one that does not exist. */
  endpoint: string
  /** Told how far the workload is, from 0 to 1: some faults come and go with it. */
  onProgress(done: number): void
  /** All that came so far. */
  received(): Received
  close(): Promise<void>
}

export interface FaultOptions {
  /** It ends by itself after this many milliseconds. */
  lifeMs: number
  /** Only what is posted below this path are traces. */
  path: string | undefined
  /** What it answers while it works, where that is not an answer of OTLP. */
  answer: string | undefined
  /** How long `recovery` refuses, from the first time that it is asked; milliseconds. */
  recoverAfterMs: number
}

/** From the share of the requests on, a fault that comes or goes in the middle of the run does so. */
const middle = 0.5
const mostConnections = 100_000
const nowhere = 'http://pilot-outage-probe.invalid'

/** Starts the stand-in with a fault, or with `ok`, on a free port of 127.0.0.1. */
export async function startFaultServer(fault: string, options: FaultOptions): Promise<FaultServer> {
  const tally = createTally()
  if (fault === 'dns') return unreachable(nowhere, tally)
  if (fault === 'refused') return unreachable(`http://127.0.0.1:${await freePort()}`, tally)
  // A server without a certificate shares no cipher with anybody: every handshake fails.
  if (fault === 'tls') return listening('https', { server: createTls({}), tally, options })
  return httpServer(fault, options, tally)
}

function unreachable(endpoint: string, tally: Tally): FaultServer {
  return { endpoint, onProgress: () => {}, received: () => tally.received(), close: async () => {} }
}

async function freePort(): Promise<number> {
  const server = createTcp()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function httpServer(fault: string, options: FaultOptions, tally: Tally): Promise<FaultServer> {
  const timers = createTimers()
  let isMiddle = false
  const isOut = outage(() => isMiddle, options.recoverAfterMs)
  const effective = () => {
    if (fault === 'dies') return 'ok'
    if (fault !== 'recovery') return fault
    const isBack = !isOut()
    tally.setBack(isBack)
    return isBack ? 'ok' : '503'
  }
  const server = createHttp((request, response) =>
    answerTo(effective(), { request, response, tally, timers, path: options.path, answer: options.answer }),
  )
  const started = await listening('http', { server, tally, options })
  return {
    ...started,
    onProgress(done) {
      if (done < middle || isMiddle) return
      isMiddle = true
      if (fault === 'dies') void started.close()
    },
    async close() {
      timers.clear()
      await started.close()
    },
  }
}

/**
 * Whether the platform is still out when it is asked: until the middle of the workload. One that sends nothing before, since
 * it sends in batches, is refused for a while from the first time that it does.
 */
function outage(isMiddle: () => boolean, recoverAfterMs: number): () => boolean {
  let firstMs: number | undefined
  let wasAskedBefore = false
  return () => {
    firstMs ??= performance.now()
    if (!isMiddle()) wasAskedBefore = true
    return !isMiddle() || (!wasAskedBefore && performance.now() - firstMs < recoverAfterMs)
  }
}

interface Parts {
  server: HttpServer | Server
  tally: Tally
  options: FaultOptions
}

async function listening(scheme: string, { server, tally, options }: Parts): Promise<FaultServer> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    if (connections > mostConnections) socket.destroy()
    sockets.add(socket)
    socket.on('error', () => {}) // whoever is cut off has an error, which is what is wanted
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  const port = await listen(server)
  const close = async () => {
    clearTimeout(life)
    for (const socket of sockets) socket.resetAndDestroy()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  const life = setTimeout(() => void close(), options.lifeMs).unref()
  return { endpoint: `${scheme}://127.0.0.1:${port}`, onProgress: () => {}, received: () => tally.received(), close }
}

function listen(server: HttpServer | Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)) // it listens on a port, not on a pipe
  })
}

function createTimers(): Timers {
  const running = new Set<NodeJS.Timeout>()
  return {
    after: (ms, act) => void running.add(setTimeout(act, ms).unref()),
    every: (ms, act) => void running.add(setInterval(act, ms).unref()),
    clear() {
      for (const timer of running) clearTimeout(timer)
    },
  }
}
