import type { Comparison } from '../eval/compare.js'
import type { IndependentComparison } from '../eval/compare-independent.js'
import type { CheckComparison, RunComparison } from '../eval/compare-runs.js'
import type { Gate } from '../eval/gate.js'
import type { BinaryComparison } from '../eval/pair-summaries.js'
import type { EvalRun, RunCheck } from '../eval/run.js'
import type { CheckSummary, RunSummary } from '../eval/summarise.js'
import type { Live } from '../live.js'
import type { Names } from './names.js'
import { each, none, only } from './sight.js'

/** A run of a suite: rates by check, and no case, tag, reason, nor what made the outputs. */
export function runForProduct(names: Names): (summary: RunSummary) => RunSummary {
  return only<RunSummary>({ run: headSight(names), checks: each(checkSight(names)), outputs: 'shown' })
}

/** Why a check holds no release, in words that quote nothing. */
const whyNot = 'it only reports, or its judge has no valid certificate'

export function gatesForProduct(gates: ReadonlyMap<string, string>, names: Names): Map<string, string> {
  return new Map([...gates.keys()].map((check) => [names.of('check', check), whyNot]))
}

/** Where a version or release is live. */
export function liveForProduct(names: Names): (live: Live) => Live {
  return only<Live>({
    kind: 'shown',
    name: (name) => names.of('prompt', name),
    version: (version) => names.of('version', version),
    environment: (environment) => names.of('environment', environment),
    sinceMs: 'shown',
  })
}

/** What a run was made of. */
function headSight(names: Names): (run: EvalRun) => EvalRun {
  const suite = (name: string) => names.of('suite', name)
  return only<EvalRun>({
    id: (id) => names.of('eval run', id),
    suite,
    startedMs: 'shown',
    finishedMs: 'shown',
    target: () => 'not shown',
    targetHash: () => '',
    prompt: (prompt) => names.ofPrompt(prompt),
    release: (release) => names.of('release', release),
    casesHash: () => '',
    cases: 'shown',
    repeats: 'shown',
    checks: each(runCheck(names)),
    importedFrom: () => 'another runner',
    notes: none,
  })
}

function runCheck(names: Names): (check: RunCheck) => RunCheck {
  return only<RunCheck>({
    id: (id) => names.of('check', id),
    check: (kind) => names.of('check', kind),
    hash: () => '',
    gate: 'shown',
    judge: ({ id }) => ({ id: names.of('judge', id), hash: '' }),
  })
}

function checkSight(names: Names): (check: CheckSummary) => CheckSummary {
  return only<CheckSummary>({
    id: (id) => names.of('check', id),
    check: runCheck(names),
    counts: 'shown',
    rate: 'shown',
    score: 'shown',
    ofK: 'shown',
    slices: none,
    notPassed: none,
  })
}

/** B against A in numbers: no case is named, and no slice, since a tag may be a customer. */
export function runsComparedForProduct(names: Names) {
  const head = headSight(names)
  const check = comparedCheck(names)
  const independent = only<IndependentComparison>({
    id: (id) => names.of('check', id),
    gate: bareGate,
    a: 'shown',
    b: 'shown',
    difference: 'shown',
    low: 'shown',
    high: 'shown',
    verdict: 'shown',
  })
  return {
    head,
    paired: only<RunComparison>({ a: head, b: head, margin: 'shown', checks: each(check), verdict: 'shown' }),
    independent: each(independent),
  }
}

function comparedCheck(names: Names): (check: CheckComparison) => CheckComparison {
  return only<CheckComparison>({
    id: (id) => names.of('check', id),
    gate: bareGate,
    comparison: comparedForProduct,
    scores: comparedForProduct,
    pHolm: 'shown',
    errors: 'shown',
    verdict: 'shown',
    slices: none,
  })
}

const bareGate = (gate: Gate): Gate => (gate.gates ? { gates: true } : { gates: false, why: whyNot })

/** A comparison in which the cases that were lost and gained are counted and not named. */
export const comparedForProduct = only<Comparison>({
  pairs: 'shown',
  unpaired: 'shown',
  binary: only<BinaryComparison>({
    aPass: 'shown',
    bPass: 'shown',
    aPassCi: 'shown',
    bPassCi: 'shown',
    lost: (cases) => cases.map(() => 'a case'),
    gained: (cases) => cases.map(() => 'a case'),
    pExact: 'shown',
    pMid: 'shown',
    diff: 'shown',
    diffCi: 'shown',
  }),
  mean: 'shown',
  test: 'shown',
  p: 'shown',
  interval: 'shown',
  verdict: 'shown',
  nonInferiority: 'shown',
  margin: 'shown',
  settlingN: 'shown',
  power: 'shown',
})
