import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../config/load.js'
import { measureCoverage } from '../core/coverage.js'
import type { Share } from '../core/evidence.js'
import type { FileReport } from '../core/ingest-report.js'
import { sentTally, type WholeTrace } from '../core/probes/compare-sent.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import type { ExportProbe, SentComparison } from '../core/probes/export.js'
import { isInWindow, startOf } from '../core/select.js'
import type { Trace } from '../core/trace.js'
import { eachTrace } from '../store/each-trace.js'
import { countJudgements } from '../store/joins.js'
import { readFeedback, readScores } from '../store/judgements.js'
import type { Store } from '../store/open.js'
import { lastProbeRun } from '../store/probes.js'
import { countRequests, eachRequest } from '../store/requests.js'
import { readSources } from '../store/sources.js'
import { contentReader, traceReader } from '../store/spans.js'
import { type ExportOutline, environmentOf, outlineOf } from './export-outline.js'
import { type FreshExport, unreadIn, withExport } from './fresh-export.js'
import { keepProbe } from './keep-probe.js'
import { requirePlatform } from './platforms.js'
import { workspaceOf } from './workspace.js'

export interface ExportProbeRequest {
  platform: string | undefined
  /** Whose traces tell what was sent; the platform's own earlier ones, if left out. */
  against: string | undefined
  /** The environment that the export was asked for. */
  environment: string | undefined
  files: readonly string[]
  format: string | undefined
  clock(): number
  stdin: Readable
  cwd: string
}

type ExportRun = Omit<ProbeRun<ExportProbe>, 'id'>

/** Holds an export against what was sent, and keeps what was found. Throws `PilotError` where either cannot be read. */
export async function probeExport(loaded: LoadedConfig, request: ExportProbeRequest): Promise<ExportRun> {
  const { config } = loaded
  const platform = requirePlatform(config, request.platform)
  const against = request.against === undefined ? platform : requirePlatform(config, request.against)
  const workspace = workspaceOf(loaded)
  const startedMs = request.clock()
  const db = workspace.open('read')
  const result = await withExport(loaded, { ...request, platform, nowMs: startedMs }, async (fresh) => {
    const outline = outlineOf(fresh.db, platform)
    const sent = compareSent({ db, against }, { fresh: fresh.db, platform, outline }, request.environment)
    const isSameFile = against === platform && isKnownFile(db, fresh.db, platform)
    const requests = requestsIn(loaded, db, { fresh: fresh.db, platform, outline })
    return describe(fresh, {
      ...{ files: [...request.files], traces: outline.traces, spans: outline.spans },
      ...{ startMs: outline.startMs, endMs: outline.endMs, environments: outline.environments },
      ...(request.environment !== undefined && { environment: request.environment }),
      ...(requests && { requests }),
      held: { ...countJudgements(fresh.db, { platform }), ...heldBeside(fresh.reports) },
      sent: { platform: against, isSameFile, ...sent },
    })
  }).finally(() => db.close())
  const run = { probe: 'export' as const, platform, startedMs, endedMs: request.clock(), result }
  const store = workspace.open('write')
  keepProbe(loaded, store, run)
  store.close()
  return run
}

/** The last probe of an export of a platform; undefined where there was none. */
export function readExportProbe(loaded: LoadedConfig, platform: string): ProbeRun<ExportProbe> | undefined {
  const db = workspaceOf(loaded).open('read')
  try {
    return lastProbeRun<ExportProbe>(db, 'export', platform)
  } finally {
    db.close()
  }
}

/** With what its reports say, and what a second reading changes; standard input is gone by then. */
async function describe(
  { reports, again }: FreshExport,
  found: Omit<ExportProbe, 'formats' | 'unread' | 'unexpectedKeys' | 'again'>,
): Promise<ExportProbe> {
  const second = found.files.includes('-') ? undefined : await again()
  return {
    ...found,
    formats: [...new Set(reports.flatMap(({ format }) => format ?? []))],
    unread: unreadIn(reports),
    unexpectedKeys: new Set(reports.flatMap(({ unexpected }) => unexpected.map(({ key }) => key))).size,
    ...(second && { again: changesIn(second) }),
  }
}

function changesIn(reports: readonly FileReport[]) {
  const tallies = reports.flatMap(({ spans, traceRows }) => [spans, traceRows])
  const judged = reports.reduce((sum, { scores, feedback }) => sum + scores + feedback, 0)
  return {
    added: tallies.reduce((sum, { added }) => sum + added, judged),
    updated: tallies.reduce((sum, { updated }) => sum + updated, 0),
  }
}

function heldBeside(reports: readonly FileReport[]) {
  const skipped = reports.flatMap((report) => Object.entries(report.skipped))
  return {
    promptNames: reports.reduce((sum, { promptNames }) => sum + promptNames, 0),
    datasetRows: skipped.reduce((sum, [reason, times]) => sum + (/dataset/i.test(reason) ? times : 0), 0),
  }
}

interface Side {
  fresh: Store
  platform: string
  outline: ExportOutline
}

function compareSent(
  { db, against }: { db: Store; against: string },
  { fresh, platform, outline }: Side,
  environment: string | undefined,
): Omit<SentComparison, 'platform' | 'isSameFile'> {
  const tally = sentTally()
  const find = traceReader(fresh, platform)
  const [sentTexts, gotTexts] = [contentReader(db, against), contentReader(fresh, platform)]
  const whole = (store: Store, trace: Trace, texts: typeof sentTexts): WholeTrace => ({
    trace,
    contents: texts(trace.traceId),
    scores: readScores(store, trace.platform, trace.traceId).length,
    feedback: readFeedback(store, trace.platform, trace.traceId).length,
  })
  for (const trace of eachTrace(db, against)) {
    if (!isInWindow(startOf(trace), outline.window)) continue
    const own = environment === undefined ? undefined : environmentOf(trace)
    if (own !== undefined && own !== environment) continue
    const byId = find(trace.traceId)
    const other = byId ?? trace.spans.map(({ request }) => outline.traceOf(request)).find((id) => id !== undefined)
    const got = typeof other === 'string' ? find(other) : other
    const sent = whole(db, trace, sentTexts)
    tally.add(sent, got && whole(fresh, got, gotTexts), byId === undefined ? 'request' : 'traceId')
  }
  return tally.result()
}

/** Whether every file of the export is one that the store has read already. */
function isKnownFile(db: Store, fresh: Store, platform: string): boolean {
  const known = new Set(
    readSources(db)
      .filter((source) => source.platform === platform)
      .flatMap(({ sha256 }) => sha256 ?? []),
  )
  return readSources(fresh).every(({ sha256 }) => sha256 !== undefined && known.has(sha256))
}

function requestsIn({ config }: LoadedConfig, db: Store, { fresh, platform, outline }: Side): Share | undefined {
  if (countRequests(db) === 0) return undefined
  const find = traceReader(fresh, platform)
  const refOf = (traceId: string | undefined) => (traceId === undefined ? [] : [{ traceId, selected: true }])
  const { coverage, unjoinable } = measureCoverage(
    eachRequest(db),
    {
      byTraceId: (id) => refOf(find(id)?.traceId),
      byRequestId: (id) => refOf(outline.traceOf(id)),
    },
    { lateAfterMs: config.coverage.lateAfterMs, window: outline.window },
  )
  const { present, requests } = coverage.production
  return unjoinable !== undefined || requests === 0 ? undefined : { x: present, n: requests }
}
