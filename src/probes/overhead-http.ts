import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** What is asked of an application that serves. */
export interface AppCall {
  url: URL
  /** Posted as JSON; without it the address is read. */
  body: string | undefined
  timeoutMs: number
}

interface Answered {
  ms: number
  ok: boolean
}

/** Every answer, in the order in which they came, and how long they took together. */
export async function callOften(
  call: AppCall,
  { requests, concurrency }: { requests: number; concurrency: number },
): Promise<{ answers: Answered[]; tookMs: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const answers: Answered[] = []
  let begun = 0
  const worker = async () => {
    while (begun < requests) {
      begun += 1
      answers.push(await callOnce(call, agent))
    }
  }
  const startedMs = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  const tookMs = performance.now() - startedMs
  agent.destroy()
  return { answers, tookMs }
}

/** From sending to the last byte of the answer; a status from 200 to 399 is a success. */
function callOnce({ url, body, timeoutMs }: AppCall, agent: Agent): Promise<Answered> {
  return new Promise((resolve) => {
    const startedMs = performance.now()
    const end = (ok: boolean) => resolve({ ms: performance.now() - startedMs, ok })
    const sent = request(url, {
      agent,
      timeout: timeoutMs,
      method: body === undefined ? 'GET' : 'POST',
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      }),
    })
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0
      response.on('end', () => end(status >= 200 && status < 400)).on('error', () => end(false))
      response.resume()
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer in time'))).on('error', () => end(false))
    sent.end(body)
  })
}

/** Whether anything listens where a URL points. */
export function isListening(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80) })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** Waits until something listens and, where a ready address is given, until that answers with a success. False when it is too late. */
export async function becomesReady(
  url: URL,
  { ready, withinMs }: { ready: URL | undefined; withinMs: number },
): Promise<boolean> {
  const untilMs = performance.now() + withinMs
  const agent = new Agent()
  while (performance.now() < untilMs) {
    if (await isListening(url)) {
      if (ready === undefined) return true
      if ((await callOnce({ url: ready, body: undefined, timeoutMs: withinMs }, agent)).ok) return true
    }
    await wait(20)
  }
  return false
}
