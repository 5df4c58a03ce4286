import type { EffortGit, GitWork } from '../core/log-entry.js'
import type { Json } from '../core/span.js'
import { isRow } from './row.js'
import { msOfMoment } from './time.js'

const counts = ['commits', 'files', 'lines_added', 'lines_removed', 'binary_files'] as const

/** What git said of a range of commits, as `gitCells` wrote it, or what is wrong with it. */
export function readGitWork(value: Json): EffortGit | string {
  if (!isRow(value)) return 'git holds no figures'
  const { from, to, path, first_commit: first, last_commit: last } = value
  const isCommit = (id: Json | undefined): id is string => typeof id === 'string' && /^[0-9a-f]{7,64}$/.test(id)
  if (!isCommit(from) || !isCommit(to)) return 'git.from and git.to are no commits'
  const [commits, files, linesAdded, linesRemoved, binaryFiles] = counts.map((name) => value[name])
  const all = [commits, files, linesAdded, linesRemoved, binaryFiles]
  if (!all.every((count) => Number.isSafeInteger(count) && Number(count) >= 0))
    return `git.${counts.join(', git.')} are no counts`
  const [firstCommitMs, lastCommitMs] = [msOfMoment(first), msOfMoment(last)]
  if (firstCommitMs === undefined || lastCommitMs === undefined)
    return 'git.first_commit and git.last_commit are no times'
  const git: GitWork = {
    from,
    to,
    ...(typeof path === 'string' && path !== '' ? { path } : {}),
    commits: Number(commits),
    files: Number(files),
    linesAdded: Number(linesAdded),
    linesRemoved: Number(linesRemoved),
    binaryFiles: Number(binaryFiles),
    firstCommitMs,
    lastCommitMs,
  }
  return { kind: 'effort', git }
}

/** The figures as they stand in a row of the log. */
export function gitCells(git: GitWork): { [key: string]: Json } {
  return {
    from: git.from,
    to: git.to,
    ...(git.path === undefined ? {} : { path: git.path }),
    commits: git.commits,
    files: git.files,
    lines_added: git.linesAdded,
    lines_removed: git.linesRemoved,
    binary_files: git.binaryFiles,
    first_commit: new Date(git.firstCommitMs).toISOString(),
    last_commit: new Date(git.lastCommitMs).toISOString(),
  }
}
