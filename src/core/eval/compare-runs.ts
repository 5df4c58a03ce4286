import { holm } from '../stats/multiple.js'
import type { Certificate } from './certificate.js'
import { type ComparedCase, type Comparison, compareCases, type NonInferiority, withLost } from './compare.js'
import { type Gate, gateOf } from './gate.js'
import { allChecks, overallResults } from './overall.js'
import { pairResults } from './pair-results.js'
import { countOutcomes, type Outcome } from './result.js'
import type { EvalRun, RunCase, RunResult } from './run.js'

/** A run with all that it holds. */
export interface WholeRun {
  run: EvalRun
  cases: readonly RunCase[]
  results: readonly RunResult[]
}

/** What a check says of B against A. */
export interface CheckComparison {
  id: string
  gate: Gate
  /** Undefined where no case has a result of both. */
  comparison: Comparison | undefined
  /** Of the numbers of a check that gives some beside pass and fail: by a paired t, without a margin. */
  scores: Comparison | undefined
  /** The p of `comparison`, adjusted for all checks that gate (Holm). */
  pHolm: number | undefined
  /** Of outputs that were not judged: A and B. */
  errors: [a: number, b: number]
  /** What holds even if each error of B had failed and each of A passed; undefined without a margin. */
  verdict: NonInferiority | undefined
  slices: SliceComparison[]
}

export interface SliceComparison {
  tag: string
  comparison: Comparison
  /** Adjusted for all slices of the check (Holm). */
  pHolm: number | undefined
}

export interface RunComparison {
  a: EvalRun
  b: EvalRun
  margin: number
  checks: CheckComparison[]
  /** Of all checks that gate: regressed where one is, else inconclusive where one is or none gates, else safe. */
  verdict: NonInferiority
}

export interface RunCompareOptions {
  margin: number
  certificates: ReadonlyMap<string, Certificate>
  nowMs: number
  random(): number
  /** Of this check only. */
  check?: string | undefined
}

/** Compares two runs check by check, on the cases and checks that both have. */
export function compareRuns(a: WholeRun, b: WholeRun, options: RunCompareOptions): RunComparison {
  const shared = sharedChecks(a, b, options)
  const gates = new Set(shared.filter(({ gate }) => gate.gates).map(({ id }) => id))
  const compared = shared.map(({ id, gate }) => {
    const results = [a, b].map((each) => resultsOf(each, id, gates)) as [RunResult[], RunResult[]] // two in, two out
    return compareCheck({ id, gate, results }, [...a.cases, ...b.cases], options)
  })
  const gating = compared.filter(({ gate, comparison }) => gate.gates && comparison?.p !== undefined)
  const adjusted = holm(gating.map(({ comparison }) => comparison?.p ?? 1))
  const checks = compared.map((each) => ({ ...each, pHolm: adjusted[gating.indexOf(each)] }))
  return {
    a: a.run,
    b: b.run,
    margin: options.margin,
    checks,
    verdict: ofWhole([a, b], verdictOfAll(checks.filter(({ gate }) => gate.gates).map(({ verdict }) => verdict))),
  }
}

/** A run that was cut off may have left out whatever failed. */
export function ofWhole(runs: readonly WholeRun[], verdict: NonInferiority): NonInferiority {
  const isWhole = runs.every(({ run }) => run.finishedMs !== undefined)
  return verdict === 'safe' && !isWhole ? 'inconclusive' : verdict
}

/** The worst of several; nothing that gates is no evidence. */
export function verdictOfAll(verdicts: readonly (NonInferiority | undefined)[]): NonInferiority {
  if (verdicts.includes('regressed')) return 'regressed'
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'safe') ? 'safe' : 'inconclusive'
}

/** The checks that both runs have, and whether they hold a release; all that do together first. */
export function sharedChecks(
  a: WholeRun,
  b: WholeRun,
  { certificates, nowMs, check }: RunCompareOptions,
): { id: string; gate: Gate }[] {
  const inA = new Set(a.run.checks.map(({ id }) => id))
  const shared = b.run.checks
    .filter(({ id }) => inA.has(id))
    .map((use) => ({ id: use.id, gate: gateOf(use, certificates, nowMs) }))
  const together: { id: string; gate: Gate }[] =
    shared.filter(({ gate }) => gate.gates).length > 1
      ? [{ id: allChecks, gate: { gates: false, why: 'the checks hold it one by one' } }]
      : []
  return [...together, ...shared].filter(({ id }) => check === undefined || id === check)
}

function compareCheck(
  { id, gate, results: [ofA, ofB] }: { id: string; gate: Gate; results: readonly [RunResult[], RunResult[]] },
  cases: readonly RunCase[],
  { margin, random }: RunCompareOptions,
): CheckComparison {
  const clusters = new Map(cases.map((each) => [each.id, each.cluster]))
  const pairsOf = (unjudgedAs?: { a: number; b: number }) =>
    pairResults([
      ...valued(ofA, { version: 'a', clusters, errorAs: unjudgedAs?.a, unscoredAs: undefined }),
      ...valued(ofB, { version: 'b', clusters, errorAs: unjudgedAs?.b, unscoredAs: unjudgedAs?.b }),
    ])
  const { cases: compared, isBinary } = pairsOf()
  const comparison = compareCases(compared, { isBinary, margin, random: undefined })
  const unjudged = compared.some(({ a, b }) => a !== undefined && b === undefined)
  const errors: [number, number] = [countOutcomes(ofA).error, countOutcomes(ofB).error]
  const worst =
    errors[0] + errors[1] === 0 && !unjudged
      ? comparison
      : compareCases(withLost(pairsOf({ a: 1, b: 0 }).cases), { isBinary, margin, random: undefined })
  const scored = pairResults([...scoresOf(ofA, 'a', clusters), ...scoresOf(ofB, 'b', clusters)])
  return {
    id,
    gate,
    comparison,
    scores: compareCases(scored.cases, { isBinary: false, random }),
    pHolm: undefined,
    errors,
    verdict: worstVerdict(comparison?.nonInferiority, worst?.nonInferiority),
    slices: compareSlices(cases, compared, { isBinary, margin }),
  }
}

/** Safe only if it is so whatever was not judged hides; a regression that is one without stays one. */
function worstVerdict(
  verdict: NonInferiority | undefined,
  worst: NonInferiority | undefined,
): NonInferiority | undefined {
  return verdict === 'safe' && worst !== 'safe' ? 'inconclusive' : verdict
}

function compareSlices(
  cases: readonly RunCase[],
  compared: readonly ComparedCase[],
  options: { isBinary: boolean; margin: number },
): SliceComparison[] {
  const byId = new Map(compared.map((each) => [each.id, each]))
  const tagged = new Map<string, Map<string, ComparedCase>>()
  for (const { id, tags } of cases) {
    const found = byId.get(id)
    for (const tag of found === undefined ? [] : tags) {
      const slice = tagged.get(tag) ?? new Map<string, ComparedCase>()
      tagged.set(tag, slice.set(id, found!)) // else there are no tags to go through
    }
  }
  const slices = [...tagged].sort().flatMap(([tag, slice]) => {
    const comparison = compareCases([...slice.values()], { ...options, random: undefined })
    return comparison === undefined ? [] : [{ tag, comparison }]
  })
  const known = slices.filter(({ comparison }) => comparison.p !== undefined)
  const adjusted = holm(known.map(({ comparison }) => comparison.p ?? 1))
  const places = new Map(known.map(({ tag }, place) => [tag, place]))
  return slices.map((slice) => ({ ...slice, pHolm: adjusted[places.get(slice.tag) ?? -1] }))
}

function resultsOf({ results }: WholeRun, id: string, gates: ReadonlySet<string>): RunResult[] {
  return id === allChecks ? overallResults(gates, results) : results.filter(({ check }) => check === id)
}

interface Valuing {
  version: 'a' | 'b'
  clusters: ReadonlyMap<string, string | undefined>
  /** The values of what was not judged; undefined leaves it out. */
  errorAs: number | undefined
  unscoredAs: number | undefined
}

function* valued(results: readonly RunResult[], { version, clusters, errorAs, unscoredAs }: Valuing) {
  for (const { caseId, outcome } of results) {
    const value = outcome === 'error' ? errorAs : outcome === 'unscored' ? unscoredAs : passes[outcome]
    yield { caseId, version, value, isBinary: true, cluster: clusters.get(caseId) }
  }
}

/** What was not judged has no value. */
const passes: Partial<Record<Outcome, number>> = { pass: 1, fail: 0 }

function* scoresOf(
  results: readonly RunResult[],
  version: 'a' | 'b',
  clusters: ReadonlyMap<string, string | undefined>,
) {
  for (const { caseId, score } of results)
    yield { caseId, version, value: score, isBinary: false, cluster: clusters.get(caseId) }
}
