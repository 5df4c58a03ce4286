import type { Readable } from 'node:stream'
import { type ProgramCommand, type ProgramExit, startProcess } from './started.js'

/** What a program left that ended by itself or because it was told to. */
export interface AppEnd extends ProgramExit {
  /** One character a byte. */
  printed: string
  /** When the byte at a place of `printed` had come, by the monotonic clock. */
  arrivedMs(place: number): number
  errorLines: number
  /** The last line on standard error: text of a stranger. */
  lastError: string
}

export interface RunningApp {
  /** Rejects with the reason where it could not run, printed too much, or was still there at the limit. */
  ended: Promise<AppEnd>
  /** Largest resident memory so far, in bytes. */
  peakBytes(): number | undefined
  terminate(): void
}

const printedLimit = 64_000_000
const errorBytes = 2000

/** Starts a program whose output is read when it has ended, so that reading takes no time of its run. */
export function startApp(command: ProgramCommand, limitMs: number): RunningApp {
  let failure: string | undefined
  const started = startProcess(command, {
    limitMs,
    onLimit: () => {
      failure ??= `was still running after ${limitMs / 1000} s`
    },
  })
  const printed = collect(started.stdout, () => {
    failure ??= `printed more than ${printedLimit / 1e6} MB`
    started.kill()
  })
  const errors = collectErrors(started.stderr)
  const ended = started.ended.then(
    (exit) => {
      if (failure !== undefined) throw new Error(failure)
      return { ...exit, ...printed(), ...errors() }
    },
    (error: NodeJS.ErrnoException) => {
      throw new Error(`did not start: ${error.code ?? error.message}`)
    },
  )
  return { ended, peakBytes: started.memory.peakBytes, terminate: started.terminate }
}

/** Keeps pieces as they come, with their times; they are read when the run is over, so that this takes no time of it. */
function collect(stream: Readable, isOver: () => void) {
  const pieces: { piece: Buffer; end: number; ms: number }[] = []
  let end = 0
  stream.on('data', (piece: Buffer) => {
    end += piece.length
    pieces.push({ piece, end, ms: performance.now() })
    if (end > printedLimit) isOver()
  })
  return () => ({
    printed: Buffer.concat(pieces.map(({ piece }) => piece)).toString('latin1'),
    arrivedMs: (place: number) => (pieces.find((each) => each.end >= place) ?? pieces.at(-1))?.ms ?? Number.NaN,
  })
}

function collectErrors(stream: Readable) {
  let lines = 0
  let last = Buffer.alloc(0)
  stream.on('data', (piece: Buffer) => {
    for (const byte of piece) if (byte === 10) lines += 1
    last = Buffer.concat([last, piece]).subarray(-errorBytes)
  })
  return () => ({ errorLines: lines, lastError: tellingLine(last.toString('utf8')) })
}

/** The last line, but the version that Node ends a crash with: then the line that names the error. */
function tellingLine(printed: string): string {
  const lines = printed.trim().split('\n')
  const last = lines.at(-1) ?? ''
  if (!/^Node\.js v\d/.test(last)) return last
  return lines.findLast((line) => /^\S*(?:Error|Exception)\b/.test(line)) ?? last
}
