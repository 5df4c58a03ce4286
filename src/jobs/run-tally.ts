import type { Config } from '../config/schema.js'
import type { Evidence } from '../core/evidence.js'
import { createPricer } from '../core/prices.js'
import type { Run } from '../core/run.js'
import { type Part, type TallyOf, type TallyOptions, tallyParts } from '../core/tally.js'
import type { Trace } from '../core/trace.js'
import { scoredTraceIds } from '../store/joins.js'
import type { Store } from '../store/open.js'
import { eachRequest } from '../store/requests.js'
import { completionReader } from './completion.js'
import { wantedPlatforms, windowOf } from './platforms.js'
import { sameInputOf } from './same-input.js'

type ReadTraces = (db: Store, platform: string) => Iterable<Trace>

/** How the runs of a platform are counted, by pilot.yaml. */
export function tallyOptions(db: Store, config: Config, platform: string) {
  return {
    match: config.workflow.match,
    window: windowOf(config),
    required: config.capture.required,
    price: createPricer(config.prices),
    sameInput: sameInputOf(db, platform),
    scored: scoredTraceIds(db, platform),
    completion: completionReader(db, config, platform),
  } satisfies TallyOptions
}

/** What is counted of the runs of each platform, or of the one that is named: these parts alone, in one pass over what `read` reads. */
export function readTallies<P extends Part>(
  db: Store,
  config: Config,
  {
    platform: named,
    parts,
    read,
    onRun,
  }: {
    platform: string | undefined
    parts: readonly P[]
    read: ReadTraces
    /** Sees every run that is counted. */
    onRun?: (platform: string, run: Run) => void
  },
): (Pick<Evidence, 'platform' | 'role'> & { tally: TallyOf<P> })[] {
  const requests = requestIds(db)
  return wantedPlatforms(config, named).map(({ platform, role }) => ({
    ...{ platform, role },
    tally: tallyParts(
      measuredTraces(read(db, platform), requests),
      { ...tallyOptions(db, config, platform), onRun: (run) => onRun?.(platform, run) },
      { parts },
    ),
  }))
}

/** The ids in the request log, and those of requests that are not production: their runs are not the workflow's. */
export function requestIds(db: Store): { ids: Set<string>; replayed: Set<string> } {
  const ids = new Set<string>()
  const replayed = new Set<string>()
  for (const { id, traceId, origin } of eachRequest(db)) {
    for (const key of [id, traceId]) {
      if (key === undefined) continue
      ids.add(key)
      if (origin !== 'production') replayed.add(key)
    }
  }
  return { ids, replayed }
}

/** The traces that are counted: none of a replayed or synthetic request. `onTrace` sees those too, with their requests. */
export function* measuredTraces(
  traces: Iterable<Trace>,
  { ids, replayed }: ReturnType<typeof requestIds>,
  onTrace?: (trace: Trace, requests: ReadonlySet<string>) => void,
): Generator<Trace> {
  for (const trace of traces) {
    if (ids.size > 0) {
      const requests = new Set<string>()
      for (const { request } of trace.spans) if (request !== undefined) requests.add(request)
      onTrace?.(trace, requests)
      if (replayed.has(trace.traceId) || [...requests].some((id) => replayed.has(id))) continue
    }
    yield trace
  }
}
