import type { Config } from '../config/schema.js'
import { standingOf } from '../core/ask/standing.js'
import { questionTally } from '../core/ask/tally.js'
import { measureCoverage, type TraceRef } from '../core/coverage.js'
import type { Evidence } from '../core/evidence.js'
import { createPricer } from '../core/prices.js'
import { defaultWithinMs, rollbackEvidence, watchDeployments } from '../core/prompts/watch.js'
import { selectsTrace, startOf } from '../core/select.js'
import { tallyRuns } from '../core/tally.js'
import type { Trace } from '../core/trace.js'
import { readDeployments } from '../store/deployments.js'
import { countFeedback, scoredTraceIds } from '../store/joins.js'
import type { Store } from '../store/open.js'
import { eachRequest } from '../store/requests.js'
import { readFindings, readSources } from '../store/sources.js'
import { eachTrace } from '../store/spans.js'
import { questionsOf } from './ask/answers.js'
import { askedRuns } from './ask/asked-run.js'
import { saidReader } from './ask/said.js'
import { debuggingReader, minutesSaved } from './drill/debugging.js'
import { readPeople } from './people-evidence.js'
import { readPlatformFee } from './platform-fee.js'
import { platformsOf, productionOf, windowOf } from './platforms.js'
import { sameInputOf } from './same-input.js'

/** The evidence of every candidate and of the baseline, read from the store in one pass each. */
export function readEvidence(db: Store, config: Config): Evidence[] {
  const requests = requestIndex(db)
  const debugging = debuggingReader(db, config)
  const deployments = readDeployments(db)
  return platformsOf(config).map(({ platform, role }) => {
    const join = traceIndex(requests.ids)
    const watch = watchDeployments(deployments, { withinMs: defaultWithinMs, environment: productionOf(config) })
    const asked = questionTally(questionsOf(config))
    const lookAt = askedRuns(db, platform)
    const said = saidReader(db, platform)
    const tally = tallyRuns(runsOf(db, platform, config, requests, join), {
      match: config.workflow.match,
      window: windowOf(config),
      required: config.capture.required,
      price: createPricer(config.prices),
      sameInput: sameInputOf(db, platform),
      scored: scoredTraceIds(db, platform),
      onRun: (run) => {
        watch.add(run)
        asked.add(lookAt(run))
      },
    })
    const drills = debugging(platform)
    const measured = requests.ids.size === 0 ? undefined : coverageOf(db, config, join)
    return {
      platform,
      role,
      tally,
      coverage: measured?.coverage,
      unjoinable: measured?.unjoinable,
      feedback: countFeedback(db, platform),
      debugging: drills,
      people: readPeople(db, config, { platform, drillEngineers: drills?.times.engineers ?? [] }),
      questions: asked.result().map((each) => standingOf(each, said(each.id))),
      platformFee: readPlatformFee(db, config, { platform, tally, minutesSaved: minutesSaved(drills) }),
      rollbacks: rollbackEvidence(watch.result()),
      found: readFindings(db, platform),
      sources: sourcesOf(db, platform),
    }
  })
}

/** The ids in the request log, and those of requests that are not production: their runs are not the workflow's. */
function requestIndex(db: Store): { ids: Set<string>; replayed: Set<string> } {
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

type Requests = ReturnType<typeof requestIndex>

/** Traces by request id and by trace id, of those ids alone that stand in the request log. */
function traceIndex(ids: ReadonlySet<string>) {
  const byTraceId = new Map<string, TraceRef[]>()
  const byRequestId = new Map<string, TraceRef[]>()
  const add = (index: Map<string, TraceRef[]>, id: string, ref: TraceRef) => {
    if (ids.has(id)) index.set(id, [...(index.get(id) ?? []), ref])
  }
  return {
    add(trace: Trace, requestIds: ReadonlySet<string>, selected: boolean): void {
      const ref = { traceId: trace.traceId, startMs: startOf(trace), selected }
      add(byTraceId, trace.traceId, ref)
      for (const id of requestIds) add(byRequestId, id, ref)
    },
    byTraceId: (id: string) => byTraceId.get(id) ?? [],
    byRequestId: (id: string) => byRequestId.get(id) ?? [],
  }
}

type TraceIndex = ReturnType<typeof traceIndex>

/** Every trace is indexed for the join; those of replayed and synthetic requests are not passed on to be counted. */
function* runsOf(db: Store, platform: string, config: Config, requests: Requests, join: TraceIndex): Generator<Trace> {
  const { match } = config.workflow
  for (const trace of eachTrace(db, platform)) {
    const requestIds = new Set(trace.spans.flatMap(({ request }) => (request === undefined ? [] : [request])))
    join.add(trace, requestIds, selectsTrace(trace, match))
    const isReplayed = requests.replayed.has(trace.traceId) || [...requestIds].some((id) => requests.replayed.has(id))
    if (!isReplayed) yield trace
  }
}

function coverageOf(db: Store, config: Config, join: TraceIndex) {
  return measureCoverage(eachRequest(db), join, { lateAfterMs: config.coverage.lateAfterMs, window: windowOf(config) })
}

function sourcesOf(db: Store, platform: string): Evidence['sources'] {
  return readSources(db)
    .filter((source) => source.kind === 'traces' && source.platform === platform)
    .map(({ path, format, state, problems }) => ({
      path,
      format: format ?? 'unknown',
      state: state === 'reading' ? 'interrupted' : state,
      problems,
    }))
}
