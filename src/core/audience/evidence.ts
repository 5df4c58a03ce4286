import type { CompletedCost } from '../completed-cost.js'
import type { CompletedCosts } from '../completed-tally.js'
import {
  type Coverage,
  type Dimension,
  dimensions,
  type Evidence,
  type RepeatCount,
  type RunTally,
} from '../evidence.js'
import type { FeePart, PlatformFee } from '../platform-fee.js'
import { fewestRuns } from './audiences.js'
import { completedSight } from './completed.js'
import { groupsForProduct, numberedByRuns } from './groups.js'
import type { Names } from './names.js'
import { purgedForProduct } from './purged.js'
import { each, none, only, own } from './sight.js'

/** The evidence of a platform in numbers: of requests, runs and groups no id, and nothing of what people wrote. */
export function evidenceForProduct(names: Names): (evidence: Evidence) => Evidence {
  const tally = tallySight(names)
  return only<Evidence>({
    platform: own,
    role: 'shown',
    tally,
    coverage: (found) => ({
      production: coverage(found.production),
      replay: coverage(found.replay),
      synthetic: coverage(found.synthetic),
    }),
    unjoinable: () => 'No request has an id in common with a trace.',
    feedback: 'shown',
    debugging: 'hidden',
    people: () => nobody,
    questions: none,
    promptTests: 'hidden',
    security: () => ({ questions: [], answers: [], access: [] }),
    probes: () => ({}),
    purged: purgedForProduct,
    platformFee: fee,
    rollbacks: only<Evidence['rollbacks']>({
      withinMs: 'shown',
      rollbacks: 'shown',
      shown: 'shown',
      unknown: 'shown',
      examples: none,
    }),
    found: none,
    sources: none,
  })
}

const nobody: Evidence['people'] = {
  effort: { hours: 0, entries: 0, byActivity: [], git: [] },
  tasks: [],
  usage: { entries: 0, engineers: [] },
  drillEngineers: [],
  teamSize: undefined,
  firstTraceMs: undefined,
}

const coverage = only<Coverage>({
  requests: 'shown',
  present: 'shown',
  missing: 'shown',
  outside: 'shown',
  duplicate: 'shown',
  late: 'shown',
  examples: () => ({ missing: [], outside: [], duplicate: [], late: [] }),
})

const repeats = only<RepeatCount>({
  runs: 'shown',
  spans: 'shown',
  examples: none,
  stated: 'shown',
  inferred: 'shown',
})

function tallySight(names: Names): (tally: RunTally) => RunTally {
  return only<RunTally>({
    runs: 'shown',
    traces: 'shown',
    outsideWindow: 'shown',
    firstRunMs: 'shown',
    lastRunMs: 'shown',
    workflows: (found) => found.map(({ name, runs }) => ({ name: names.of('workflow', name), runs })),
    roots: (found) => found.map(({ name, traces, selected }) => ({ name: names.of('step', name), traces, selected })),
    states: 'shown',
    runErrors: 'shown',
    spanErrors: 'shown',
    retries: repeats,
    fallbacks: repeats,
    repeatedUsage: 'shown',
    promptMapped: 'shown',
    unmapped: (found) => found.map(({ name, spans }) => ({ name: names.of('step', name), spans, examples: [] })),
    promptVersions: (found) =>
      found.map(({ name, version, spans, runs }) => ({
        ...{ name: names.of('prompt', name), version: names.of('version', version) },
        ...{ spans, runs },
      })),
    costKnown: 'shown',
    costUsd: ({ stated, computed, unpricedSpans, unpricedModels }) => ({
      ...{ stated, computed, unpricedSpans },
      unpricedModels: unpricedModels.map((model) => names.of('model', model)),
    }),
    costPerRun: 'shown',
    costPerTask: completedCosts(names),
    latencyPerRun: 'shown',
    tenantKnown: 'shown',
    modelKnown: 'shown',
    stepsTimed: 'shown',
    groups: (found) =>
      Object.fromEntries(
        dimensions.map((dimension) => [dimension, groupsForProduct(dimension, found[dimension], names)]),
      ) as Record<Dimension, RunTally['groups'][Dimension]>, // of every dimension
    capture: 'shown',
    metadata: each(
      only<RunTally['metadata'][number]>({
        key: 'shown',
        present: 'shown',
        distinct: 'shown',
        spellings: none,
        conflicting: 'shown',
        tooManyValues: 'shown',
      }),
    ),
    scored: 'shown',
  })
}

/** By the rule of pilot.yaml; of tenants by their place, and no group that singles anybody out. */
function completedCosts(names: Names): (found: CompletedCosts) => CompletedCosts {
  const isLarge = ({ runs }: { runs: number }) => runs >= fewestRuns
  return only<CompletedCosts>({
    rule: (rule) => rule,
    all: completed,
    tenant: (groups) => numberedByRuns('tenant', groups).map((group) => ({ ...completed(group), key: group.key })),
    release: (groups) =>
      groups.filter(isLarge).map((group) => ({ ...completed(group), key: names.of('release', group.key) })),
    unseen: (steps) => steps,
  })
}

const completed = only<CompletedCost>(completedSight)

/** What pilot.yaml and its own prices say: all of it is the team's. */
function fee(found: PlatformFee): PlatformFee {
  const { hoursSaved, budgetUsd, volume, perRun, unpriced } = found
  const common = { hoursSaved, budgetUsd, volume, perRun, unpriced }
  if (!found.known) return { ...common, known: false, missing: found.missing }
  const { growth, months, overBudgetFrom } = found
  return {
    ...{ ...common, known: true, growth, overBudgetFrom },
    months: months.map(({ month, runs, parts, totalUsd }) => ({ month, runs, parts: parts.map(part), totalUsd })),
  }
}

const part = only<FeePart>({ part: 'shown', of: own, quantity: 'shown', usd: 'shown' })
