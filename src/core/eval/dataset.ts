import type { LineProblem } from '../ingest-report.js'

/** How many cases differ from those that were frozen. */
export interface DatasetChange {
  changed: number
  added: number
  removed: number
}

/** Against what was frozen earlier. */
interface Frozen {
  /** Epoch milliseconds. */
  ms: number
  isSame: boolean
  change: DatasetChange
}

/** What a dataset is, and what it can show. */
export interface CheckedDataset {
  path: string
  cases: number
  hash: string
  /** When it was frozen, and what differs since; undefined where it never was. */
  frozen: Frozen | undefined
  references: number
  outputs: number
  /** The most frequent first. */
  tags: { name: string; cases: number }[]
  clusters: { count: number; cases: number; largest: number }
  origins: { name: string; cases: number }[]
  /** Cases that ask the same as an earlier one. */
  duplicates: { id: string; sameAs: string }[]
  problems: LineProblem[]
  power: Power
}

/** What a comparison on this many cases can detect. */
interface Power {
  /** Of all cases: what the change is thought to lose and to gain. */
  lostShare: number
  gainedShare: number
  /** Chance (0–1) that it is seen, McNemar's exact test at 5 %. */
  chance: number
  /** Cases that give 80 %. */
  settling: number | undefined
}

/** What was fixed of a dataset. */
export interface FrozenDataset {
  path: string
  lock: string
  hash: string
  cases: number
  frozenMs: number
  /** Against an older lock; undefined where there was none. */
  since: Frozen | undefined
  problems: LineProblem[]
}

/** A change in words: "3 cases changed, 1 added, 2 removed"; undefined where nothing did. */
export function changeText({ changed, added, removed }: DatasetChange): string | undefined {
  const parts = (
    [
      [changed, 'changed'],
      [added, 'added'],
      [removed, 'removed'],
    ] as const
  ).filter(([count]) => count > 0)
  if (parts.length === 0) return undefined
  const [[first, what], ...others] = parts as [(typeof parts)[number], ...typeof parts] // not empty
  return [`${first} ${first === 1 ? 'case' : 'cases'} ${what}`, ...others.map((part) => part.join(' '))].join(', ')
}
