import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { endGroup, openGuard } from '../io/process-group.js'
import { memoryOf } from './memory.js'

/** A program as it is started, without a shell. */
export interface ProgramCommand {
  command: readonly string[]
  /** All of its environment. */
  env: Readonly<Record<string, string | undefined>>
  cwd: string
}

/** How a program ended; times by the monotonic clock. */
export interface ProgramExit {
  /** Undefined where a signal ended it. */
  exitCode: number | undefined
  startedMs: number
  exitedMs: number
  /** Largest resident memory of it and of all that it started; undefined where nothing told it. */
  peakBytes: number | undefined
}

export interface StartedProgram {
  stdout: Readable
  stderr: Readable
  /** Resolves when all that it started is gone too; rejects with the error of the system where it could not be started. */
  ended: Promise<ProgramExit>
  /** Resident memory, now and so far. */
  memory: { nowBytes(): number | undefined; peakBytes(): number | undefined }
  /** Asks the program to end; what it started is for the program to end. */
  terminate(): void
  /** Ends it, with all that it started. */
  kill(): void
}

const lookEveryMs = 50
/** How long the streams of a program that has ended may stay open. */
const lastWordsMs = 500

/** Starts a program in a process group of its own, which is gone when it ends, at the limit, and when this process ends. */
export function startProcess(
  { command, env, cwd }: ProgramCommand,
  { limitMs, onLimit }: { limitMs: number; onLimit(): void },
): StartedProgram {
  const [program = '', ...args] = command
  const guard = openGuard()
  const startedMs = performance.now()
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  if (pid !== undefined) guard.add(pid)
  const endAll = async () => {
    if (pid !== undefined) await endGroup(pid)
  }
  const timer = setTimeout(() => {
    onLimit()
    void endAll()
  }, limitMs)
  const memory = watchMemory(pid)
  const ended = exitOf(child)
    .then(async (exit) => {
      await endAll() // what it left behind
      return { ...exit, startedMs, peakBytes: memory.peakBytes() }
    })
    .finally(() => {
      clearTimeout(timer)
      memory.stop()
      guard.close()
    })
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    memory,
    terminate: () => void (child.exitCode === null && child.kill('SIGTERM')),
    kill: () => void endAll(),
  }
}

/** The exit and its time; the streams are read to their end, or for a moment where another process holds them open. */
function exitOf(child: ChildProcess): Promise<Pick<ProgramExit, 'exitCode' | 'exitedMs'>> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      const exit = { exitCode: code ?? undefined, exitedMs: performance.now() }
      const timer = setTimeout(() => resolve(exit), lastWordsMs)
      child.once('close', () => {
        clearTimeout(timer)
        resolve(exit)
      })
    })
  })
}

/** Looks at a high-water mark, so that seldom is enough. */
function watchMemory(pid: number | undefined) {
  let peak: number | undefined
  const look = () => {
    const memory = pid === undefined ? undefined : memoryOf(pid)
    if (memory !== undefined) peak = Math.max(peak ?? 0, memory.peakBytes)
    return memory
  }
  const timer = setInterval(look, lookEveryMs)
  return {
    nowBytes: () => look()?.nowBytes,
    peakBytes: () => {
      look()
      return peak
    },
    stop: () => clearInterval(timer),
  }
}
