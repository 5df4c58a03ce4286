import type { Config } from '../config/schema.js'
import type { RunTally } from '../core/evidence.js'
import { daysPerMonth, type FeeInput, measurePlatformFee, type PlatformFee } from '../core/platform-fee.js'
import { bytesPerTrace } from '../store/export-size.js'
import { countJudgements } from '../store/joins.js'
import type { Store } from '../store/open.js'

interface Measured {
  platform: string
  tally: RunTally
  /** Minutes that an incident takes less than on the baseline; undefined while drills have not measured both. */
  minutesSaved: number | undefined
}

/** What a platform costs a month, at the declared or the measured volume. */
export function readPlatformFee(
  db: Store,
  { costs }: Config,
  { platform, tally, minutesSaved }: Measured,
): PlatformFee {
  const found = costs.platforms.find(({ id }) => id === platform)
  return measurePlatformFee({
    sheet: found?.sheet,
    terms: costs.terms,
    volume: volumeOf(costs.runsPerMonth, tally),
    // The sizes of exports are looked up only where they have a price.
    perRun: found === undefined ? nothingPerRun : perRunOf(db, { platform, tally, bytesPerRun: found.bytesPerRun }),
    minutesSaved,
  })
}

const dayMs = 86_400_000

/** Runs a month from the runs in the window, over the days from that of the first to that of the last. */
function volumeOf(declared: number | undefined, { runs, firstRunMs, lastRunMs }: RunTally): FeeInput['volume'] {
  if (declared !== undefined) return { runsPerMonth: declared, measuredRuns: 0, days: undefined }
  if (firstRunMs === undefined || lastRunMs === undefined)
    return { runsPerMonth: undefined, measuredRuns: 0, days: undefined }
  const days = Math.floor(lastRunMs / dayMs) - Math.floor(firstRunMs / dayMs) + 1
  return { runsPerMonth: (runs / days) * daysPerMonth, measuredRuns: runs, days }
}

const nothingPerRun: FeeInput['perRun'] = {
  traces: 1,
  spans: undefined,
  calls: undefined,
  scores: undefined,
  gigabytes: undefined,
}

function perRunOf(
  db: Store,
  { platform, tally, bytesPerRun }: { platform: string; tally: RunTally; bytesPerRun: number | undefined },
): FeeInput['perRun'] {
  const { runs, traces, spanErrors, modelKnown } = tally
  const bytes = bytesPerRun ?? bytesPerTrace(db, platform)
  const { scores } = countJudgements(db, { platform })
  return {
    traces: 1,
    spans: runs === 0 ? undefined : spanErrors.n / runs,
    calls: runs === 0 ? undefined : modelKnown.n / runs,
    // None at all may mean that they were exported apart.
    scores: traces === 0 || scores === 0 ? undefined : scores / traces,
    gigabytes: bytes === undefined ? undefined : bytes / 1e9,
  }
}
