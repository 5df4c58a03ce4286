import type { Readable } from 'node:stream'

export interface OutStream {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}

/** The outside world as one argument: a test passes its own. */
export interface Io {
  stdin: Readable & { isTTY?: boolean | undefined }
  stdout: OutStream
  stderr: OutStream
  env: Record<string, string | undefined>
  cwd: string
  /** Wall clock, epoch milliseconds. */
  nowMs(): number
}

/** Chalk's colour level for one stream. Chalk itself ignores NO_COLOR, so it is decided here, per stream. */
export function colorLevel(stream: OutStream, env: Io['env'], wantsColor: boolean): 0 | 1 {
  if (!wantsColor || env.NO_COLOR) return 0
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return 1
  return stream.isTTY && env.TERM !== 'dumb' ? 1 : 0
}
