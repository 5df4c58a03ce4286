import { seededRandom } from '../../core/seeded-random.js'
import { demoAttempts } from './attempts.js'
import { demoBill } from './bill.js'
import { changedAt } from './changes.js'
import { demoDeployments } from './deployments.js'
import { earliestMs, type Planted, plantFaults, productionRequests, type Variant } from './plan.js'
import { type DraftTrace, draftTrace, otlpLine } from './trace.js'

/** What the demo's scorecard must say, counted while the data were made. */
export interface DemoAnswers {
  coverage: { requests: number; present: number; missing: number; duplicate: number; late: number }
  promptMapped: { x: number; n: number }
  costKnown: { x: number; n: number }
  runs: number
  tokens: { input: number; output: number }
  tokensNaive: { input: number; output: number }
  costUsd: number
  unpricedSpans: number
  retriedRuns: number
  fallbackRuns: number
  leakedSpans: number
  failedRuns: number
  /** Runs that begin later than 15 minutes after the rollback of the prompt, and before 8 is live again. */
  rolledBackRuns: number
  tenantRuns: Record<string, number>
}

export interface Demo {
  traces: string[]
  requests: string[]
  feedback: string[]
  /** What the models' provider bills, as CSV. */
  billing: string[]
  /** What engineers did in drills, timed by hand, as CSV; empty in variants where that evidence is missing. */
  attempts: string[]
  /** What went live when, as CSV. */
  deployments: string[]
  answers: DemoAnswers
}

/** The demo's exports as JSON lines, with the answers they must give; the same for the same variant and seed. */
export function generateDemo(variant: Variant, seed: number): Demo {
  const random = seededRandom(seed)
  const planted = plantFaults(variant)
  const drafts = planted.map((plan) => draft(plan, planted.length, random))
  return {
    traces: drafts.flatMap(({ traces, release }) => traces.map((trace) => otlpLine(trace, release))),
    requests: drafts.map(({ request }) => JSON.stringify(request)),
    feedback: drafts.flatMap(({ feedback }) => (feedback ? [JSON.stringify(feedback)] : [])),
    billing: demoBill(
      drafts.flatMap(({ traces }) => traces),
      drafts.filter(({ plan }) => !plan.hasTrace).map(({ request }) => Date.parse(request.time!)),
    ),
    attempts: demoAttempts(variant),
    deployments: demoDeployments(),
    answers: answers(drafts.filter(({ plan }) => plan.origin === 'production')),
  }
}

interface Draft {
  plan: Planted
  release: string
  request: Record<string, string>
  feedback: Record<string, string> | undefined
  traces: DraftTrace[]
}

function draft(plan: Planted, total: number, random: () => number): Draft {
  // Replayed and synthetic requests stand between the production ones in time, as they do in life.
  const place = plan.origin === 'production' ? plan.index : (((plan.index * 37) % total) / total) * productionRequests
  const requestMs = Math.round(earliestMs(place) + random() * 600_000)
  const requestId = `req-${String(plan.index + 1).padStart(4, '0')}`
  const { release } = plan
  const lateness = plan.isLate ? 9 * 60_000 : 20
  const times = plan.hasTrace ? (plan.isDuplicated ? [0, 40_000] : [0]) : []
  const traces = times.map((offset) => draftTrace(plan, requestId, requestMs + lateness + offset, random))
  const traceId = traces[0]?.traceId
  return {
    plan,
    release,
    traces,
    request: {
      request_id: requestId,
      time: new Date(requestMs).toISOString(),
      origin: plan.origin,
      tenant: plan.tenant,
      user: `user-${plan.index % 83}`,
      release,
    },
    feedback:
      plan.index % 9 === 0 && traceId
        ? {
            request_id: requestId,
            time: new Date(requestMs + 90_000).toISOString(),
            kind: 'thumbs',
            value: plan.index % 4 === 0 || plan.isSlowed ? 'down' : 'up',
          }
        : undefined,
  }
}

/** The answers speak of production alone: replayed and synthetic requests stand in the store, and count for nothing. */
function answers(production: readonly Draft[]): DemoAnswers {
  const runs = production.flatMap(({ traces }) => traces)
  const count = (has: (draft: Draft) => boolean) => production.filter(has).length
  const runCount = (has: (plan: Planted) => boolean) =>
    production.filter(({ plan }) => has(plan)).flatMap(({ traces }) => traces).length
  const sum = (value: (run: DraftTrace) => number) => runs.reduce((total, run) => total + value(run), 0)
  const spellings = new Set(production.map(({ plan }) => plan.tenantInTrace))
  const perTenant = [...spellings].map((name) => [name, runCount((plan) => plan.tenantInTrace === name)])
  return {
    coverage: {
      requests: production.length,
      present: count(({ plan }) => plan.hasTrace),
      missing: count(({ plan }) => !plan.hasTrace),
      duplicate: count(({ plan }) => plan.isDuplicated),
      late: count(({ plan }) => plan.isLate),
    },
    runs: runs.length,
    promptMapped: { x: runCount((plan) => plan.hasPromptVersion), n: runs.length },
    costKnown: { x: runs.filter(({ costUsd }) => costUsd !== undefined).length, n: runs.length },
    tokens: { input: sum(({ usage }) => usage.input), output: sum(({ usage }) => usage.output) },
    tokensNaive: { input: sum(({ naive }) => naive.input), output: sum(({ naive }) => naive.output) },
    costUsd: sum(({ costUsd }) => costUsd ?? 0),
    unpricedSpans: runCount((plan) => plan.isUnpriced),
    retriedRuns: runCount((plan) => plan.isToolRetried),
    fallbackRuns: runCount((plan) => plan.isFallback),
    // The card stands in three spans: the root's and the retriever's input, and the prompt.
    leakedSpans: runCount((plan) => plan.leaksCard) * 3,
    failedRuns: runCount(({ isFailed }) => isFailed),
    rolledBackRuns: runCount(isAfterRollback),
    tenantRuns: Object.fromEntries(perTenant),
  }
}

/** The request at which the rollback is live comes within ten minutes of it, the others later. */
function isAfterRollback({ index, hasPromptVersion }: Planted): boolean {
  return index > changedAt.promptRollback && index < changedAt.promptAgain && hasPromptVersion
}
