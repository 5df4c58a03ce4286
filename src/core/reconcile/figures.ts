import type { BilledLine, BillingShape } from '../billing.js'
import { addTokens, noTokens, type Tokens } from '../usage.js'
import type { TracedUnit } from './traced-unit.js'

/** What was billed, in sum; each sum is unknown until a line states it. */
export interface BilledFigures {
  lines: number
  calls: number | undefined
  costUsd: number | undefined
  tokens: Tokens
  /** Whose exports state costs here. */
  costShapes: Set<BillingShape>
}

/** What was traced, in sum. */
export interface TracedFigures {
  calls: number
  /** Of the calls, those that ended in an error: vendors rarely bill them. */
  failedCalls: number
  statedUsd: number | undefined
  computedUsd: number | undefined
  /** Stated, and computed for what no stated cost covers. */
  knownUsd: number | undefined
  /** Calls whose cost is unknown. */
  silentCalls: number
  unpricedCalls: number
  tokens: Tokens
}

/** Figures of nothing. */
export function noBilled(): BilledFigures {
  return { lines: 0, calls: undefined, costUsd: undefined, tokens: noTokens(), costShapes: new Set() }
}

/** Figures of nothing. */
export function noTraced(): TracedFigures {
  return {
    calls: 0,
    failedCalls: 0,
    statedUsd: undefined,
    computedUsd: undefined,
    knownUsd: undefined,
    silentCalls: 0,
    unpricedCalls: 0,
    tokens: noTokens(),
  }
}

/** Adds a line in place: one pass adds millions. */
export function addLine(sums: BilledFigures, { shape, calls, costUsd, usage }: BilledLine): void {
  sums.lines += 1
  sums.calls = plus(sums.calls, calls)
  sums.costUsd = plus(sums.costUsd, costUsd)
  if (costUsd !== undefined) sums.costShapes.add(shape)
  addTokens(sums.tokens, usage)
}

/** Adds a unit in place. */
export function addUnit(sums: TracedFigures, unit: TracedUnit): void {
  if (unit.isCall) sums.calls += 1
  if (unit.isCall && unit.hasFailed) sums.failedCalls += 1
  if (unit.lack === 'silent') sums.silentCalls += 1
  if (unit.lack === 'unpriced') sums.unpricedCalls += 1
  sums.statedUsd = plus(sums.statedUsd, unit.statedUsd)
  sums.computedUsd = plus(sums.computedUsd, unit.computedUsd)
  sums.knownUsd = plus(sums.knownUsd, unit.knownUsd)
  addTokens(sums.tokens, unit.usage)
}

/** Adds the sums of `more` in place. */
export function addBilled(sums: BilledFigures, more: BilledFigures): void {
  sums.lines += more.lines
  sums.calls = plus(sums.calls, more.calls)
  sums.costUsd = plus(sums.costUsd, more.costUsd)
  for (const shape of more.costShapes) sums.costShapes.add(shape)
  addTokens(sums.tokens, more.tokens)
}

/** Adds the sums of `more` in place. */
export function addTraced(sums: TracedFigures, more: TracedFigures): void {
  for (const count of ['calls', 'failedCalls', 'silentCalls', 'unpricedCalls'] as const) sums[count] += more[count]
  for (const usd of ['statedUsd', 'computedUsd', 'knownUsd'] as const) sums[usd] = plus(sums[usd], more[usd])
  addTokens(sums.tokens, more.tokens)
}

/** A sum that stays unknown until something known is added. */
export function plus(sum: number | undefined, value: number | undefined): number | undefined {
  return value === undefined ? sum : (sum ?? 0) + value
}
