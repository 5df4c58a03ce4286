import { PilotError } from '../core/errors.js'
import type { GitWork } from '../core/log-entry.js'
import { type GitCall, runGit } from './git.js'

/** Commits from REV1 (excluded) to REV2, of files that a glob matches. */
export interface GitRange {
  from: string
  to: string
  path?: string | undefined
}

/**
 * What stands between two revisions: files touched, lines, commits and their times. Throws `PilotError` for a folder that is in no
 * repository, a revision that is none, and a range without a commit.
 */
export async function readGitRange({ from, to, path }: GitRange, call: GitCall): Promise<GitWork> {
  const older = await commitOf(from, call)
  const newer = await commitOf(to, call)
  const paths = path === undefined ? [] : [`:(glob)${path}`]
  const broken = () =>
    new PilotError(`git cannot read ${from}..${to} in ${call.name}.`, {
      hint: 'See what git says: git diff --numstat. A shallow or partial clone lacks commits: clone it whole.',
      exitCode: 3,
    })
  const read = (args: readonly string[]) => textOf(runGit([...args, '--', ...paths], call, broken))
  const times = timesOf(await read(['rev-list', '--no-merges', '--timestamp', `${older}..${newer}`]))
  if (times.length === 0)
    throw new PilotError(`${from}..${to} holds no commit${path === undefined ? '' : ' that changes such files'}.`, {
      hint: 'Name the revision before the work first: --git main..tracing',
    })
  const numbers = ['diff-tree', '-r', '-z', '--numstat', '--find-renames', '--no-ext-diff', '--no-textconv']
  return {
    from: older.slice(0, 12),
    to: newer.slice(0, 12),
    ...(path === undefined ? {} : { path }),
    commits: times.length,
    ...changesIn(await read([...numbers, '--no-relative', '-O/dev/null', older, newer])),
    firstCommitMs: Math.min(...times),
    lastCommitMs: Math.max(...times),
  }
}

async function commitOf(revision: string, call: GitCall): Promise<string> {
  const refusal = (stderr: string) => {
    if (stderr.includes('dubious ownership'))
      return new PilotError(`git does not read ${call.name}: its repository belongs to another user.`, {
        hint: 'If you trust it: git config --global --add safe.directory <the repository>',
        exitCode: 3,
      })
    if (stderr.includes('not a git repository'))
      return new PilotError(`${call.name} is in no git repository.`, { hint: 'Name one: --repo DIR', exitCode: 3 })
    return new PilotError(`${call.name} has no revision ${revision}.`, {
      hint: 'git log shows the revisions: a branch, a tag or a commit.',
      exitCode: 3,
    })
  }
  const args = ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`]
  return (await textOf(runGit(args, call, refusal))).trim()
}

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = []
  for await (const bytes of chunks) read.push(bytes)
  return Buffer.concat(read).toString('utf8')
}

/** Commits without a time that is a date are left out of the times, as git itself shows none. */
function timesOf(list: string): number[] {
  return list
    .split('\n')
    .map((line) => Number(/^(\d{1,13}) /.exec(line)?.[1]) * 1000)
    .filter((ms) => ms > 0 && ms <= 8.64e15)
}

/** Of a renamed file the path is empty, and its two names follow; of a binary one there are no lines. */
function changesIn(list: string): Pick<GitWork, 'files' | 'linesAdded' | 'linesRemoved' | 'binaryFiles'> {
  const changes = { files: 0, linesAdded: 0, linesRemoved: 0, binaryFiles: 0 }
  const fields = list.split('\0')
  for (let at = 0; at < fields.length; at++) {
    const [, added, removed, path] = /^(\d+|-)\t(\d+|-)\t([\s\S]*)$/.exec(fields[at]!) ?? []
    if (added === undefined) continue
    if (path === '') at += 2
    changes.files += 1
    if (added === '-') changes.binaryFiles += 1
    else {
      changes.linesAdded += Number(added)
      changes.linesRemoved += Number(removed)
    }
  }
  return changes
}
