import type { Declared, PilotFacts } from './pilot-facts.js'
import { promptTests } from './prompts/tests.js'

export const phaseIds = ['criteria', 'tracing', 'evals', 'release', 'decision'] as const
export type PhaseId = (typeof phaseIds)[number]

/** Days of the pilot, both included; day 1 is `pilot.start`. */
export interface Days {
  min: number
  max: number
}

/** Evidence that a phase has to leave behind. */
interface Evidence {
  what: string
  next?: string
  isThere(declared: Declared, facts: PilotFacts): boolean
}

interface Phase {
  title: string
  /** In a pilot of four weeks. */
  days: Days
  evidence: readonly Evidence[]
}

/** Production questions that need scores or evals, which come in the second week. */
const onQuality: readonly string[] = ['quality-change', 'production-vs-offline']

/** What each phase of the method has to leave behind. */
export const phases: Readonly<Record<PhaseId, Phase>> = {
  criteria: {
    title: 'Criteria, workflow and map',
    days: { min: 1, max: 2 },
    evidence: [
      {
        what: 'workflow entry, destination, existing logs and map in pilot.yaml',
        next: 'pilot check',
        isThere: ({ workflow }) => isDocumented(workflow),
      },
      {
        what: 'privacy rules in pilot.yaml',
        next: 'pilot check',
        isThere: ({ capture }) => Boolean(capture.privacy?.length),
      },
      { what: 'locked criteria', next: 'pilot lock', isThere: (_, { lock }) => lock !== 'unlocked' },
    ],
  },
  tracing: {
    title: 'Tracing, prompt metadata, cost and latency',
    days: { min: 3, max: 5 },
    evidence: [
      { what: 'security sign-off', next: 'pilot check', isThere: ({ security }) => security.sign_off !== undefined },
      {
        what: 'traces of every candidate',
        next: 'pilot ingest <export>',
        isThere: (_, { emptyCandidates }) => emptyCandidates.length === 0,
      },
      {
        what: 'the request log',
        next: 'pilot ingest <requests> --as requests',
        isThere: (_, { requests }) => requests !== undefined,
      },
      {
        what: 'prompt versions in the traces',
        next: 'pilot capture',
        isThere: (_, { promptVersions }) => promptVersions > 0,
      },
      { what: 'runs with a known cost', next: 'pilot cost', isThere: (_, { pricedRuns }) => pricedRuns > 0 },
      {
        what: 'runs that conform to the map',
        next: 'pilot map',
        isThere: (_, { offTheMap }) => offTheMap.length === 0,
      },
      {
        what: 'runs that answer the production questions, but for those on quality',
        next: 'pilot ask',
        isThere: (_, { unanswered }) => unanswered.every((name) => onQuality.includes(name)),
      },
    ],
  },
  evals: {
    title: 'Evals, prompt versions, drills on real examples',
    days: { min: 8, max: 14 },
    evidence: [
      { what: 'eval scores on runs', next: 'pilot ingest <export>', isThere: (_, { scores }) => scores > 0 },
      {
        what: 'a second prompt version',
        next: 'pilot ingest <export>',
        isThere: (_, { promptVersions }) => promptVersions > 1,
      },
      {
        what: 'deployments of prompt versions',
        next: 'pilot ingest <deployments> --as deployments',
        isThere: (_, { deployments }) => deployments.prompts > 0,
      },
      ...promptTests.map((test) => ({
        what: `the test ${test}, recorded`,
        next: 'pilot prompts tests',
        isThere: (_: Declared, { recordedTests }: PilotFacts) => recordedTests.includes(test),
      })),
      {
        what: 'runs that answer the production questions on quality',
        next: 'pilot ask',
        isThere: (_, { unanswered }) => !onQuality.some((name) => unanswered.includes(name)),
      },
      { what: 'timed drills', next: 'pilot drill new', isThere: (_, { drills }) => drills.attempts > 0 },
    ],
  },
  release: {
    title: 'Release workflow, access, overhead',
    days: { min: 15, max: 21 },
    evidence: [
      {
        what: 'two releases in the traces, to be compared by pilot releases',
        next: 'pilot ingest <export>',
        isThere: (_, { releases }) => releases > 1,
      },
      {
        what: 'deployments of releases',
        next: 'pilot ingest <deployments> --as deployments',
        isThere: (_, { deployments }) => deployments.releases > 0,
      },
      {
        what: 'answers to the security questions',
        next: 'pilot log security',
        isThere: (_, { securityReview }) => securityReview.open === 0,
      },
      {
        what: 'a probe of the overhead',
        next: 'pilot probe overhead',
        isThere: (_, { probed }) => probed.includes('overhead'),
      },
      {
        what: 'a probe of an outage',
        next: 'pilot probe outage',
        isThere: (_, { probed }) => probed.includes('outage'),
      },
    ],
  },
  decision: {
    title: 'Scorecard and decision',
    days: { min: 22, max: 28 },
    evidence: [
      {
        what: 'the wanted volume of production requests',
        next: 'pilot coverage',
        isThere: ({ workflow }, { requests }) => (requests?.production ?? 0) >= workflow.volume.min,
      },
      {
        what: 'a verdict on every must',
        next: 'pilot scorecard',
        isThere: (_, { openMusts }) => openMusts.length === 0,
      },
    ],
  },
}

function isDocumented({ entry, destination, existing_logs, map }: Declared['workflow']): boolean {
  return entry !== undefined && destination !== undefined && Boolean(existing_logs?.length) && Boolean(map?.length)
}
