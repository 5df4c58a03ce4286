import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { type CompletionRule, ruleTerms, usualRule } from '../core/completed.js'
import { PilotError } from '../core/errors.js'
import { compareTerms, type LockStatus, type TermChange, type Terms } from '../core/lock.js'
import { outageTerms } from '../core/probes/outage-terms.js'
import type { Amendment } from '../core/scorecard.js'
import { formatTarget, parseTarget } from '../core/target.js'
import { criteria } from '../criteria/index.js'
import { writeAtomically } from './atomic-write.js'
import { type LoadedConfig, parseYaml, readSmallFile } from './load.js'
import type { Config } from './schema.js'
import { Drills } from './sections/drills.js'
import { Evals } from './sections/evals.js'
import { Prompts } from './sections/prompts.js'

const range = z.strictObject({ min: z.number(), max: z.number() })

const LockTerms = z.strictObject({
  criteria: z.array(z.strictObject({ id: z.string(), target: z.string(), must: z.boolean() })),
  window: z.strictObject({ start: z.string(), end: z.string() }),
  late_after_ms: z.number(),
  volume: range,
  match: z.record(z.string(), z.string()),
  completed: z.record(z.string(), z.string()).optional(),
  required: z.record(z.string(), z.array(z.string())),
  drills: z.strictObject({ timebox_ms: z.number(), test: z.string(), required: z.array(z.string()) }).optional(),
  prompts: z.strictObject({ within_ms: z.number() }).optional(),
  overhead: z.strictObject({ pairs: z.number(), requests: z.number(), concurrency: z.array(z.number()) }).optional(),
  outage: z.record(z.string(), z.string()).optional(),
  evals: z.strictObject({ margin: z.number().optional(), checks: z.record(z.string(), z.string()) }).optional(),
})

const LockFile = z.strictObject({
  version: z.literal(1),
  locked_at: z.iso.datetime(),
  hash: z.string(),
  terms: LockTerms,
  amendments: z.array(z.strictObject({ at: z.iso.datetime(), reason: z.string(), hash: z.string(), terms: LockTerms })),
})

/** What `pilot.lock` holds: the terms of the pilot when they were fixed, and each recorded change. */
export type Lock = z.output<typeof LockFile>

/** How the config of today stands to its lock. */
export interface LockState {
  state: LockStatus
  /** Epoch milliseconds; undefined while unlocked. */
  lockedAtMs: number | undefined
  /** Every term that is not as it was locked. */
  changes: TermChange[]
  /** Those of the changes that are criteria, as the scorecard recomputes them. */
  amendments: Amendment[]
}

/** The lock beside pilot.yaml; undefined while there is none. Throws `PilotError` if it was edited by hand. */
export function readLock(directory: string): Lock | undefined {
  const path = join(directory, 'pilot.lock')
  if (!existsSync(path)) return undefined
  const hint = 'Restore it from version control; pilot lock --amend "reason" records a change.'
  const lock = parseYaml(readSmallFile(path, 'pilot.lock'), LockFile, { label: 'pilot.lock', hint })
  const entries = [lock, ...lock.amendments]
  if (entries.some(({ terms, hash }) => hashOf(terms) !== hash)) {
    throw new PilotError('pilot.lock: a hash does not fit the terms below it, so the file was edited by hand.', {
      hint,
    })
  }
  return lock
}

/** A lock on the terms of this config. */
export function lockCriteria(config: Config, nowMs: number): Lock {
  const terms = termsOf(config)
  return { version: 1, locked_at: new Date(nowMs).toISOString(), hash: hashOf(terms), terms, amendments: [] }
}

/** The lock with today's terms recorded as a change. Throws `PilotError` if nothing changed or no reason is given. */
export function amend(lock: Lock, config: Config, reason: string, nowMs: number): Lock {
  const terms = termsOf(config)
  const hash = hashOf(terms)
  if (reason.trim() === '')
    throw new PilotError('An amendment needs a reason.', { hint: 'pilot lock --amend "why it changed"' })
  if (hash === (lock.amendments.at(-1) ?? lock).hash)
    throw new PilotError('Nothing changed since the last entry of pilot.lock.')
  return {
    ...lock,
    amendments: [...lock.amendments, { at: new Date(nowMs).toISOString(), reason: reason.trim(), hash, terms }],
  }
}

/** Writes pilot.lock beside pilot.yaml, whole or not at all. */
export function saveLock(directory: string, lock: Lock): void {
  const heading = '# Written by pilot lock. Commit it: it shows what was fixed before the data came in.\n'
  writeAtomically(
    join(directory, 'pilot.lock'),
    heading + stringify(lock, { lineWidth: 120, aliasDuplicateObjects: false }),
  )
}

/** Locks the criteria where they are not yet; true if this did. Call it before data is stored. */
export function lockOnFirstData(
  { config, directory }: Pick<LoadedConfig, 'config' | 'directory'>,
  nowMs: number,
): boolean {
  if (readLock(directory) !== undefined) return false
  saveLock(directory, lockCriteria(config, nowMs))
  return true
}

/** Whether the config still says what was locked, and what it changed. */
export function lockState(config: Config, lock: Lock | undefined): LockState {
  if (lock === undefined) return { state: 'unlocked', lockedAtMs: undefined, changes: [], amendments: [] }
  const { status, changes } = compareTerms(lock, termsOf(config))
  const amendments = changes.flatMap(({ id, reason }) =>
    id.startsWith('criteria.') ? [amendmentOf(id.slice('criteria.'.length), reason, lock)] : [],
  )
  return { state: status, lockedAtMs: Date.parse(lock.locked_at), changes, amendments }
}

function amendmentOf(criterion: string, reason: string | undefined, lock: Lock): Amendment {
  const locked = lock.terms.criteria.find(({ id }) => id === criterion)
  const unit = criteria.find(({ id }) => id === criterion)?.unit
  const target = locked && unit && parseTarget(locked.target, unit)
  return { criterion, before: typeof target === 'object' ? { target, must: locked!.must } : undefined, reason } // a target has a locked criterion
}

function termsOf({
  criteria: asked,
  pilot,
  coverage,
  workflow,
  capture,
  drills,
  prompts,
  evals,
  probes,
}: Config): Lock['terms'] {
  return {
    criteria: asked.map(({ id, target, must }) => ({ id, target: formatTarget(target, unitOf(id)), must })),
    window: { start: pilot.start, end: pilot.end },
    late_after_ms: coverage.lateAfterMs,
    volume: workflow.volume,
    match: workflow.match as Record<string, string>, // zod leaves absent keys out
    ...completedTerms(workflow.completed),
    required: capture.required as Record<string, string[]>,
    ...drillTerms(drills),
    ...(prompts.within === Prompts.parse({}).within ? {} : { prompts: { within_ms: prompts.within } }),
    ...overheadTerms(probes.overhead),
    ...(probes.outage && { outage: outageTerms(probes.outage) }),
    ...evalTerms(evals),
  } satisfies Terms
}

/** Left out while a run is completed as pilot proposes it. */
function completedTerms(rule: CompletionRule | undefined): Pick<Lock['terms'], 'completed'> {
  const terms = ruleTerms(rule ?? usualRule)
  return Object.keys(terms).length === 0 ? {} : { completed: terms }
}

/** Left out while they are the proposed ones, so that a lock says no more than it has to. */
function drillTerms({ timebox, test, required, questions }: Config['drills']): Pick<Lock['terms'], 'drills'> {
  const proposed = Drills.parse({})
  const own = questions.filter((question) => question.required).map(({ id }) => id)
  const terms = { timebox_ms: timebox, test, required: [...required, ...own] }
  const isProposed =
    own.length === 0 &&
    timebox === proposed.timebox &&
    test === proposed.test &&
    required.toSorted().join() === proposed.required.toSorted().join()
  return isProposed ? {} : { drills: terms }
}

/** Left out while no probe is stated. What it is held to is the target of its criterion. */
function overheadTerms(overhead: Config['probes']['overhead']): Pick<Lock['terms'], 'overhead'> {
  if (overhead === undefined) return {}
  const { pairs, requests, concurrency } = overhead
  return { overhead: { pairs, requests, concurrency } }
}

/** Left out while nothing is stated. A judge is not in it: its certificate is bound to its rubric and model. */
function evalTerms({ margin, suites }: Config['evals']): Pick<Lock['terms'], 'evals'> {
  const gating = suites.flatMap(({ id: suite, checks }) =>
    checks
      .filter(({ gate }) => gate)
      .map(({ id, check, settings }): [string, string] => [`${suite}/${id}`, digest({ check, settings }).slice(0, 16)]),
  )
  const isProposed = margin === Evals.parse({}).margin
  if (gating.length === 0 && isProposed) return {}
  return { evals: { ...(!isProposed && { margin }), checks: Object.fromEntries(gating) } }
}

function unitOf(id: string) {
  return criteria.find((criterion) => criterion.id === id)!.unit // the config schema lets only known ids through
}

/** SHA-256 of the terms; criteria sorted, so that order and layout of the file do not matter. */
function hashOf(terms: Lock['terms']): string {
  return `sha256:${digest({ ...terms, criteria: terms.criteria.toSorted((a, b) => (a.id < b.id ? -1 : 1)) })}`
}

/** SHA-256 of a value as canonical JSON: keys sorted. */
function digest(value: object): string {
  const canonical = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
  return createHash('sha256').update(canonical).digest('hex')
}
