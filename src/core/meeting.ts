import type { ArmTimes } from './drill/arm-times.js'
import type { Evidence } from './evidence.js'
import { type PersonaSummary, summarisePersonas } from './persona-summary.js'
import type { RecordedTests, TestRecord } from './prompts/recorded.js'
import { type RequestOrigin, requestOrigins } from './span.js'
import { wilson } from './stats/proportion.js'
import { breakDown, type GroupSummary, type Summary, summarise } from './summary.js'

/** The tables that a review meeting asks for, of one platform. */
export interface Meeting {
  platform: string
  /** Requests by origin, those without any left out; empty when coverage is not measured. */
  coverage: { origin: RequestOrigin; present: number; requests: number; interval: { low: number; high: number } }[]
  /** How the tasks of each persona went. */
  personas: PersonaSummary[]
  /** Undefined where they were never recorded. */
  promptTests?: Pick<TestRecord, 'timeMs' | 'results'> & Pick<RecordedTests, 'since'>
  costPerRun: Summary
  latency: Summary
  /** Undefined while no attempt was judged. */
  debugTimes?: Pick<ArmTimes, 'curve' | 'median' | 'low' | 'high' | 'limitMinutes' | 'judged'>
  /** The dearest first; `more` counts those left out. */
  costByModel: { groups: GroupSummary[]; more: number }
  costByTenant: { groups: GroupSummary[]; more: number }
}

/** How many models and tenants a meeting looks at. */
const shown = 5

/** The meeting's tables, from the evidence of one platform. */
export function meetingOf({
  platform,
  tally,
  coverage,
  unjoinable,
  people,
  debugging,
  promptTests,
}: Evidence): Meeting {
  return {
    platform,
    coverage: coverage === undefined || unjoinable !== undefined ? [] : byOrigin(coverage),
    personas: summarisePersonas(people.tasks),
    ...(promptTests && {
      promptTests: { timeMs: promptTests.record.timeMs, results: promptTests.record.results, since: promptTests.since },
    }),
    costPerRun: summarise(tally.costPerRun),
    latency: summarise(tally.latencyPerRun),
    ...(debugging && debugging.times.judged > 0 && { debugTimes: timesOf(debugging.times) }),
    costByModel: dearest(breakDown(tally.groups.model, 'costUsd')),
    costByTenant: dearest(breakDown(tally.groups.tenant, 'costUsd')),
  }
}

function timesOf({ curve, median, low, high, limitMinutes, judged }: ArmTimes): Meeting['debugTimes'] {
  return { curve, median, low, high, limitMinutes, judged }
}

function byOrigin(coverage: NonNullable<Evidence['coverage']>): Meeting['coverage'] {
  return requestOrigins
    .map((origin) => ({ origin, present: coverage[origin].present, requests: coverage[origin].requests }))
    .filter(({ requests }) => requests > 0)
    .map((counts) => ({ ...counts, interval: wilson(counts.present, counts.requests) }))
}

function dearest(groups: GroupSummary[]) {
  return { groups: groups.slice(0, shown), more: Math.max(0, groups.length - shown) }
}
