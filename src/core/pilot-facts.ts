import type { CompletionRule } from './completed.js'
import type { RequiredField } from './evidence.js'
import type { LockStatus } from './lock.js'
import type { ProbeName } from './probes/evidence.js'
import type { PromptTest } from './prompts/tests.js'
import type { RequestOrigin, SpanKind } from './span.js'

/** What a pilot declares, as far as its mistakes and its day plan depend on it; pilot.yaml has these keys. */
export interface Declared {
  pilot: { start: string; end: string; candidates: readonly { id: string }[] }
  questions?: readonly { question: string; fields: readonly RequiredField[] }[]
  workflow: {
    entry?: string
    destination?: string
    existing_logs?: readonly string[]
    volume: { min: number }
    completed?: CompletionRule
    map?: readonly unknown[]
  }
  capture: { required: Partial<Record<SpanKind, readonly RequiredField[]>>; privacy?: readonly unknown[] }
  criteria: readonly { id: string; must: boolean }[]
  security: { sign_off?: { date: string } }
}

/** What the store and the lock hold of a pilot, over all its candidates; of requests and traces only those of the window. */
export interface PilotFacts {
  lock: LockStatus
  /** Spans stored, whatever the window. */
  spans: number
  /** Candidates of which nothing was ingested. */
  emptyCandidates: readonly string[]
  /** Undefined until a request log was ingested. */
  requests: Readonly<Record<RequestOrigin, number>> | undefined
  /** Epoch milliseconds of the first production request, else of the first selected run; undefined while there is neither. */
  firstProductionMs: number | undefined
  /** Workflow names (else root names) of the selected runs, most frequent first. */
  workflows: readonly string[]
  /** Metadata keys by which nothing can be grouped: several spellings, contradictions, a value per run. */
  looseKeys: readonly string[]
  /** Sources that came in under other privacy rules than those of today. */
  sourcesUnderOtherRules: number
  /** Steps and scores in `workflow.completed` that no run has, each with the nearest name that runs have. */
  unseenNames: readonly { key: string; name: string; near: string | undefined }[]
  /** Questions of the security review: of all candidates together, and how many are open. */
  securityReview: { questions: number; open: number }
  /** Scores joined to selected runs. */
  scores: number
  /** Of the prompt that has the most versions; two prompts of one version each are no change of a prompt. */
  promptVersions: number
  releases: number
  /** Selected runs whose cost is fully known. */
  pricedRuns: number
  /** How many are stored. */
  deployments: { prompts: number; releases: number }
  /** Tests of prompt versions that were recorded of every candidate, and came to passed or failed. */
  recordedTests: readonly PromptTest[]
  /** Probes that were run of every candidate; the outage in whole. */
  probed: readonly ProbeName[]
  /** Names of production questions that no run of some candidate answers. */
  unanswered: readonly string[]
  /** Candidates without a run that conforms to the declared map. */
  offTheMap: readonly string[]
  /** Of drills: attempts that have ended, and when the last began, epoch milliseconds. */
  drills: { attempts: number; lastMs: number | undefined }
  /** Musts that have no verdict yet on some candidate: not measured, or inconclusive. */
  openMusts: readonly string[]
}
