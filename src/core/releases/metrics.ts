import type { Sample, Share } from '../evidence.js'
import { addCase, addValue, emptySample, emptyShare } from '../sample.js'
import type { ReleaseRun } from './release-run.js'
import type { Sides } from './windows.js'

/** Which way is good. */
export type Better = 'lower' | 'higher'

interface Named {
  /** `error rate`, `latency`, `cost per run`, `thumbs down`, `escalations`, `rating`, `rating NAME`, `score NAME`, or `SUITE/CHECK`. */
  id: string
  better: Better
}

/** A share of runs, or a number per run, on both sides of a change. */
export type Metric =
  | (Named & { kind: 'share'; before: Share; after: Share })
  | (Named & { kind: 'shift'; unit: 'ms' | 'usd' | 'number'; before: Sample; after: Sample })

/** The direction of each metric but scores, of which higher is better unless their names are given. */
const better = {
  'error rate': 'lower',
  latency: 'lower',
  'cost per run': 'lower',
  'thumbs down': 'lower',
  escalations: 'lower',
} as const satisfies Record<string, Better>

/** Every metric of the runs; `lowerScores` are the names of scores of which less is better. */
export function readMetrics(sides: Sides, lowerScores: readonly string[] = []): Metric[] {
  return [
    ...namesOf(sides, ({ scores }) => scores).map((name) => {
      const direction = lowerScores.includes(name) ? 'lower' : 'higher'
      return givenMetric(sides, { id: scoreId(name), better: direction }, ({ scores }) => scores.get(name))
    }),
    ...namesOf(sides, ({ ratings }) => ratings).map((name) =>
      givenMetric(sides, { id: `rating ${name}`.trim(), better: 'higher' }, ({ ratings }) => ratings.get(name)),
    ),
    shareMetric(sides, 'thumbs down', ({ isThumbsDown }) => isThumbsDown),
    shareMetric(sides, 'escalations', ({ isEscalated }) => isEscalated),
    shareMetric(sides, 'error rate', ({ isError }) => isError),
    shiftMetric(sides, 'latency', 'ms', ({ latencyMs }) => latencyMs),
    shiftMetric(sides, 'cost per run', 'usd', ({ costUsd }) => costUsd),
  ]
}

function namesOf({ before, after }: Sides, read: (run: ReleaseRun) => ReadonlyMap<string, number>): string[] {
  const names = new Set<string>()
  for (const runs of [before, after]) for (const run of runs) for (const name of read(run).keys()) names.add(name)
  return [...names].sort()
}

/** Checks of evals are named suite/check, which tells them apart. */
function scoreId(name: string): string {
  return name.includes('/') ? name : `score ${name}`
}

/** Of a score or rating that is only ever 0 or 1 the share of passes counts. */
function givenMetric({ before, after }: Sides, named: Named, read: (run: ReleaseRun) => number | undefined): Metric {
  const [first, second] = [before, after].map((runs) => {
    const sample = emptySample()
    for (const run of runs) addValue(sample, read(run))
    return sample
  }) as [Sample, Sample] // of two sides
  if (![...first.values, ...second.values].every((value) => value === 0 || value === 1))
    return { ...named, kind: 'shift', unit: 'number', before: first, after: second }
  return { ...named, kind: 'share', before: passesOf(first), after: passesOf(second) }
}

function passesOf({ values }: Sample): Share {
  return { x: values.filter((value) => value === 1).length, n: values.length }
}

/** Runs of which it is unknown are not counted. */
function shareMetric(
  { before, after }: Sides,
  id: keyof typeof better,
  read: (run: ReleaseRun) => boolean | undefined,
): Metric {
  const count = (runs: readonly ReleaseRun[]): Share => {
    const share = emptyShare()
    for (const run of runs) {
      const holds = read(run)
      if (holds !== undefined) addCase(share, holds)
    }
    return share
  }
  return { id, better: better[id], kind: 'share', before: count(before), after: count(after) }
}

function shiftMetric(
  { before, after }: Sides,
  id: 'latency' | 'cost per run',
  unit: 'ms' | 'usd',
  read: (run: ReleaseRun) => number | undefined,
): Metric {
  const collect = (runs: readonly ReleaseRun[]): Sample => {
    const sample = emptySample()
    for (const run of runs) addValue(sample, read(run))
    return sample
  }
  return { id, better: better[id], kind: 'shift', unit, before: collect(before), after: collect(after) }
}
