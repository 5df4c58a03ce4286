import type { Evidence } from '../../core/evidence.js'
import type { Scorecard } from '../../core/scorecard.js'
import type { DemoAnswers } from './generate.js'
import { slowTenant, type Variant } from './plan.js'

/** What does not come out as it was planted: one line per answer that differs; empty when the scorecard is the expected one. */
export function unexpected(answers: DemoAnswers, variant: Variant, evidence: Evidence, card: Scorecard): string[] {
  const { tally, coverage, found } = evidence
  const production = coverage?.production
  const stands = card.findings[0]?.findings ?? []
  const slow = stands.find((finding) => finding.kind === 'slow tenant')
  const pairs: [what: string, planted: unknown, measured: unknown][] = [
    ['requests', answers.coverage.requests, production?.requests],
    ['requests with their trace', answers.coverage.present, production?.present],
    ['requests without a trace', answers.coverage.missing, production?.missing],
    ['requests with several traces', answers.coverage.duplicate, production?.duplicate],
    ['requests traced late', answers.coverage.late, production?.late],
    ['runs', answers.runs, tally.runs],
    ['outputs with a prompt version', answers.promptMapped.x, tally.promptMapped.x],
    ['outputs', answers.promptMapped.n, tally.promptMapped.n],
    ['runs with a known cost', answers.costKnown.x, tally.costKnown.x],
    ['input tokens', answers.tokens.input, tally.repeatedUsage.counted.input],
    ['output tokens', answers.tokens.output, tally.repeatedUsage.counted.output],
    ['input tokens, summed naively', answers.tokensNaive.input, tally.repeatedUsage.naive.input],
    ['cost in micro-dollars', Math.round(answers.costUsd * 1e6), Math.round((tally.costUsd.computed ?? 0) * 1e6)],
    ['spans without a price', answers.unpricedSpans, tally.costUsd.unpricedSpans],
    ['runs with a retry', answers.retriedRuns, tally.retries.runs],
    ['runs with a fallback', answers.fallbackRuns, tally.fallbacks.runs],
    ['spans with a card number', answers.leakedSpans, found.find(({ rule }) => rule === 'credit-card')?.spans ?? 0],
    ['runs that failed', answers.failedRuns, tally.runErrors.x],
    ['rollbacks of a prompt', 1, evidence.rollbacks.rollbacks],
    ['runs after it that show the old version', answers.rolledBackRuns, evidence.rollbacks.shown.x],
    ['runs after it that name a version', answers.rolledBackRuns, evidence.rollbacks.shown.n],
    ['slow tenant', slowTenant, slow?.tenant],
    [
      'tenants',
      JSON.stringify(sorted(answers.tenantRuns)),
      JSON.stringify(sorted(Object.fromEntries(tally.groups.tenant.map(({ key, errors }) => [key, errors.n])))),
    ],
    ['decision', variant, card.decisions[0]?.decision],
  ]
  return pairs
    .filter(([, planted, measured]) => planted !== measured)
    .map(([what, planted, measured]) => `${what}: planted ${planted}, measured ${measured ?? 'nothing'}`)
}

function sorted(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
}
