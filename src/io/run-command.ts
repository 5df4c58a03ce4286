import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { sayBytes, saySeconds } from './amounts.js'
import { endGroup, openGuard } from './process-group.js'

export interface CommandOptions {
  /** For its standard input; a command need not read it. */
  input: string
  timeoutMs: number
  /** Of what it prints, on both streams together. 10 MB unless given. */
  limitBytes?: number
  cwd: string
  /** All of its environment; ours unless given. */
  env?: Readonly<Record<string, string>>
  signal?: AbortSignal | undefined
}

/** What a command that ended by itself left behind, as it printed it: text of a stranger. */
export interface CommandEnd {
  exitCode: number
  stdout: string
  /** The last 2 KB. */
  stderr: string
  latencyMs: number
}

const stderrBytes = 2000
/** How long the streams of a command that has ended may stay open. */
const lastWordsMs = 500

/**
 * Runs a program with these arguments, without a shell. At a limit, at the abort and when it ends itself, all that it started
 * is ended too, but for what left its process group and for what it left to others to start. A failure is one line.
 */
export async function runCommand(
  argv: readonly string[],
  { input, timeoutMs, limitBytes = 10_000_000, cwd, env, signal }: CommandOptions,
): Promise<CommandEnd | { failure: string }> {
  const [program, ...args] = argv
  if (!program) return { failure: 'there is no command' }
  if (argv.some((arg) => arg.includes('\0'))) return { failure: `cannot run ${program}: an argument holds a zero byte` }
  if (signal?.aborted) return { failure: 'interrupted' }
  // Loaded when it is needed: it costs every other command a tenth of a second.
  const { execa } = await import('execa')
  const guard = openGuard()
  const startedMs = performance.now()
  const child = execa(program, args, {
    cwd,
    ...(env && { env, extendEnv: false }),
    input,
    detached: true,
    buffer: false,
    encoding: 'buffer',
    reject: false,
  })
  if (child.pid === undefined) {
    guard.close()
    return { failure: `cannot run ${program}: ${whyNotRun((await child).code, cwd)}` }
  }
  guard.add(child.pid)
  const group = watchGroup(child.pid, child)
  const printed = collect(child, limitBytes, () => group.stop(`printed more than ${sayBytes(limitBytes)}`))
  const timer = setTimeout(() => group.stop(`still running after ${saySeconds(timeoutMs)}`), timeoutMs)
  const abort = () => group.stop('interrupted')
  signal?.addEventListener('abort', abort)
  let latencyMs = 0
  child.once('exit', () => {
    latencyMs = performance.now() - startedMs
  })
  const { exitCode, signal: endedBy } = await child
  clearTimeout(timer)
  signal?.removeEventListener('abort', abort)
  const failure = await group.ended()
  guard.close()
  if (failure !== undefined) return { failure }
  if (exitCode === undefined) return { failure: `ended by ${endedBy ?? 'an unknown cause'}` }
  return { exitCode, ...printed(), latencyMs }
}

type Streams = Pick<ChildProcess, 'once'> & { stdout: Readable; stderr: Readable }

/** Sees to it that nothing of a group outlives its leader or `stop`, which says why it ends. */
function watchGroup(leader: number, child: Streams) {
  let failure: string | undefined
  let ending: Promise<void> | undefined
  const end = () => {
    ending ??= endGroup(leader)
    return ending
  }
  const closeStreams = () => {
    child.stdout.destroy()
    child.stderr.destroy()
  }
  // A process that left the group may hold the streams open for ever. What was printed has been read: libuv tells of the
  // exit after the data that came before it.
  child.once('exit', () => void end().then(() => setTimeout(closeStreams, lastWordsMs).unref()))
  return {
    stop(reason: string) {
      failure ??= reason
      closeStreams()
      void end()
    },
    /** Undefined where it was not stopped. */
    async ended(): Promise<string | undefined> {
      await end()
      return failure
    },
  }
}

/** Keeps what a child prints on standard output and the last of its errors, until both together are over the limit. */
function collect({ stdout, stderr }: Streams, limitBytes: number, isOver: () => void) {
  const pieces: Buffer[] = []
  let errors = Buffer.alloc(0)
  let size = 0
  const count = (piece: Buffer) => {
    size += piece.length
    if (size > limitBytes) isOver()
  }
  stdout.on('data', (piece: Buffer) => {
    pieces.push(piece)
    count(piece)
  })
  stderr.on('data', (piece: Buffer) => {
    errors = Buffer.concat([errors, piece]).subarray(-stderrBytes)
    count(piece)
  })
  return () => ({ stdout: Buffer.concat(pieces).toString('utf8'), stderr: fromCharacter(errors).toString('utf8') })
}

/** Without the rest of a character that was cut in two (UTF-8: at most three bytes of it). */
function fromCharacter(bytes: Buffer): Buffer {
  const start = bytes.subarray(0, 3).findIndex((byte) => (byte & 0xc0) !== 0x80)
  return bytes.subarray(start === -1 ? 3 : start)
}

function whyNotRun(code: string | undefined, cwd: string): string {
  if (code === 'ENOENT' && !existsSync(cwd)) return `there is no folder ${cwd}`
  return reasons[code ?? ''] ?? code ?? 'it did not start'
}

const reasons: Record<string, string> = {
  ENOENT: 'not found',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ENOEXEC: 'it is no program',
  E2BIG: 'its arguments are too long (give it the text as standard input)',
}
