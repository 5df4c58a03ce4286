import type { LoadedConfig } from '../../config/load.js'
import { nearest } from '../../config/suggest.js'
import { PilotError } from '../../core/errors.js'
import { type Change, changeLabel, namesVersion } from '../../core/releases/changes.js'
import { type CompareOptions, compareRelease, type ReleaseComparison } from '../../core/releases/compare.js'
import type { ReleaseRun, VersionRun } from '../../core/releases/release-run.js'
import { windowsOf } from '../../core/releases/windows.js'
import { isInWindow } from '../../core/select.js'
import { shellWord } from '../../core/shell-word.js'
import { readDeployments } from '../../store/deployments.js'
import { workspaceOf } from '../workspace.js'
import { type PlatformReleases, readMeasuredRuns } from './read.js'

/** What became of a change on one platform; undefined where the platform does not know it. */
export interface PlatformComparison {
  platform: string
  role: PlatformReleases['role']
  comparison: ReleaseComparison | undefined
}

/** Compares before and after `word` on every platform. Throws `PilotError` where none knows it. */
export function compareReleases(
  loaded: LoadedConfig,
  word: string,
  options: CompareOptions & { platform: string | undefined; environment: string | undefined },
): PlatformComparison[] {
  const db = workspaceOf(loaded).open('read')
  const found = readMeasuredRuns(db, loaded.config, options).map((each) => {
    // The last one: a version that went live again is compared from then on.
    const change = each.changes.findLast((known) => namesVersion(known, word))
    return { ...each, comparison: change && compareOn({ ...options, ...each, change }) }
  })
  if (found.every(({ comparison }) => comparison === undefined)) {
    const elsewhere = readDeployments(db).find((each) => each.environment !== undefined && namesVersion(each, word))
    throw unknownRelease(
      word,
      found.flatMap(({ changes }) => changes),
      elsewhere?.environment,
    )
  }
  return found.map(({ platform, role, comparison }) => ({ platform, role, comparison }))
}

function compareOn({
  runs,
  changes,
  change,
  ...options
}: Pick<PlatformReleases<ReleaseRun>, 'runs' | 'changes'> & CompareOptions & { change: Change }): ReleaseComparison {
  const { before, after } = windowsOf(change, options.windowMs)
  const near = runs.filter(({ startMs }) => isInWindow(startMs, { startMs: before.startMs, endMs: after.endMs }))
  return compareRelease(near, changes, { ...options, change, firstRunMs: firstStart(runs) })
}

/** Infinity without a run. Versions that are first seen are those of production runs. */
function firstStart(runs: readonly VersionRun[]): number {
  let first = Number.POSITIVE_INFINITY
  for (const { startMs, origin } of runs) if (origin === 'production') first = Math.min(first, startMs)
  return first
}

function unknownRelease(word: string, changes: readonly Change[], elsewhere: string | undefined): PilotError {
  const names = [...new Set(changes.map(changeLabel))]
  const near = nearest(word, names) ?? names.find((name) => name.includes(word) || word.includes(name))
  return new PilotError(`No release or prompt version ${JSON.stringify(word)} is known here.`, {
    hint:
      elsewhere !== undefined
        ? `It was deployed to ${elsewhere}: pilot releases ${shellWord(word)} --environment ${shellWord(elsewhere)}`
        : near !== undefined
          ? `The nearest is ${near}. pilot releases lists them.`
          : names.length > 0
            ? 'pilot releases lists them.'
            : 'None is: pilot ingest --as deployments, or traces that name their release or prompt version.',
  })
}
