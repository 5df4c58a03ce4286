import type { LoadedConfig } from '../config/load.js'
import { PilotError } from '../core/errors.js'
import type { ReceiveReport } from '../core/receive-report.js'
import type { Json } from '../core/span.js'
import { acceptRequest } from '../formats/otlp/accept.js'
import { createForwarder, type ForwardTarget } from '../io/forward.js'
import { parseExact } from '../io/json.js'
import type { Refused } from '../io/otlp-door.js'
import { listenOtlp, type OtlpAnswer, type OtlpRequest, urlOf } from '../io/otlp-http.js'
import { decodeTraces, hasTooManyParts } from '../io/otlp-protobuf.js'
import { type PlatformRole, platformsOf, requirePlatform } from './platforms.js'
import { openSpanStore } from './receive-spans.js'

export interface ReceiveCommand {
  platform: string | undefined
  host: string
  port: number
  token: string | undefined
  forward: ForwardTarget | undefined
  forMs: number | undefined
  untilSpans: number | undefined
  nowMs(): number
  /** Says that it is to stop. */
  signal: AbortSignal
  onListening(address: string, platform: PlatformRole): void
  onProgress(taken: number, spans: number): void
}

/** A stop takes at most this long: for requests that were begun, then for what is still to be forwarded. */
const begunMs = 2500
const forwardMs = 1500

/**
 * Receives OTLP over HTTP into the store of a pilot until it is told to stop, some time has passed or so many spans came. What was
 * answered with 200 is stored. Throws `PilotError` for a wrong platform, and for an address or a store that cannot be had.
 */
export async function receive(loaded: LoadedConfig, command: ReceiveCommand): Promise<ReceiveReport> {
  const { host, port, nowMs } = command
  const platform = requirePlatform(loaded.config, command.platform, 'Say whose traffic it is')
  const role = platformsOf(loaded.config).find((each) => each.platform === platform)! // it is one of them, or the line above throws
  const { hostname } = urlOf(host, port)
  const path = `receive:${hostname}${port === 0 ? '' : `:${port}`}`
  const store = await openSpanStore(loaded, { platform, path, nowMs })
  const forwarder = command.forward && createForwarder(command.forward)
  const report: ReceiveReport = {
    address: '',
    stoppedBy: 'interrupt',
    stored: store.total,
    taken: 0,
    skipped: Object.create(null),
    refused: Object.create(null),
    rejectedSpans: Object.create(null),
    forward: undefined,
    lockedNow: false,
  }
  let bug: unknown
  const stop = stopper(command)

  async function answer(request: OtlpRequest): Promise<OtlpAnswer> {
    const answer = request.signal === 'traces' ? await keep(request) : skip(request)
    if ('status' in answer) return answer
    report.taken += 1
    forwarder?.push({ signal: request.signal, ...request.sent })
    const { added, updated, unchanged } = report.stored.spans
    const spans = added + updated + unchanged
    command.onProgress(report.taken, spans)
    if (command.untilSpans !== undefined && spans >= command.untilSpans) stop.now('spans')
    return answer
  }

  async function keep(request: OtlpRequest): Promise<OtlpAnswer> {
    if (request.encoding === 'protobuf' && hasTooManyParts(request.body))
      return { status: 413, message: 'The body has too many parts. Send smaller batches.' }
    const body = readBody(request)
    if (body === undefined) return { status: 400, message: `The body cannot be read as ${request.encoding}.` }
    const accepted = acceptRequest(body)
    if (typeof accepted === 'string') return { status: 400, message: accepted }
    const problems: string[] = []
    if (accepted.spans > 0) {
      const kept = await store.keep(accepted.request, request.body.length)
      if (kept === 'busy') return { status: 503, message: 'The store is busy.', headers: { 'retry-after': '2' } }
      problems.push(...kept.problems.map(({ message }) => message))
      if (kept.purged > 0) problems.push(`${kept.purged} left out: purged before`)
    }
    for (const [reason, spans] of accepted.rejected) add(report.rejectedSpans, reason, spans)
    return { partialSuccess: partialSuccessOf(accepted.rejected, problems) }
  }

  function skip({ signal }: OtlpRequest): OtlpAnswer {
    add(report.skipped, `requests with ${signal}`, 1)
    return { partialSuccess: undefined }
  }

  try {
    const server = await listenOtlp({
      host,
      port,
      token: command.token,
      answer: (request) => answer(request).catch(unwritable),
      onRefused: ({ status, message }) => add(report.refused, `${status} ${withoutPlaces(message)}`, 1),
      onError: (error) => {
        bug ??= error
      },
    })
    report.address = urlOf(server.host, server.port).origin
    command.onListening(report.address, role)
    report.stoppedBy = await stop.reason
    await server.close(begunMs)
    await forwarder?.finish(forwardMs)
  } finally {
    stop.clear()
    store.close()
  }
  // A bug in one request has not kept the others out; it is told once they are safe.
  if (bug !== undefined) throw bug
  const forward = forwarder && command.forward && { to: withoutQuery(command.forward.base), ...forwarder.counts }
  return { ...report, forward, lockedNow: store.hasLocked() }
}

/** A query may hold a key. */
function withoutQuery({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}

/** The request in its JSON form; undefined for bytes that are none. */
function readBody({ encoding, body }: OtlpRequest): Json | undefined {
  if (encoding === 'protobuf') return decodeTraces(body)
  const parsed = parseExact(body.toString('utf8'))
  return 'value' in parsed ? parsed.value : undefined
}

/** The disk is full, the file is gone: the client may send again when that is mended. */
function unwritable(error: unknown): Refused {
  if (!(error instanceof PilotError)) throw error
  return { status: 503, message: 'The store cannot be written.', headers: { 'retry-after': '5' } }
}

/** What the client is told of a request that was taken; undefined where there is nothing to tell. */
function partialSuccessOf(rejected: ReadonlyMap<string, number>, problems: readonly string[]) {
  const reasons = [...rejected].map(([reason, spans]) => `${spans} spans rejected: ${reason}`)
  const [first, ...others] = problems
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  const errorMessage = [...reasons, ...(first === undefined ? [] : [`${first}${more}`])].join('; ')
  const rejectedSpans = [...rejected.values()].reduce((sum, spans) => sum + spans, 0)
  return errorMessage === '' ? undefined : { rejectedSpans, errorMessage }
}

/** Else each place in a request would make a reason of its own. */
function withoutPlaces(message: string): string {
  return message.replaceAll(/\.\d+(?=[.:])/g, '.*')
}

function add(counts: Record<string, number>, name: string, times: number): void {
  counts[name] = (counts[name] ?? 0) + times
}

/** Settles once, with what came first: a signal, the time, or a call. */
function stopper({ signal, forMs }: ReceiveCommand) {
  let now: (reason: ReceiveReport['stoppedBy']) => void = () => {}
  const reason = new Promise<ReceiveReport['stoppedBy']>((resolve) => {
    now = resolve
  })
  const interrupt = () => now('interrupt')
  signal.addEventListener('abort', interrupt)
  if (signal.aborted) interrupt()
  const timer = forMs === undefined ? undefined : setTimeout(() => now('time'), forMs)
  return {
    reason,
    now,
    clear(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', interrupt)
    },
  }
}
