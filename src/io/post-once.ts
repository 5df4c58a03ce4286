import { sayBytes, saySeconds } from './amounts.js'
import { explainNetworkError, type NetworkFailure } from './network-failure.js'

/** One POST. */
export interface Post {
  url: URL
  headers: Headers
  body: string | Uint8Array<ArrayBuffer>
  /** For the whole answer, to its last byte. */
  timeoutMs: number
  /** Of the answer's body, unpacked. */
  limitBytes: number
  signal: AbortSignal | undefined
}

/** An answer with a status of 200 to 299. */
export interface Answer {
  status: number
  /** The body as it came, and as text. */
  bytes: Buffer
  text: string
  /** As the header says it, in small letters; '' where it says nothing. */
  contentType: string
  latencyMs: number
}

/** Why there is no such answer. */
export interface Refusal extends NetworkFailure {
  /** Undefined where none came. */
  status?: number
  /** The `Retry-After` header. */
  retryAfter?: string | undefined
  /** How the server explains that it will not, at most 16 KB: text of a stranger, which may repeat what it was sent. */
  explanation?: string
}

const explanationBytes = 16_000
const mayPass = new Set([408, 409, 429])
const redirects = new Set([301, 302, 303, 307, 308])

/** Sends one POST, and reads no more of the answer than its limits allow. Never follows a redirect. */
export async function postOnce({ url, headers, body, timeoutMs, limitBytes, signal }: Post): Promise<Answer | Refusal> {
  // Not AbortSignal.any with AbortSignal.timeout: some versions of Node 20 collect such a signal before it fires.
  const controller = new AbortController()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    controller.abort()
  }, timeoutMs)
  const abort = () => controller.abort()
  signal?.addEventListener('abort', abort)
  const startedMs = performance.now()
  let response: Response | undefined
  try {
    response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: controller.signal })
    if (!response.ok) return await refusalOf(response)
    const { bytes, isWhole } = await readBytes(response, limitBytes)
    if (!isWhole) return { failure: `answer larger than ${sayBytes(limitBytes)}`, isRetryable: false }
    const contentType = response.headers.get('content-type')?.toLowerCase() ?? ''
    const text = new TextDecoder().decode(bytes)
    return { status: response.status, bytes, text, contentType, latencyMs: performance.now() - startedMs }
  } catch (error) {
    if (isLate) return { failure: `no answer within ${saySeconds(timeoutMs)}`, isRetryable: true }
    return signal?.aborted ? interrupted : explainNetworkError(error, response !== undefined)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    controller.abort() // closes the connection where the answer was not read to its end
  }
}

const interrupted: Refusal = { failure: 'interrupted', isRetryable: true }

async function refusalOf(response: Response): Promise<Refusal> {
  const { status } = response
  if (redirects.has(status)) return { failure: 'it redirects to another place', isRetryable: false, status }
  const isRetryable = mayPass.has(status) || status >= 500
  const failure = `HTTP ${status}`
  if (!isRetryable) {
    const { bytes } = await readBytes(response, explanationBytes)
    return { failure, isRetryable, status, explanation: new TextDecoder().decode(bytes) }
  }
  return { failure, isRetryable, status, retryAfter: response.headers.get('retry-after') ?? undefined }
}

/** The body, at most so many bytes of it. */
async function readBytes({ body }: Response, limitBytes: number): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body ?? []) {
    pieces.push(piece)
    size += piece.length
    if (size > limitBytes) break
  }
  return { bytes: Buffer.concat(pieces).subarray(0, limitBytes), isWhole: size <= limitBytes }
}
