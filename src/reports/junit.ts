import { allChecks, overallResults } from '../core/eval/overall.js'
import type { Outcome } from '../core/eval/result.js'
import type { EvalRun, RunResult } from '../core/eval/run.js'
import type { RunSummary } from '../core/eval/summarise.js'
import { type ComparedRuns, runName } from './compare-runs.js'
import { gateVerdicts } from './gate-verdicts.js'
import { visible } from './text.js'

interface TestCase {
  className: string
  name: string
  outcome: Outcome
  reason: string
  /** How long the output took; undefined where nobody measured it. */
  latencyMs?: number | undefined
}

interface TestSuite {
  name: string
  /** When it began, epoch milliseconds. */
  timeMs: number
  cases: TestCase[]
}

/** A run with every result, for JUnit. */
export interface ListedRun {
  summary: RunSummary
  results: readonly RunResult[]
  /** Checks that hold no release, with the reason. */
  gates: ReadonlyMap<string, string>
  /** Of an output in milliseconds, where it was measured. */
  latencyMs(caseId: string, repeat: number): number | undefined
}

/** Runs as JUnit XML: a suite per run and check, a case per output. What had nothing to be judged by is skipped. */
export function formatRunJunit(runs: readonly ListedRun[]): string {
  return formatJunit(
    runs.flatMap(({ summary: { run, outputs, checks }, results, gates, latencyMs }) => [
      ...checks
        // All gates together would tell each result twice, unless they are all that was asked for.
        .filter(({ check }) => check !== undefined || checks.length === 1)
        .map(({ id }) => ({
          name: `${run.id} ${id}`,
          timeMs: run.startedMs,
          cases: (id === allChecks
            ? overallResults(gatesOf(run, gates), results)
            : results.filter(({ check }) => check === id)
          ).map(({ caseId, repeat, outcome, reason }) => ({
            className: `${run.suite}.${id}`,
            name: run.repeats > 1 ? `${caseId} #${repeat}` : caseId,
            outcome,
            reason,
            latencyMs: latencyMs(caseId, repeat),
          })),
        })),
      ...(run.finishedMs === undefined ? [unfinished(run, outputs)] : []),
    ]),
  )
}

function gatesOf({ checks }: EvalRun, without: ReadonlyMap<string, string>): Set<string> {
  return new Set(checks.map(({ id }) => id).filter((id) => !without.has(id)))
}

/** What is not there cannot fail: a run that was cut off must not look green. */
function unfinished({ id, suite, startedMs, cases, repeats }: EvalRun, outputs: number): TestSuite {
  const reason = `not whole: ${outputs} of ${cases * repeats} outputs`
  return {
    name: id,
    timeMs: startedMs,
    cases: [{ className: suite, name: 'whole', outcome: 'error', reason }],
  }
}

/** A comparison as JUnit XML: a case per check that holds the release, which fails unless it is safe; so does having none. */
export function formatComparisonJunit(compared: ComparedRuns): string {
  const className = `${compared.b.suite}.compare`
  const cases = gateVerdicts(compared).map(
    ({ id, verdict, numbers }): TestCase => ({
      className,
      name: id,
      outcome: verdict === 'safe' ? 'pass' : 'fail',
      reason: `${verdict ?? 'not measured'}: ${numbers}`,
    }),
  )
  const none: TestCase = {
    className,
    name: 'gates',
    outcome: 'fail',
    reason: 'inconclusive: no check holds the release, so that nothing shows it to be safe',
  }
  return formatJunit([
    {
      name: `${runName(compared.b)} against ${runName(compared.a)}`,
      timeMs: compared.b.startedMs,
      cases: cases.length === 0 ? [none] : cases,
    },
  ])
}

function formatJunit(suites: readonly TestSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pilot eval"${countsOf(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(({ name, timeMs, cases }) => [
      `  <testsuite name="${xml(name)}"${countsOf(cases)} timestamp="${new Date(timeMs).toISOString().slice(0, 19)}">`,
      ...cases.map(testCase),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function countsOf(cases: readonly TestCase[]): string {
  const count = (outcome: Outcome) => cases.filter((each) => each.outcome === outcome).length
  return ` tests="${cases.length}" failures="${count('fail')}" errors="${count('error')}" skipped="${count('unscored')}"`
}

const elements = { fail: 'failure', error: 'error', unscored: 'skipped' } as const

function testCase({ className, name, outcome, reason, latencyMs }: TestCase): string {
  const time = latencyMs === undefined ? '' : ` time="${(latencyMs / 1000).toFixed(3)}"`
  const start = `    <testcase classname="${xml(className)}" name="${xml(name)}"${time}`
  return outcome === 'pass' ? `${start}/>` : `${start}><${elements[outcome]} message="${xml(reason)}"/></testcase>`
}

/** Any text as the value of an attribute: what XML 1.0 forbids, even as an entity, shows as `\u{…}`. */
function xml(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
