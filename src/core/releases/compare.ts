import { type Change, changeLabel } from './changes.js'
import { readMetrics } from './metrics.js'
import { largestTenant, type MixShift, readMix } from './mix.js'
import type { ReleaseRun } from './release-run.js'
import { readSince, type Since } from './since.js'
import { type ComparedMetric, compareMetrics, type Margins } from './verdict.js'
import { confoundersOf, countOfVersion, type Sides, splitRuns } from './windows.js'

export interface CompareOptions {
  windowMs: number
  margins: Margins
  /** Names of scores of which less is better. */
  lowerScores: readonly string[]
}

/** A change, and what became of the workflow after it. */
export interface ReleaseComparison {
  change: Change
  label: string
  runs: { before: number; after: number }
  /** Of them, those that name the version. */
  ofVersion: { before: number; after: number }
  metrics: ComparedMetric[]
  since: Since
  mix: MixShift[]
  /** Where the mix changed: the same metrics in the tenant with most runs. */
  stratum: { tenant: string; runs: { before: number; after: number }; metrics: ComparedMetric[] } | undefined
  /** Other changes inside either window. */
  confounders: Change[]
}

/**
 * Compares the runs before and after a change; production alone, but for the mix of origins. `firstRunMs` is the start of the
 * first run that is stored, epoch milliseconds.
 */
export function compareRelease(
  runs: readonly ReleaseRun[],
  changes: readonly Change[],
  { change, windowMs, margins, lowerScores, firstRunMs }: CompareOptions & { change: Change; firstRunMs: number },
): ReleaseComparison {
  const all = splitRuns(runs, change, windowMs)
  const production = only(all, ({ origin }) => origin === 'production')
  const mix = readMix(production, all, margins.share)
  const tenant = mix.some(({ isChanged }) => isChanged) ? largestTenant(production) : undefined
  const compare = (sides: Sides) => compareMetrics(readMetrics(sides, lowerScores), margins)
  const ofTenant = only(production, (run) => run.tenant === tenant)
  return {
    change,
    label: changeLabel(change),
    runs: lengthsOf(production),
    ofVersion: countOfVersion(production, change),
    metrics: compare(production),
    since: readSince(production),
    mix,
    stratum: tenant === undefined ? undefined : { tenant, runs: lengthsOf(ofTenant), metrics: compare(ofTenant) },
    confounders: confoundersOf(changes, { change, windowMs, firstRunMs }),
  }
}

function only({ before, after }: Sides, holds: (run: ReleaseRun) => boolean): Sides {
  return { before: before.filter(holds), after: after.filter(holds) }
}

function lengthsOf({ before, after }: Sides): { before: number; after: number } {
  return { before: before.length, after: after.length }
}
