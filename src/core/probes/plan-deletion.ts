import { shuffle } from '../shuffle.js'
import type { PlannedTrace } from './deletion.js'

/** A trace that may be planned. */
export interface Candidate {
  traceId: string
  environment: string | undefined
  startMs: number | undefined
}

/**
 * Which traces to delete: so many at random per environment, each with another of its day and environment that stays, or the named
 * ones. `random` gives numbers in [0, 1).
 */
export function planDeletion(
  candidates: readonly Candidate[],
  choice: { perEnvironment: number; random(): number; seed: number } | { named: ReadonlySet<string> },
): PlannedTrace[] {
  const sorted = candidates.toSorted((a, b) => (a.traceId < b.traceId ? -1 : 1))
  const drawn = 'named' in choice ? sorted : shuffle(sorted, choice.random)
  const groups = new Map<string, Candidate[]>()
  for (const each of drawn) {
    const members = groups.get(groupOf(each))
    if (members) members.push(each)
    else groups.set(groupOf(each), [each])
  }
  const taken = 'named' in choice ? choice.named : draw(drawn, groups, choice.perEnvironment)
  const controls = new Map(
    [...groups].map(([group, members]) => [
      group,
      members
        .map(({ traceId }) => traceId)
        .filter((id) => !taken.has(id))
        .slice(0, 2),
    ]),
  )
  const why = 'named' in choice ? 'named' : `drawn at random, seed ${choice.seed}`
  return sorted
    .filter(({ traceId }) => taken.has(traceId))
    .map((each) => ({ ...each, why, controls: controls.get(groupOf(each)) ?? [] }))
}

/** Never the last of its day, so that one is left to tell a fresh export by. */
function draw(
  drawn: readonly Candidate[],
  groups: ReadonlyMap<string, readonly Candidate[]>,
  perEnvironment: number,
): Set<string> {
  const taken = new Set<string>()
  const perGroup = new Map<string, number>()
  const perPlace = new Map<string, number>()
  for (const each of drawn) {
    const [group, place] = [groupOf(each), each.environment ?? '']
    const [inGroup, inPlace] = [perGroup.get(group) ?? 0, perPlace.get(place) ?? 0]
    if (inPlace >= perEnvironment || inGroup + 1 >= (groups.get(group)?.length ?? 0)) continue
    taken.add(each.traceId)
    perGroup.set(group, inGroup + 1)
    perPlace.set(place, inPlace + 1)
  }
  return taken
}

function groupOf({ environment, startMs }: Candidate): string {
  return JSON.stringify([environment, startMs === undefined ? undefined : Math.floor(startMs / 86_400_000)])
}
