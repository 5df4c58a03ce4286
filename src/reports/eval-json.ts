import type { IndependentComparison } from '../core/eval/compare-independent.js'
import type { CheckComparison, RunComparison } from '../core/eval/compare-runs.js'
import type { PassRate } from '../core/eval/result.js'
import type { EvalRun } from '../core/eval/run.js'
import type { CheckSummary, RunSummary } from '../core/eval/summarise.js'
import type { Live } from '../core/live.js'
import { comparisonJson } from './compare-json.js'

/** A run as `--json` prints it. */
export function runJson(
  { run, checks, outputs }: RunSummary,
  gates: ReadonlyMap<string, string>,
  live: readonly Live[],
): object {
  return {
    ...runHead(run),
    outputs,
    deployments: live.map(({ name, environment, ...known }) => ({
      ...known,
      name: name ?? null,
      environment: environment ?? null,
    })),
    checks: checks.map((check) => ({
      ...checkJson(check),
      gates: check.check === undefined ? null : !gates.has(check.id),
      whyNot: gates.get(check.id) ?? null,
    })),
  }
}

/** What a run was made of. */
export function runHead(run: EvalRun) {
  const { finishedMs, prompt, release, importedFrom, ...known } = run
  return {
    ...known,
    finishedMs: finishedMs ?? null,
    prompt: prompt ?? null,
    release: release ?? null,
    importedFrom: importedFrom ?? null,
  }
}

function checkJson({ id, counts, rate, score, ofK, slices, notPassed }: CheckSummary) {
  return {
    id,
    ...counts,
    ...rateJson(rate),
    score:
      score === undefined
        ? null
        : { mean: score.mean, se: score.se ?? null, low: score.low ?? null, high: score.high ?? null, cases: score.n },
    passAtK: ofK.map(({ k, cases, atLeastOne }) => ({ k, cases, value: atLeastOne })),
    passHatK: ofK.map(({ k, cases, all }) => ({ k, cases, value: all })),
    slices: slices.map(({ tag, rate: of }) => ({ tag, ...rateJson(of) })),
    notPassed: notPassed.map(({ caseId, repeat, outcome, reason }) => ({ case: caseId, repeat, outcome, reason })),
  }
}

function rateJson({ n, rate, low, high, worst, best }: PassRate) {
  return { n, rate: rate ?? null, low: low ?? null, high: high ?? null, worst: worst ?? null, best: best ?? null }
}

/** A comparison of two runs as `--json` prints it. */
export function runComparisonJson({ checks, verdict }: RunComparison): object {
  return { verdict, checks: checks.map(checkComparisonJson) }
}

function checkComparisonJson({ id, gate, comparison, scores, pHolm, errors, verdict, slices }: CheckComparison) {
  return {
    id,
    gates: gate.gates,
    whyNot: gate.gates ? null : gate.why,
    errors: { a: errors[0], b: errors[1] },
    ...(comparison && comparisonJson(comparison)),
    scores: scores === undefined ? null : comparisonJson(scores),
    nonInferiority: verdict ?? null,
    pHolm: pHolm ?? null,
    slices: slices.map(({ tag, comparison: of, pHolm: p }) => ({ tag, ...comparisonJson(of), pHolm: p ?? null })),
  }
}

/** A comparison of runs on other cases. */
export function independentJson(checks: readonly IndependentComparison[]): object[] {
  return checks.map(({ id, gate, a, b, difference, low, high, verdict }) => ({
    id,
    gates: gate.gates,
    whyNot: gate.gates ? null : gate.why,
    a: rateJson(a),
    b: rateJson(b),
    diff: difference ?? null,
    diffCi95: [low, high],
    nonInferiority: verdict,
  }))
}
