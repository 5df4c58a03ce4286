import { foldRollup } from '../core/rollup.js'
import type { SpanContent } from '../core/span.js'
import type { Trace, TraceSpan } from '../core/trace.js'
import { type Cell, columnNames, readSpan } from './columns.js'
import { known } from './known.js'
import type { Store } from './open.js'

/** Every trace of a platform (or of one of its sources), one at a time; memory is one trace. */
export function* eachTrace(db: Store, platform: string, source?: number): Generator<Trace> {
  const rows = db
    .prepare(
      `SELECT trace_id, span_id, ${columnNames} FROM span
       WHERE platform = ? ${source === undefined ? '' : 'AND id IN (SELECT span FROM span_source WHERE source = ?)'}
       ORDER BY trace_id`,
    )
    .raw()
    .iterate(...(source === undefined ? [platform] : [platform, source])) as IterableIterator<Cell[]>
  yield* grouped(platform, rows, readSpan)
}

/**
 * Every trace of a platform with no more of its spans than selecting it takes: ids, name, start, service, environment and
 * workflow. Kind, status and fields are not read.
 */
export function* eachOutline(db: Store, platform: string): Generator<Trace> {
  const rows = db
    .prepare(
      `SELECT trace_id, span_id, parent_id, name, start_ms, is_rollup, service, environment, workflow FROM span
       WHERE platform = ? ORDER BY trace_id`,
    )
    .raw()
    .iterate(platform) as IterableIterator<Cell[]>
  yield* grouped(platform, rows, outlineOf)
}

/** Every trace of a platform as `eachOutline` gives it, with what its spans say of their request, release and prompt version. */
export function* eachVersionOutline(db: Store, platform: string): Generator<Trace> {
  const rows = db
    .prepare(
      `SELECT trace_id, span_id, parent_id, name, start_ms, is_rollup, service, environment, workflow,
         request, release, prompt_name, prompt_version FROM span WHERE platform = ? ORDER BY trace_id`,
    )
    .raw()
    .iterate(platform) as IterableIterator<Cell[]>
  yield* grouped(platform, rows, versionOutlineOf)
}

/** As the schema types its columns. */
function versionOutlineOf(row: Cell[]): TraceSpan {
  const span = outlineOf(row)
  span.request = (row[9] ?? undefined) as string | undefined
  span.release = (row[10] ?? undefined) as string | undefined
  span.promptName = (row[11] ?? undefined) as string | undefined
  span.promptVersion = (row[12] ?? undefined) as string | undefined
  return span
}

/** Written out, since a trace may have a hundred thousand of them. As the schema types its columns. */
function outlineOf([
  traceId,
  spanId,
  parentId,
  name,
  startMs,
  isRollup,
  service,
  environment,
  workflow,
]: Cell[]): TraceSpan {
  return {
    traceId: traceId as string,
    spanId: spanId as string,
    parentId: (parentId ?? undefined) as string | undefined,
    name: name as string,
    kind: 'other',
    status: 'unset',
    startMs: (startMs ?? undefined) as number | undefined,
    isRollup: isRollup === 1,
    service: (service ?? undefined) as string | undefined,
    environment: (environment ?? undefined) as string | undefined,
    workflow: (workflow ?? undefined) as string | undefined,
    fields: 0,
  }
}

/**
 * Every trace of a platform with what its structure and its steps are told by: no cost, tokens, prompt versions, users, tenants,
 * sessions and releases, which are most of the columns.
 */
export function* eachSkeleton(db: Store, platform: string): Generator<Trace> {
  const rows = db
    .prepare(
      `SELECT trace_id, span_id, parent_id, name, kind, start_ms, end_ms, status, provider, request_model, response_model,
         prompt_name, request, service, environment, workflow, retries, fallback_from, is_rollup, fields FROM span
       WHERE platform = ? ORDER BY trace_id`,
    )
    .raw()
    .iterate(platform) as IterableIterator<Cell[]>
  yield* grouped(platform, rows, skeletonOf)
}

/** Written out, as `outlineOf` is. As the schema types its columns. */
function skeletonOf(row: Cell[]): TraceSpan {
  return {
    traceId: row[0] as string,
    spanId: row[1] as string,
    parentId: (row[2] ?? undefined) as string | undefined,
    name: row[3] as string,
    kind: row[4] as TraceSpan['kind'],
    startMs: (row[5] ?? undefined) as number | undefined,
    endMs: (row[6] ?? undefined) as number | undefined,
    status: row[7] as TraceSpan['status'],
    provider: (row[8] ?? undefined) as string | undefined,
    requestModel: (row[9] ?? undefined) as string | undefined,
    responseModel: (row[10] ?? undefined) as string | undefined,
    promptName: (row[11] ?? undefined) as string | undefined,
    request: (row[12] ?? undefined) as string | undefined,
    service: (row[13] ?? undefined) as string | undefined,
    environment: (row[14] ?? undefined) as string | undefined,
    workflow: (row[15] ?? undefined) as string | undefined,
    retries: (row[16] ?? undefined) as number | undefined,
    fallbackFrom: (row[17] ?? undefined) as string | undefined,
    isRollup: row[18] === 1,
    fields: Number(row[19]),
  }
}

/** The root spans of a platform, counted by what a workflow is selected by. */
export interface RootGroups {
  /** How many traces there are. */
  traces: number
  /** True when each trace has exactly one root span, so that the groups stand for the traces. */
  isOnePerTrace: boolean
  /** Which of these any span states at all, root or not. */
  stated: { service: boolean; environment: boolean; workflow: boolean }
  groups: (Pick<TraceSpan, 'name' | 'service' | 'environment' | 'workflow'> & { count: number })[]
}

/** What the roots of a platform's traces are called, and how often; far less to read than the traces. */
export function rootGroups(db: Store, platform: string): RootGroups {
  const one = (sql: string) => db.prepare(sql).pluck().get(platform) as number
  const traces = one('SELECT count(DISTINCT trace_id) FROM span WHERE platform = ?')
  // A row about a whole trace is a root only where no span of the trace is stored.
  const isRoot = `parent_id IS NULL AND (is_rollup IS NULL OR NOT EXISTS
    (SELECT 1 FROM span AS other WHERE other.trace_id = span.trace_id AND other.platform = span.platform AND other.id <> span.id))`
  const rooted = one(`SELECT count(DISTINCT trace_id) FROM span WHERE platform = ? AND ${isRoot}`)
  const rows = db
    .prepare(
      `SELECT name, service, environment, workflow, count(*) AS count FROM span
       WHERE platform = ? AND ${isRoot} GROUP BY name, service, environment, workflow`,
    )
    .all(platform) as object[]
  const groups = rows.map((row) => known<RootGroups['groups'][number]>(row))
  const roots = groups.reduce((sum, { count }) => sum + count, 0)
  const counts = db
    .prepare(
      'SELECT count(service) AS service, count(environment) AS environment, count(workflow) AS workflow FROM span WHERE platform = ?',
    )
    .get(platform) as Record<keyof RootGroups['stated'], number>
  const stated = { service: counts.service > 0, environment: counts.environment > 0, workflow: counts.workflow > 0 }
  return { traces, isOnePerTrace: rooted === traces && roots === traces, stated, groups }
}

/** Rows in order of trace id as traces. */
function* grouped(
  platform: string,
  rows: IterableIterator<Cell[]>,
  read: (row: Cell[]) => TraceSpan,
): Generator<Trace> {
  let trace: Trace | undefined
  for (const row of rows) {
    const span = read(row)
    if (trace && trace.traceId !== span.traceId) {
      yield inOrder(trace)
      trace = undefined
    }
    trace ??= { platform, traceId: span.traceId, spans: [] }
    trace.spans.push(span)
  }
  if (trace) yield inOrder(trace)
}

function inOrder(trace: Trace): Trace {
  const start = (span: TraceSpan) => span.startMs ?? Number.POSITIVE_INFINITY
  // By id where the times are equal, so that every run prints the same.
  const spans = trace.spans.sort((a, b) => compare(start(a), start(b)) || (a.spanId < b.spanId ? -1 : 1))
  return foldRollup({ ...trace, spans })
}

/** Infinities have no difference. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The trace ids, at most `limit`, that begin with `prefix` (of all platforms, or of one). */
export function findTraceIds(
  db: Store,
  prefix: string,
  { platform, limit }: { platform?: string | undefined; limit: number },
): { platform: string; traceId: string }[] {
  const rows = db
    .prepare(
      `SELECT DISTINCT platform, trace_id AS traceId FROM span
       WHERE trace_id >= ? AND trace_id < ? AND (? IS NULL OR platform = ?) ORDER BY trace_id, platform LIMIT ?`,
    )
    .all(prefix, `${prefix}\u{10ffff}`, platform ?? null, platform ?? null, limit)
  return rows as { platform: string; traceId: string }[]
}

/** One trace without text; undefined if the store does not have it. */
export function readTrace(db: Store, platform: string, traceId: string): Trace | undefined {
  return traceReader(db, platform)(traceId)
}

/** As `readTrace`, for whoever reads many traces. */
export function traceReader(db: Store, platform: string): (traceId: string) => Trace | undefined {
  const read = db
    .prepare(`SELECT trace_id, span_id, ${columnNames} FROM span WHERE trace_id = ? AND platform = ?`)
    .raw()
  return (traceId) => {
    const rows = read.all(traceId, platform) as Cell[][]
    return rows.length === 0 ? undefined : inOrder({ platform, traceId, spans: rows.map(readSpan) })
  }
}

/** The text of each span of a trace, by span id. */
export function readContents(db: Store, platform: string, traceId: string): Map<string, SpanContent> {
  return contentReader(db, platform)(traceId)
}

/** As `readContents`, for whoever reads that of many traces. */
export function contentReader(db: Store, platform: string): (traceId: string) => Map<string, SpanContent> {
  const read = db
    .prepare('SELECT span_id, body FROM span JOIN span_content USING (id) WHERE trace_id = ? AND platform = ?')
    .raw()
  return (traceId) => {
    const rows = read.all(traceId, platform) as [string, string][]
    return new Map(rows.map(([spanId, body]) => [spanId, JSON.parse(body) as SpanContent]))
  }
}

/** As `readContents`, for whoever reads single spans of many traces; undefined for a span that is not stored. */
export function spanContentReader(
  db: Store,
  platform: string,
): (traceId: string, spanId: string) => SpanContent | undefined {
  const read = db
    .prepare('SELECT body FROM span JOIN span_content USING (id) WHERE trace_id = ? AND span_id = ? AND platform = ?')
    .pluck()
  return (traceId, spanId) => {
    const body = read.get(traceId, spanId, platform) as string | undefined
    return body === undefined ? undefined : (JSON.parse(body) as SpanContent)
  }
}

/** The ids of traces in whose text (prompts, outputs, attributes) `text` stands, whatever its case. */
export function traceIdsWithText(db: Store, platform: string, text: string): Set<string> {
  // The body is JSON: the text is looked for as JSON writes it, quotes and line breaks escaped.
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[\\%_]/g, '\\$&')
  const ids = db
    .prepare(
      `SELECT DISTINCT trace_id FROM span JOIN span_content USING (id)
       WHERE platform = ? AND (body LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\' OR status_message LIKE ? ESCAPE '\\')`,
    )
    .pluck()
    .all(platform, ...Array.from({ length: 3 }, () => `%${escaped}%`)) as string[]
  return new Set(ids)
}

/** How many spans are stored, of all platforms. */
export function countSpans(db: Store): number {
  return db.prepare('SELECT count(*) FROM span').pluck().get() as number
}

/** The platforms that have spans, in order of name. */
export function platformsWithSpans(db: Store): string[] {
  return db
    .prepare('SELECT DISTINCT platform FROM source WHERE kind = ? ORDER BY platform')
    .pluck()
    .all('traces') as string[]
}
