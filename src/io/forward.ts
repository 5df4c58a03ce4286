import { isObject, parseJson } from '../core/json.js'
import type { ForwardCounts } from '../core/receive-report.js'
import { contentTypes, type Signal } from './otlp-door.js'
import { decodePartialSuccess } from './otlp-protobuf.js'
import { postBody } from './post-json.js'

/** Where to, and with which headers of the platform's. */
export interface ForwardTarget {
  /** To which `/v1/traces` is added. */
  base: URL
  headers: Readonly<Record<string, string>>
}

/** One body as the application sent it. */
export interface Forwarded {
  signal: Signal
  body: Buffer
  headers: Readonly<Record<string, string>>
}

const atOnce = 4
const most = { requests: 1000, bytes: 64 * 1024 ** 2 }
const retryStatuses = new Set([429, 502, 503, 504])

/** Sends requests on in the background: a few at a time, as many waiting as memory allows, and each tried again as OTLP says. */
export function createForwarder({ base, headers }: ForwardTarget) {
  const counts: ForwardCounts = { forwarded: 0, failed: 0, pending: 0, failures: Object.create(null), rejectedSpans: 0 }
  const waiting: Forwarded[] = []
  const stop = new AbortController()
  const workers = new Set<Promise<void>>()
  let heldBytes = 0

  function fail(reason: string): void {
    counts.failed += 1
    counts.failures[reason] = (counts.failures[reason] ?? 0) + 1
  }

  async function send({ signal, body, headers: own }: Forwarded): Promise<void> {
    const posted = await postBody(urlFor(base, signal), new Uint8Array(body), {
      headers: { ...headers, ...own },
      timeoutMs: 10_000,
      limitBytes: 1024 ** 2,
      retries: 6,
      signal: stop.signal,
      retryStatuses,
    })
    if (stop.signal.aborted && 'failure' in posted) return
    counts.pending -= 1
    heldBytes -= body.length
    if ('failure' in posted) {
      fail(`${signal}: ${posted.failure}`)
      return
    }
    counts.forwarded += 1
    if (signal === 'traces') counts.rejectedSpans += rejectedBy(posted)
  }

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next && !stop.signal.aborted; next = waiting.shift()) await send(next)
  }

  return {
    counts,
    push(request: Forwarded): void {
      if (counts.pending >= most.requests || heldBytes + request.body.length > most.bytes) {
        fail(`${request.signal}: too many were waiting`)
        return
      }
      counts.pending += 1
      heldBytes += request.body.length
      waiting.push(request)
      if (workers.size >= atOnce) return
      const worker = work().finally(() => workers.delete(worker))
      workers.add(worker)
    },
    /** Waits so long for what is pending, then lets it be. */
    async finish(withinMs: number): Promise<void> {
      const timer = setTimeout(() => stop.abort(), withinMs)
      while (workers.size > 0) await Promise.all(workers)
      clearTimeout(timer)
      stop.abort()
    },
  }
}

/** As an application adds it to OTEL_EXPORTER_OTLP_ENDPOINT. */
function urlFor(base: URL, signal: Signal): URL {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/(?:v1\/traces)?\/?$/, '')}/v1/${signal}`
  return url
}

/** How many spans an answer says were not taken. */
function rejectedBy({ bytes, text, contentType }: { bytes: Buffer; text: string; contentType: string }): number {
  if (contentType.startsWith(contentTypes.protobuf)) return decodePartialSuccess(bytes)?.rejectedSpans ?? 0
  const answer = parseJson(text)
  const partial = isObject(answer) ? answer.partialSuccess : undefined
  const rejected = isObject(partial) ? Number(partial.rejectedSpans) : 0
  return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0
}
