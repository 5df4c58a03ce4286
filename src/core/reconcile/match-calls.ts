import type { BilledLine } from '../billing.js'
import type { TracedUnit } from './traced-unit.js'

/** A traced call that may stand on the bill, with the ids that its answer has. */
export interface IndexedCall {
  unit: TracedUnit
  ids: readonly string[]
}

/** What led from a line to its call: the id; the time with equal tokens; the time alone, where one side states no tokens. */
export type MatchedBy = 'id' | 'time and tokens' | 'time'

/** Farther apart in time two records of one call with the same tokens never are. */
const farMs = 60_000
/** Without tokens only a call that began or ended right then. */
const nearMs = 2_000
/** Calls looked at on each side of a moment: in dense traffic more would make matching quadratic. */
const mostLookedAt = 50

/** Matches lines of single calls to traced calls, each at most once: all by id first, then by time. */
export function callMatcher(calls: readonly IndexedCall[]) {
  const taken = new Uint8Array(calls.length)
  const takenBy = new Map<number, string>()
  const byId = new Map<string, number>()
  for (const [index, { ids }] of calls.entries()) for (const id of ids) if (!byId.has(id)) byId.set(id, index)
  const orders = [timeline(calls, 'startMs'), timeline(calls, 'endMs')]

  function nearest(line: BilledLine, isOfModel: (unit: TracedUnit) => boolean): number | undefined {
    let best: { index: number; rank: number; distance: number } | undefined
    for (const order of orders) {
      for (const { index, distance } of around(order, line.startMs)) {
        const { unit } = calls[index]!
        if (taken[index] === 1 || !isOfModel(unit)) continue
        const tokens = compareTokens(line, unit)
        if (tokens === 'other' || (tokens === 'unknown' && distance > nearMs)) continue
        const rank = tokens === 'same' ? 0 : 1
        if (best === undefined || rank < best.rank || (rank === best.rank && distance < best.distance))
          best = { index, rank, distance }
      }
    }
    return best?.index
  }

  function* unitsThat(areTaken: 0 | 1): Generator<TracedUnit> {
    for (const [index, { unit }] of calls.entries()) if (taken[index] === areTaken) yield unit
  }

  return {
    /** The call with the line's id, and takes it. */
    takeById({ id }: BilledLine): TracedUnit | undefined {
      const index = id === undefined ? undefined : byId.get(id)
      if (id === undefined || index === undefined || taken[index] === 1) return undefined
      taken[index] = 1
      takenBy.set(index, id)
      return calls[index]!.unit
    },
    /** True when `takeById` found the line's call. */
    hasTakenById({ id }: BilledLine): boolean {
      const index = id === undefined ? undefined : byId.get(id)
      return index !== undefined && takenBy.get(index) === id
    },
    /** The nearest call in time that is still free, and takes it. */
    takeByTime(
      line: BilledLine,
      isOfModel: (unit: TracedUnit) => boolean,
    ): { unit: TracedUnit; by: MatchedBy } | undefined {
      const index = nearest(line, isOfModel)
      if (index === undefined) return undefined
      taken[index] = 1
      const { unit } = calls[index]!
      return { unit, by: compareTokens(line, unit) === 'same' ? 'time and tokens' : 'time' }
    },
    /** The calls that no line took. */
    left: () => unitsThat(0),
    /** The calls that a line took. */
    matched: () => unitsThat(1),
  }
}

interface Timeline {
  times: Float64Array
  /** The calls in this order of time. */
  order: Uint32Array
}

function timeline(calls: readonly IndexedCall[], field: 'startMs' | 'endMs'): Timeline {
  const known = [...calls.keys()].filter((index) => calls[index]!.unit[field] !== undefined)
  const at = (index: number) => calls[index]!.unit[field]!
  const order = Uint32Array.from(known).sort((a, b) => at(a) - at(b))
  return { times: Float64Array.from(order, at), order }
}

/** The calls around a moment, the nearest on each side first. */
function* around({ times, order }: Timeline, ms: number): Generator<{ index: number; distance: number }> {
  const middle = lowerBound(times, ms)
  for (let at = middle; at < times.length && at < middle + mostLookedAt && times[at]! - ms <= farMs; at++)
    yield { index: order[at]!, distance: times[at]! - ms }
  for (let at = middle - 1; at >= 0 && at >= middle - mostLookedAt && ms - times[at]! <= farMs; at--)
    yield { index: order[at]!, distance: ms - times[at]! }
}

function lowerBound(times: Float64Array, ms: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether two records of a call can be of the same one by their tokens. */
function compareTokens({ usage: billed }: BilledLine, { usage: traced }: TracedUnit): 'same' | 'other' | 'unknown' {
  const pairs = (['input', 'output'] as const).map((kind) => [billed?.[kind], traced?.[kind]] as const)
  const known = pairs.filter(([a, b]) => a !== undefined && b !== undefined)
  if (known.some(([a, b]) => a !== b)) return 'other'
  return known.length > 0 ? 'same' : 'unknown'
}
