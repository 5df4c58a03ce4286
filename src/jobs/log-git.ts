import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { PilotError } from '../core/errors.js'
import type { GitWork } from '../core/log-entry.js'
import { readGitRange } from '../io/git-range.js'

interface GitQuestion {
  /** `REV1..REV2`; without REV2 up to what is checked out. */
  range: string
  /** The folder of the repository; else `cwd`. */
  repo?: string | undefined
  path?: string | undefined
  cwd: string
}

/** What git says of the work between two revisions. Throws `PilotError` where it can say nothing. */
export function readGitWork({ range, repo, path, cwd }: GitQuestion): Promise<GitWork> {
  const [from = '', to, ...more] = range.split('..')
  if (from === '' || to === undefined || more.length > 0 || range.includes('...'))
    throw new PilotError('--git: expected two revisions, REV1..REV2.', { hint: 'Such as --git main..tracing' })
  const folder = resolve(cwd, repo ?? '.')
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new PilotError(`--repo: ${repo} is no folder.`, { exitCode: 3 })
  const instead = 'log the hours by hand: pilot log effort --hours'
  return readGitRange(
    { from, to: to === '' ? 'HEAD' : to, path },
    { cwd: folder, name: repo ?? 'this folder', instead },
  )
}
