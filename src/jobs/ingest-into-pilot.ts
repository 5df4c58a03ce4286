import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../config/load.js'
import { lockOnFirstData } from '../config/lock.js'
import type { Config } from '../config/schema.js'
import { PilotError } from '../core/errors.js'
import type { FileReport } from '../core/ingest-report.js'
import { selectsTrace } from '../core/select.js'
import { readStructure } from '../core/structure.js'
import type { Trace } from '../core/trace.js'
import type { Selection } from '../reports/ingest.js'
import { eachOutline } from '../store/each-trace.js'
import type { Store } from '../store/open.js'
import { rootGroups } from '../store/root-groups.js'
import { type SourceKind, sourceKinds } from '../store/sources.js'
import { ingest } from './ingest.js'
import { requireFormat } from './ingest-traces.js'
import { refreshOwnLog } from './log.js'
import { platformsOf, requirePlatform } from './platforms.js'
import type { ReaderThread } from './reader-thread.js'
import { workspaceOf } from './workspace.js'

export interface IngestCommand {
  kind: SourceKind
  platform: string | undefined
  format: string | undefined
  /** Lets in what was purged. */
  restoresPurged?: boolean
  nowMs: number
  stdin: Readable
  cwd: string
  thread: ReaderThread | undefined
  onProgress(path: string, bytesRead: number, sizeBytes: number | undefined): void
}

export interface Ingested {
  reports: FileReport[]
  /** True when this, the first ingest, locked the criteria. */
  lockedNow: boolean
  /** Of traces: what `workflow.match` selects of the platform. */
  selection: Selection | undefined
}

/** Ingests files into the store of a pilot, and locks its criteria before the first data. Throws `PilotError` (exit 2) for a wrong platform or kind. */
export async function ingestIntoPilot(
  loaded: LoadedConfig,
  files: readonly string[],
  command: IngestCommand,
): Promise<Ingested> {
  const { config } = loaded
  requireKind(command.kind)
  if (files.length === 0)
    throw new PilotError('No file was named.', { hint: 'pilot ingest export.jsonl; - reads standard input.' })
  requireFormat(command.format, config.inputs.traces)
  const platform = platformOf(config, command)
  const workspace = workspaceOf(loaded)
  const db = workspace.open('write')
  const lockedNow = lockOnFirstData(loaded, command.nowMs)
  try {
    await refreshOwnLog(db, workspace)
    const reports = await ingest(files, {
      ...command,
      db,
      platform,
      platforms: platformsOf(config).map((each) => each.platform),
      keys: config.capture.keys,
      mapping: config.inputs.traces,
      columns: command.kind === 'traces' ? {} : (config.inputs[command.kind]?.columns ?? {}),
      privacy: config.capture.privacy ?? [],
      saltPath: workspace.saltPath,
      policyHash: workspace.policyHash,
    })
    const hasSpans = reports.some(({ spans, traceRows }) =>
      [spans, traceRows].some(({ added, updated, unchanged }) => added + updated + unchanged > 0),
    )
    const selection = command.kind === 'traces' && hasSpans ? selectionOf(db, platform, config) : undefined
    return { reports, lockedNow, selection }
  } finally {
    // Takes the write-ahead log in, so that the database is one file again and holds nothing that was taken out.
    db.close()
  }
}

function requireKind(kind: SourceKind): void {
  if (!sourceKinds.includes(kind))
    throw new PilotError(`--as takes ${sourceKinds.join(', ')}.`, { hint: 'Without it, files hold traces.' })
}

/**
 * The application's own logs and bills belong to no platform; traces and scores to the one that is named, or to the sole candidate. So
 * do entries of the log that name none: with several candidates each has to.
 */
function platformOf(config: Config, { kind, platform }: IngestCommand): string {
  if (platform !== undefined || kind === 'traces' || kind === 'scores') return requirePlatform(config, platform)
  return kind === 'log' && config.pilot.candidates.length === 1 ? requirePlatform(config, undefined) : ''
}

/** From the roots alone where they tell; else trace by trace. */
function selectionOf(db: Store, platform: string, { workflow: { match } }: Config): Selection {
  const { traces, isOnePerTrace, stated, groups } = rootGroups(db, platform)
  const asked = (['service', 'environment', 'workflow'] as const).filter((field) => match[field] !== undefined)
  // Where a root does not state a field, another span of its trace may: unless no span does.
  const tells =
    isOnePerTrace && groups.every((group) => asked.every((field) => group[field] !== undefined || !stated[field]))
  const roots = new Map<string, number>()
  let selected = 0
  const count = (trace: Trace, name: string, times: number) => {
    if (selectsTrace(trace, match)) selected += times
    roots.set(name, (roots.get(name) ?? 0) + times)
  }
  if (tells)
    for (const { count: times, ...root } of groups) {
      const span = { ...root, traceId: '', spanId: '', kind: 'other', status: 'unset', fields: 0 } as const
      count({ platform, traceId: '', spans: [span] }, root.name, times)
    }
  else for (const trace of eachOutline(db, platform)) count(trace, readStructure(trace).root?.name ?? '(none)', 1)
  const sorted = [...roots].sort((a, b) => b[1] - a[1]).map(([name, times]) => ({ name, traces: times }))
  return { platform, traces, selected, roots: sorted }
}
