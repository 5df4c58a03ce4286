import type { LatencyDetails } from '../latency-details.js'
import type { Spikes } from '../spikes.js'
import type { CriticalPath, StepTime } from '../step-times.js'
import { fewestRuns } from './audiences.js'
import type { Names } from './names.js'
import { each, only } from './sight.js'

/** Where the time went, and whose the slow runs are, by names that may be shown. */
export function detailsForProduct(names: Names): (details: LatencyDetails) => LatencyDetails {
  return only<LatencyDetails>({ criticalPath: pathSight(names), spikes: spikesForProduct(names) })
}

function pathSight(names: Names): (path: CriticalPath) => CriticalPath {
  return only<CriticalPath>({
    runs: 'shown',
    leftOut: 'shown',
    totalMs: 'shown',
    costUsd: 'shown',
    costUnknownRuns: 'shown',
    steps: each(
      only<StepTime>({
        step: (step) => names.of('step', step),
        kind: 'shown',
        runs: 'shown',
        spans: 'shown',
        wallMs: 'shown',
        selfMs: 'shown',
        selfShare: 'shown',
        pathMs: 'shown',
        pathShare: 'shown',
        pathInterval: 'shown',
        costUsd: 'shown',
        costShare: 'shown',
        errors: 'shown',
      }),
    ),
  })
}

/**
 * Tenants and users without a name, those of few runs left out: who is slow must not be one person. The number is a place among
 * what stands out, and `unnamed` since it is no rank by runs as `tenant 1` of the groups is.
 */
export function spikesForProduct(names: Names): (spikes: Spikes) => Spikes {
  return only<Spikes>({
    runs: 'shown',
    unknown: 'shown',
    limitMs: 'shown',
    limitIs: 'shown',
    neededRuns: 'shown',
    slowRuns: 'shown',
    tested: 'shown',
    tooFew: 'shown',
    tooMany: 'shown',
    smallestExcess: (excess) => ({ ...excess, key: isOfPeople(excess) ? 'unnamed' : nameOf(excess, names) }),
    elsewhere: 'shown',
    sources: (sources) =>
      sources
        .filter(({ slow }) => slow.n >= fewestRuns)
        .map((source, place) => ({
          ...source,
          key: isOfPeople(source) ? `unnamed ${place + 1}` : nameOf(source, names),
        })),
  })
}

type Named = Pick<Spikes['sources'][number], 'dimension' | 'key'>

const isOfPeople = ({ dimension }: Named) => dimension === 'tenant' || dimension === 'user'

function nameOf({ dimension, key }: Named, names: Names): string {
  return dimension === 'prompt version' ? names.ofPrompt(key) : names.of(dimension, key)
}
