import type { Config } from '../config/schema.js'
import { standingOf } from '../core/ask/standing.js'
import { questionTally } from '../core/ask/tally.js'
import { measureCoverage, type TraceRef } from '../core/coverage.js'
import type { Evidence } from '../core/evidence.js'
import { rollbackEvidence, watchDeployments } from '../core/prompts/watch.js'
import { selectsTrace, startOf } from '../core/select.js'
import { tallyRuns } from '../core/tally.js'
import type { Trace } from '../core/trace.js'
import { readDeployments } from '../store/deployments.js'
import { eachTrace } from '../store/each-trace.js'
import { countFeedback } from '../store/joins.js'
import type { Store } from '../store/open.js'
import { readPurges } from '../store/purge/audit.js'
import { eachRequest } from '../store/requests.js'
import { readFindings, readSources } from '../store/sources.js'
import { questionsOf } from './ask/answers.js'
import { askedRuns } from './ask/asked-run.js'
import { saidReader } from './ask/said.js'
import { debuggingReader, minutesSaved } from './drill/debugging.js'
import { readPeople } from './people-evidence.js'
import { readPlatformFee } from './platform-fee.js'
import { productionOf, wantedPlatforms, windowOf } from './platforms.js'
import { readProbes } from './probe-evidence.js'
import { lastRecorded } from './prompts/recorded-tests.js'
import { measuredTraces, requestIds, tallyOptions } from './run-tally.js'
import { readSecurity } from './security.js'

/** The evidence of every candidate and of the baseline, or of the one that is named, read from the store in one pass each. */
export function readEvidence(db: Store, config: Config, named?: string): Evidence[] {
  const requests = requestIds(db)
  const debugging = debuggingReader(db, config)
  const deployments = readDeployments(db)
  return wantedPlatforms(config, named).map(({ platform, role }) => {
    const join = traceIndex(requests.ids)
    const watch = watchDeployments(deployments, { withinMs: config.prompts.within, environment: productionOf(config) })
    const asked = questionTally(questionsOf(config))
    const options = tallyOptions(db, config, platform)
    const lookAt = askedRuns(db, platform, options.completion)
    const said = saidReader(db, platform)
    const traces = measuredTraces(eachTrace(db, platform), requests, (trace, ids) =>
      join.add(trace, ids, () => selectsTrace(trace, config.workflow.match)),
    )
    const tally = tallyRuns(traces, {
      ...options,
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
      security: readSecurity(db, config, { platform, role }),
      probes: readProbes(db, platform),
      rollbacks: rollbackEvidence(watch.result(), config.prompts.within),
      promptTests: lastRecorded(db, config, { platform, runs: tally.runs, deployments }),
      found: readFindings(db, platform),
      sources: sourcesOf(db, platform),
      purged: purgedOf(db, platform),
    }
  })
}

/** Traces by request id and by trace id, of those ids alone that stand in the request log. */
function traceIndex(ids: ReadonlySet<string>) {
  const byTraceId = new Map<string, TraceRef[]>()
  const byRequestId = new Map<string, TraceRef[]>()
  const add = (index: Map<string, TraceRef[]>, id: string, ref: TraceRef) => {
    const refs = index.get(id)
    // In place: an exporter may give all traces one request.
    if (refs === undefined) index.set(id, [ref])
    else refs.push(ref)
  }
  return {
    add(trace: Trace, requests: ReadonlySet<string>, isSelected: () => boolean): void {
      const known = [...requests].filter((id) => ids.has(id))
      if (!ids.has(trace.traceId) && known.length === 0) return
      const ref = { traceId: trace.traceId, startMs: startOf(trace), selected: isSelected() }
      if (ids.has(trace.traceId)) add(byTraceId, trace.traceId, ref)
      for (const id of known) add(byRequestId, id, ref)
    },
    byTraceId: (id: string) => byTraceId.get(id) ?? [],
    byRequestId: (id: string) => byRequestId.get(id) ?? [],
  }
}

type TraceIndex = ReturnType<typeof traceIndex>

function coverageOf(db: Store, config: Config, join: TraceIndex) {
  return measureCoverage(eachRequest(db), join, { lateAfterMs: config.coverage.lateAfterMs, window: windowOf(config) })
}

function purgedOf(db: Store, platform: string): Evidence['purged'] {
  return readPurges(db).flatMap(({ timeMs, selector, platforms }) => {
    const traces = Object.hasOwn(platforms, platform) ? platforms[platform]! : undefined
    if (traces === undefined) return []
    const isRestored = selector === 'restore'
    return [{ timeMs, traces: isRestored ? null : traces, isRestored }]
  })
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
