/** Why one try to get an answer came to nothing: one line without keys, headers or stack. */
export interface NetworkFailure {
  failure: string
  /** False where another try would end the same way. */
  isRetryable: boolean
}

/**
 * What an error of `fetch` means. Its own message is never shown: it may hold a header, and with it a key. Once the headers
 * have come, a connection that ends is half an answer.
 */
export function explainNetworkError(error: unknown, hasHeaders: boolean): NetworkFailure {
  const code = codeOf(error)
  if (code === 'ECONNRESET' || code === 'EPIPE') return { failure: 'the connection was reset', isRetryable: true }
  if (code.startsWith('HPE_')) return { failure: 'the answer is not HTTP', isRetryable: false }
  const isTls = /^ERR_(SSL|TLS)|CERT|SIGNATURE|^EPROTO$/.test(code)
  if (isTls) return { failure: `no secure connection: ${code}`, isRetryable: false }
  if (hasHeaders) return { failure: 'half an answer', isRetryable: true }
  return { failure: reasons[code] ?? `the connection failed${code && `: ${code}`}`, isRetryable: code !== '' }
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'no answer within 300 s', // the built-in fetch waits no longer
  UND_ERR_BODY_TIMEOUT: 'half an answer',
  UND_ERR_SOCKET: 'the connection was closed without an answer',
}

/** The code of an error or of what caused it, in capitals as the system has it; '' where there is none. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(at.code)) return at.code
  return ''
}
