import { wilson } from '../stats/proportion.js'
import { passAtK, passHatK } from '../stats/repeats.js'
import { meanInterval } from '../stats/student.js'
import { allChecks, overallResults } from './overall.js'
import { countOutcomes, type OutcomeCounts, type PassRate, passRate } from './result.js'
import { type EvalRun, placeKey, type RunCase, type RunCheck, type RunResult } from './run.js'

/** Chance that at least one of k outputs of a case passes, and that all k do: unbiased, averaged over the cases that have k. */
export interface PassOfK {
  k: number
  cases: number
  atLeastOne: number
  all: number
}

interface Slice {
  tag: string
  rate: PassRate
}

/** What a check found in a run. */
export interface CheckSummary {
  id: string
  /** Undefined for all gates together. */
  check: RunCheck | undefined
  counts: OutcomeCounts
  rate: PassRate
  /** Of scores, one value a case: mean with its t interval, over clusters where cases share one; undefined without scores. */
  score:
    | { mean: number; se: number | undefined; low: number | undefined; high: number | undefined; n: number }
    | undefined
  /** Empty without repeats. */
  ofK: PassOfK[]
  slices: Slice[]
  /** Outputs that did not pass, errors first. */
  notPassed: RunResult[]
}

export interface RunSummary {
  run: EvalRun
  checks: CheckSummary[]
  /** Outputs with a result of any check. */
  outputs: number
}

/** A run, check by check; where several checks hold a release (`gates`), all of them together stand first. */
export function summariseRun(
  run: EvalRun,
  { cases, results, gates }: { cases: readonly RunCase[]; results: readonly RunResult[]; gates: ReadonlySet<string> },
): RunSummary {
  const byId = new Map(cases.map((each) => [each.id, each]))
  const overall = overallResults(gates, results)
  const groups: [string, RunCheck | undefined, readonly RunResult[]][] = [
    ...(overall.length > 0 ? [[allChecks, undefined, overall] as [string, undefined, RunResult[]]] : []),
    ...run.checks.map((check): [string, RunCheck, RunResult[]] => [
      check.id,
      check,
      results.filter((result) => result.check === check.id),
    ]),
  ]
  return {
    run,
    outputs: new Set(results.map(({ caseId, repeat }) => placeKey(caseId, repeat))).size,
    checks: groups.map(([id, check, ofCheck]) => summariseCheck(id, check, { results: ofCheck, cases: byId })),
  }
}

function summariseCheck(
  id: string,
  check: RunCheck | undefined,
  { results, cases }: { results: readonly RunResult[]; cases: ReadonlyMap<string, RunCase> },
): CheckSummary {
  const byCase = new Map<string, RunResult[]>()
  for (const result of results) {
    const ofCase = byCase.get(result.caseId)
    if (ofCase === undefined) byCase.set(result.caseId, [result])
    else ofCase.push(result)
  }
  const counts = countOutcomes(results)
  const hasRepeats = [...byCase.values()].some(({ length }) => length > 1)
  return {
    id,
    check,
    counts,
    rate: hasRepeats ? rateOverCases(byCase, cases, counts) : passRate(counts),
    score: scoreOf(byCase, cases),
    ofK: hasRepeats ? passOfK(byCase) : [],
    slices: slicesOf(results, cases),
    notPassed: results
      .filter(({ outcome }) => outcome === 'fail' || outcome === 'error')
      .sort((a, b) => Number(b.outcome === 'error') - Number(a.outcome === 'error')),
  }
}

function slicesOf(results: readonly RunResult[], cases: ReadonlyMap<string, RunCase>): Slice[] {
  const tagged = new Map<string, RunResult[]>()
  for (const result of results)
    for (const tag of cases.get(result.caseId)?.tags ?? []) {
      const slice = tagged.get(tag)
      if (slice === undefined) tagged.set(tag, [result])
      else slice.push(result)
    }
  return [...tagged.keys()].sort().map((tag) => ({ tag, rate: passRate(countOutcomes(tagged.get(tag) ?? [])) }))
}

/** The pass rate of repeats: averaged inside each case first, with a t interval over cases, since repeats are not independent. */
function rateOverCases(
  byCase: ReadonlyMap<string, readonly RunResult[]>,
  cases: ReadonlyMap<string, RunCase>,
  counts: OutcomeCounts,
): PassRate {
  const plain = passRate(counts)
  const judged = [...byCase].map(([id, results]) => ({ id, counts: countOutcomes(results) }))
  const rates = judged.flatMap(({ id, counts: of }) => {
    const { rate } = passRate(of)
    return rate === undefined ? [] : [{ rate, cluster: cases.get(id)?.cluster }]
  })
  const interval = meanInterval(
    rates.map(({ rate }) => rate),
    rates.map(({ cluster }) => cluster),
  )
  if (interval === undefined) return plain
  const { mean, se, df } = interval
  // Where nothing varied a t is certain of it, after two cases as after a thousand.
  const { low, high } = se === 0 ? wilson(mean * (df + 1), df + 1) : interval
  return { ...plain, rate: mean, low: Math.max(0, low), high: Math.min(1, high) }
}

function scoreOf(
  byCase: ReadonlyMap<string, readonly RunResult[]>,
  cases: ReadonlyMap<string, RunCase>,
): CheckSummary['score'] {
  const means = [...byCase].flatMap(([id, results]) => {
    const scores = results.flatMap(({ score }) => score ?? [])
    return scores.length === 0 ? [] : [{ mean: meanOf(scores), cluster: cases.get(id)?.cluster }]
  })
  if (means.length === 0) return undefined
  const interval = meanInterval(
    means.map(({ mean }) => mean),
    means.map(({ cluster }) => cluster),
  )
  const mean = interval?.mean ?? meanOf(means.map((each) => each.mean))
  return { mean, se: interval?.se, low: interval?.low, high: interval?.high, n: means.length }
}

/** An output that ended in an error did not pass. */
function passOfK(byCase: ReadonlyMap<string, readonly RunResult[]>): PassOfK[] {
  const tried = [...byCase.values()].map((results) => {
    const judged = results.filter(({ outcome }) => outcome !== 'unscored')
    return { n: judged.length, passed: judged.filter(({ outcome }) => outcome === 'pass').length }
  })
  let most = 0
  for (const { n } of tried) most = Math.max(most, n)
  const found: PassOfK[] = []
  for (let k = 1; k <= most; k += 1) {
    const enough = tried.filter(({ n }) => n >= k)
    found.push({
      k,
      cases: enough.length,
      atLeastOne: meanOf(enough.map(({ n, passed }) => passAtK(n, passed, k)!)), // n is k at least
      all: meanOf(enough.map(({ n, passed }) => passHatK(n, passed, k)!)),
    })
  }
  return found
}

function meanOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
