import type { LoadedConfig } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { PilotError } from '../core/errors.js'
import type { DeletionProbe } from '../core/probes/deletion.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import { type Candidate, planDeletion } from '../core/probes/plan-deletion.js'
import { seededRandom } from '../core/seeded-random.js'
import { isInWindow, runValue, selectedRoot, startOf } from '../core/select.js'
import { readStructure } from '../core/structure.js'
import { eachVersionOutline } from '../store/each-trace.js'
import type { Store } from '../store/open.js'
import { lastProbeRun, readProbeRuns } from '../store/probes.js'
import { readTrace } from '../store/spans.js'
import { environmentOf } from './export-outline.js'
import { keepProbe } from './keep-probe.js'
import { findOneTrace } from './open-trace.js'
import { requirePlatform, windowOf } from './platforms.js'
import { type DeletionSources, lookEverywhere } from './probe-deletion-look.js'
import { measuredTraces, requestIds } from './run-tally.js'
import { workspaceOf } from './workspace.js'

export interface DeletionPlanRequest {
  platform: string | undefined
  /** Ids, or their beginnings; none draws at random. */
  named: readonly string[]
  perEnvironment: number
  seed: number
  nowMs: number
}

type DeletionRun = Omit<ProbeRun<DeletionProbe>, 'id'>

/** Plans which traces the team deletes, and keeps the plan. Throws `PilotError` where there is none to plan. */
export function planDeletionProbe(loaded: LoadedConfig, request: DeletionPlanRequest): DeletionRun {
  const { config } = loaded
  const platform = requirePlatform(config, request.platform, 'Say where they are to be deleted')
  return writing(loaded, (db) => {
    const { named, perEnvironment, seed, nowMs } = request
    const isDrawn = named.length === 0
    const ids = new Set(named.map((id) => findOneTrace(db, id, platform).traceId))
    const candidates = [...candidatesIn(db, config, platform, ids)]
    const choice = isDrawn ? { perEnvironment, random: seededRandom(seed), seed } : { named: ids }
    const traces = planDeletion(candidates, choice)
    if (traces.length === 0)
      throw new PilotError(`Of ${candidates.length} production traces none has another of its day that could stay.`, {
        hint: 'pilot ingest <export> brings more; pilot probe deletion plan TRACE names one.',
      })
    const result = { plannedMs: nowMs, ...(isDrawn && { seed }), traces, looks: [] }
    return keep(loaded, db, { platform, startedMs: nowMs, result }, nowMs)
  })
}

/** Production traces of the workflow in the window that were not deleted before; those that are named in any case. */
function* candidatesIn(db: Store, config: Config, platform: string, named: ReadonlySet<string>): Generator<Candidate> {
  const window = windowOf(config)
  const requests = requestIds(db)
  const deleted = deletedBefore(db, platform)
  const known = new Set<string>()
  for (const trace of measuredTraces(eachVersionOutline(db, platform), requests)) {
    const root = selectedRoot(trace, readStructure(trace), config.workflow.match)
    const startMs = startOf(trace)
    const isOpen = root !== undefined && isInWindow(startMs, window) && !deleted.has(trace.traceId)
    if (!isOpen && !named.has(trace.traceId)) continue
    const first = root ?? trace.spans[0]! // a trace has a span
    known.add(trace.traceId)
    yield { traceId: trace.traceId, environment: runValue(trace, first, 'environment'), startMs }
  }
  // One of a replayed request may be named too.
  for (const traceId of named) {
    const trace = known.has(traceId) ? undefined : readTrace(db, platform, traceId)
    if (trace !== undefined) yield { traceId, environment: environmentOf(trace), startMs: startOf(trace) }
  }
}

/** What is gone on the platform is still in the store: it may neither be deleted again nor stand for what stayed. */
function deletedBefore(db: Store, platform: string): Set<string> {
  const done = readProbeRuns<DeletionProbe>(db, 'deletion', platform).filter(
    ({ result }) => result.deletedMs !== undefined,
  )
  return new Set(done.flatMap(({ result }) => result.traces.map(({ traceId }) => traceId)))
}

/** Notes when the team deleted them. Throws `PilotError` where nothing is planned, or the time does not fit. */
export function noteDeleted(
  loaded: LoadedConfig,
  { platform: named, atMs, nowMs }: { platform: string | undefined; atMs: number | undefined; nowMs: number },
): DeletionRun {
  const platform = requirePlatform(loaded.config, named, 'Say where they were deleted')
  return writing(loaded, (db) => {
    const probe = requirePlan(db, platform)
    const deletedMs = atMs ?? nowMs
    if (deletedMs > nowMs) throw new PilotError('--at: the time has not come yet.')
    if (deletedMs < probe.plannedMs)
      throw new PilotError(`--at: the plan was made later, at ${new Date(probe.plannedMs).toISOString()}.`, {
        hint: 'Plan first, then delete: pilot probe deletion plan.',
      })
    if (probe.looks.length > 0)
      throw new PilotError('The deletion was verified already, so that its time stays as it is.', {
        hint: 'pilot probe deletion plan begins a new one.',
      })
    // A second call by mistake would make the deletion look quicker than it was.
    if (atMs === undefined && probe.deletedMs !== undefined)
      throw new PilotError(`The deletion was noted already, at ${new Date(probe.deletedMs).toISOString()}.`, {
        hint: 'If that is wrong: pilot probe deletion deleted --at <time>',
      })
    return keep(loaded, db, { platform, startedMs: nowMs, result: { ...probe, deletedMs } }, nowMs)
  })
}

export interface VerifyRequest extends DeletionSources {
  platform: string | undefined
  /** Ends the command when the clock is asked again. */
  clock(): number
}

/** Looks for the deleted traces once, and keeps what was found. Throws `PilotError` where there is nothing to look for or at. */
export async function verifyDeletion(loaded: LoadedConfig, request: VerifyRequest): Promise<DeletionRun> {
  const platform = requirePlatform(loaded.config, request.platform, 'Say where they were deleted')
  const probe = readDeletion(loaded, platform)?.result
  if (probe === undefined) throw nothingPlanned()
  const { deletedMs } = probe
  if (deletedMs === undefined)
    throw new PilotError('The deletion is planned, and not done yet.', {
      hint: 'Delete the traces on the platform, then: pilot probe deletion deleted.',
    })
  const startedMs = request.clock()
  const looks = await lookEverywhere(loaded, { ...probe, deletedMs }, { ...request, platform })
  return writing(loaded, (db) => {
    // Somebody else may have looked meanwhile, or planned anew.
    const now = requirePlan(db, platform)
    if (now.plannedMs !== probe.plannedMs)
      throw new PilotError('A new deletion was planned while this one was looked for.', {
        hint: 'pilot probe deletion show',
      })
    const result = { ...now, looks: [...now.looks, ...looks] }
    return keep(loaded, db, { platform, startedMs, result }, request.clock())
  })
}

/** How a deletion stands; undefined where none was planned. */
export function readDeletion(loaded: LoadedConfig, platform: string): ProbeRun<DeletionProbe> | undefined {
  const db = workspaceOf(loaded).open('read')
  try {
    return lastProbeRun<DeletionProbe>(db, 'deletion', platform)
  } finally {
    db.close()
  }
}

function requirePlan(db: Store, platform: string): DeletionProbe {
  const run = lastProbeRun<DeletionProbe>(db, 'deletion', platform)
  if (run === undefined) throw nothingPlanned()
  return run.result
}

export function nothingPlanned(): PilotError {
  return new PilotError('No deletion is planned.', { hint: 'pilot probe deletion plan' })
}

function keep(
  loaded: LoadedConfig,
  db: Store,
  { platform, startedMs, result }: Pick<DeletionRun, 'platform' | 'startedMs' | 'result'>,
  endedMs: number,
): DeletionRun {
  const run = { probe: 'deletion' as const, platform, startedMs, endedMs, result }
  keepProbe(loaded, db, run)
  return run
}

function writing<T>(loaded: LoadedConfig, work: (db: Store) => T): T {
  const { open } = workspaceOf(loaded)
  open('read').close() // before the first ingest there is nothing, which it says
  const db = open('write')
  try {
    return db.transaction(() => work(db)).immediate()
  } finally {
    db.close()
  }
}
