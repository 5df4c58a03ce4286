import { delimiter, isAbsolute } from 'node:path'
import { PilotError } from '../core/errors.js'

/** How long one call of git may take. */
const limitMs = 120_000

export interface GitCall {
  /** The folder that git is run in. */
  cwd: string
  /** How messages call it. */
  name: string
  limitMs?: number | undefined
  /** What its user can do without git, as a hint says it. */
  instead?: string
}

/**
 * Runs git in a folder and streams what it prints. It reads only what is there: no pager, no prompt, no program that the
 * repository's own configuration names, and no protocol to fetch by. Throws `PilotError` (exit 3) where git is not installed,
 * takes too long or fails; `refusal` says what a failure means.
 */
export async function* runGit(
  args: readonly string[],
  call: GitCall,
  refusal: (stderr: string) => PilotError,
): AsyncGenerator<Buffer> {
  // Loaded when it is needed: it costs every other command a tenth of a second.
  const { execa } = await import('execa')
  const child = execa('git', [...safely, ...args], {
    cwd: call.cwd,
    env: environment(),
    extendEnv: false,
    stdin: 'ignore',
    buffer: { stdout: false, stderr: true },
    maxBuffer: 65_536,
    encoding: 'buffer',
    reject: false,
    timeout: call.limitMs ?? limitMs,
  })
  let isDone = false
  try {
    for await (const bytes of child.iterable({ binary: true })) yield Buffer.from(bytes)
    isDone = true
  } finally {
    if (!isDone) child.kill()
  }
  const ended = await child
  const instead = call.instead ?? `write ${inAFile}`
  if (ended.timedOut)
    throw new PilotError(`git took too long to read the history of ${call.name}.`, {
      hint: `${instead.charAt(0).toUpperCase()}${instead.slice(1)}`,
      exitCode: 3,
    })
  if (ended.code === 'ENOENT')
    throw new PilotError('git is not installed.', { hint: `Install it, or ${instead}`, exitCode: 3 })
  if (ended.failed && ended.exitCode === undefined)
    throw new PilotError(`Cannot run git: ${ended.code ?? ended.signal ?? 'it did not start'}.`, {
      hint: `See what git says in ${call.name}, or ${instead}`,
      exitCode: 3,
    })
  if (ended.failed) throw refusal(Buffer.from(ended.stderr).toString('utf8'))
}

const inAFile = 'the deployments into a file: pilot ingest --as deployments deployments.csv'

/** Settings of a repository that would run a program, which come before what it says itself. */
const safely = ['--no-pager', '--no-replace-objects', '-c', 'core.fsmonitor=false', '-c', 'log.follow=false']

/** Only what git needs to be found and to know its user: a `GIT_DIR` from outside would lead to another repository. */
function environment(): Record<string, string> {
  const { HOME, XDG_CONFIG_HOME } = process.env
  // Git is started inside a folder that may hold anything: a program named git in it must not be found.
  const PATH = process.env.PATH?.split(delimiter).filter(isAbsolute).join(delimiter) || undefined
  const given = Object.entries({ PATH, HOME, XDG_CONFIG_HOME }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return {
    ...Object.fromEntries(given),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    // Versions of git before 2.45 do not know the line above: then no protocol is allowed to fetch by.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_OPTIONAL_LOCKS: '0',
  }
}
