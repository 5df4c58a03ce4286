import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { PilotError } from '../core/errors.js'
import { type ProgramCommand, type ProgramExit, startProcess } from './started.js'

/** A program, and who is told of its lines as they come. */
export interface ProgramPlan extends ProgramCommand {
  limitMs: number
  signal: AbortSignal
  onLine(line: string, atMs: number): void
}

export interface ProgramEnd extends ProgramExit {
  isKilled: boolean
  /** The hash of all that it printed. */
  printed: string
  /** All of its standard error, up to a limit: text of a stranger. */
  errors: string
}

export interface Program {
  /** Rejects with a `PilotError` where it cannot be started. At an abort it is ended. */
  ended: Promise<ProgramEnd>
  /** Resident bytes now. */
  memoryNow(): number | undefined
  terminate(): void
}

const mostLine = 1_000_000
const mostErrors = 200_000

/** Starts a program that is gone when it ends, at the limit, at the abort, and when this process ends. */
export function startProgram({ limitMs, signal, onLine, ...command }: ProgramPlan): Program {
  let isKilled = false
  const started = startProcess(command, {
    limitMs,
    onLimit: () => {
      isKilled = true
    },
  })
  signal.addEventListener('abort', started.kill)
  const printed = readLines(started.stdout, onLine)
  const errors = keepText(started.stderr)
  const ended = started.ended
    .then((exit) => ({ ...exit, isKilled, printed: printed(), errors: errors() }))
    .catch((error: NodeJS.ErrnoException) => {
      throw new PilotError(`Cannot start ${command.command[0]}: ${error.code ?? error.message}.`, {
        hint: 'probes.outage.command is a program with its arguments, started beside pilot.yaml without a shell.',
      })
    })
    .finally(() => signal.removeEventListener('abort', started.kill))
  return { ended, memoryNow: started.memory.nowBytes, terminate: started.terminate }
}

/** Hands on each line with the time at which its end came; a line over the limit is left out. */
function readLines(stream: Readable, onLine: ProgramPlan['onLine']): () => string {
  const hash = createHash('sha256')
  let rest = ''
  stream.setEncoding('utf8').on('data', (piece: string) => {
    const atMs = performance.now()
    hash.update(piece)
    const lines = (rest + piece).split('\n')
    rest = lines.pop()!.slice(-mostLine)
    for (const line of lines) if (line.length <= mostLine) onLine(line, atMs)
  })
  return () => {
    if (rest !== '') onLine(rest, performance.now())
    return hash.digest('hex').slice(0, 32)
  }
}

function keepText(stream: Readable): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(0, mostErrors)
  })
  return () => text
}
