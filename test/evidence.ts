import { usualRule } from '../src/core/completed.js'
import { completedCost } from '../src/core/completed-cost.js'
import type { Coverage, Evidence, RepeatCount, RunTally, Sample } from '../src/core/evidence.js'
import type { PeopleEvidence } from '../src/core/people.js'
import { type FeeInput, measurePlatformFee, type PlatformFee } from '../src/core/platform-fee.js'
import { securityQuestions } from '../src/core/security/questions.js'

const noSample: Sample = { values: [], unknown: 0 }

/** Coverage with only the counts that matter. */
export function coverageOf(requests: number, present: number, parts: Partial<Coverage> = {}): Coverage {
  const examples = { missing: [], outside: [], duplicate: [], late: [] }
  return { requests, present, missing: requests - present, outside: 0, duplicate: 0, late: 0, examples, ...parts }
}

/** Retries or fallbacks of which the export states none. */
export function inferredOnly(runs: number, spans: number, examples: string[] = []): RepeatCount {
  return { runs, spans, examples, stated: { runs: 0, spans: 0 }, inferred: { runs, spans } }
}

/** A sound platform of 600 runs without anything that stands out; every part may be replaced. */
export function tallyOf(parts: Partial<RunTally> = {}): RunTally {
  return {
    runs: 600,
    traces: 600,
    outsideWindow: 0,
    firstRunMs: undefined,
    lastRunMs: undefined,
    workflows: [],
    roots: [],
    states: { complete: 600, rootless: 0, 'several roots': 0, orphans: 0, unfinished: 0 },
    runErrors: { x: 0, n: 600 },
    spanErrors: { x: 0, n: 2400 },
    retries: inferredOnly(0, 0),
    fallbacks: inferredOnly(0, 0),
    repeatedUsage: { spans: 0, naive: { input: 0, output: 0 }, counted: { input: 0, output: 0 } },
    promptMapped: { x: 600, n: 600 },
    unmapped: [],
    promptVersions: [],
    costKnown: { x: 600, n: 600 },
    costUsd: { stated: undefined, computed: undefined, unpricedSpans: 0, unpricedModels: [] },
    costPerRun: noSample,
    costPerTask: { rule: usualRule, all: completedCost().result(), tenant: [], release: [], unseen: [] },
    latencyPerRun: noSample,
    tenantKnown: { x: 600, n: 600 },
    modelKnown: { x: 600, n: 600 },
    stepsTimed: { x: 1800, n: 1800 },
    groups: { model: [], tenant: [], user: [], workflow: [], step: [], 'prompt version': [], release: [] },
    capture: [],
    metadata: [],
    scored: { x: 0, n: 600 },
    ...parts,
  }
}

/** Nobody has logged anything. */
export function peopleOf(parts: Partial<PeopleEvidence> = {}): PeopleEvidence {
  return {
    effort: { hours: 0, entries: 0, byActivity: [], git: [] },
    tasks: [],
    usage: { entries: 0, engineers: [] },
    drillEngineers: [],
    teamSize: undefined,
    firstTraceMs: undefined,
    ...parts,
  }
}

/** No price sheet, no terms and no volume, but for what is given. */
export function feeOf(parts: Partial<FeeInput> = {}): PlatformFee {
  return measurePlatformFee({
    sheet: undefined,
    terms: { growth: 0, months: 12 },
    volume: { runsPerMonth: undefined, measuredRuns: 0, days: undefined },
    perRun: { traces: 1, spans: undefined, calls: undefined, scores: undefined, gigabytes: undefined },
    minutesSaved: undefined,
    ...parts,
  })
}

/** The evidence of one platform: sound, and nothing ingested beside its traces. */
export function evidenceOf(parts: Partial<Omit<Evidence, 'tally'>> & { tally?: Partial<RunTally> } = {}): Evidence {
  return {
    platform: 'promptlayer',
    role: 'candidate',
    coverage: undefined,
    unjoinable: undefined,
    feedback: { total: 0, joined: 0 },
    debugging: undefined,
    people: peopleOf(),
    questions: [],
    platformFee: feeOf(),
    security: { questions: securityQuestions, answers: [], access: [] },
    probes: {},
    rollbacks: { withinMs: 900_000, rollbacks: 0, shown: { x: 0, n: 0 }, unknown: 0, examples: [] },
    promptTests: undefined,
    found: [],
    sources: [],
    purged: [],
    ...parts,
    tally: tallyOf(parts.tally),
  }
}
