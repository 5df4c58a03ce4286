import type { Trace } from '../core/trace.js'
import { inOrder } from './in-order.js'
import type { Store } from './open.js'
import { startPageThread } from './page-thread.js'
import {
  columns,
  measured,
  outline,
  type Page,
  priced,
  skeleton,
  spanOf,
  timed,
  timedAndPriced,
  type View,
  versionOutline,
} from './views.js'

/**
 * Every trace of a platform (or of one of its sources) with all that is measured of it, one at a time; memory is one trace. What
 * nothing measures stays undefined: nanoseconds, revisions, and the platform's ids of records and prompts.
 */
export function eachTrace(db: Store, platform: string, source?: number): Generator<Trace> {
  return traces(db, platform, measured, source)
}

/** Every trace of a platform with no more of its spans than selecting it takes. */
export function eachOutline(db: Store, platform: string): Generator<Trace> {
  return traces(db, platform, outline)
}

/** Every trace of a platform as `eachOutline` gives it, with what its spans say of their request, release and prompt version. */
export function eachVersionOutline(db: Store, platform: string): Generator<Trace> {
  return traces(db, platform, versionOutline)
}

/** Every trace of a platform with what its structure and its steps are told by. */
export function eachSkeleton(db: Store, platform: string): Generator<Trace> {
  return traces(db, platform, skeleton)
}

/** Every trace of a platform as `eachSkeleton` gives it, with what time is broken down by. */
export function eachTimed(db: Store, platform: string): Generator<Trace> {
  return traces(db, platform, timed)
}

/** Every trace of a platform with what cost is computed from and broken down by: no retries, sessions and messages. */
export function eachPriced(db: Store, platform: string): Generator<Trace> {
  return traces(db, platform, priced)
}

/** Every trace of a platform as `eachTimed` gives it, with what cost is computed from. */
export function eachTimedAndPriced(db: Store, platform: string): Generator<Trace> {
  return traces(db, platform, timedAndPriced)
}

function* traces(db: Store, platform: string, view: View, source?: number): Generator<Trace> {
  let trace: Trace | undefined
  for (const page of eachPage(db, platform, view, source)) {
    for (let row = 0; row < page.trace_id.length; row++) {
      const span = spanOf(page, row)
      if (trace && trace.traceId !== span.traceId) {
        yield inOrder(trace)
        trace = undefined
      }
      trace ??= { platform, traceId: span.traceId, spans: [] }
      trace.spans.push(span)
    }
  }
  if (trace) yield inOrder(trace)
}

/** Enough that a statement costs nothing beside its rows, and little memory. */
const rowsPerPage = 1000

/** From so many pages on a second thread reads ahead; starting it takes as long as some pages do. */
const worthThreadPages = 20

/** What stands in a column that a view does not read. */
const nothing: readonly null[] = new Array(rowsPerPage).fill(null)

/**
 * The rows of a platform by trace id and span id. Each column of a page comes as one JSON text, which is parsed in less time
 * than the driver takes to make as many cells; numbers keep every digit.
 */
function* eachPage(db: Store, platform: string, view: View, source?: number): Generator<Page> {
  const read = columns.filter((column) => view.has(column))
  const args = source === undefined ? [platform] : [platform, source]
  const sql = pageSql(read, { isOfSource: source !== undefined })
  const next = db.prepare(sql.next).raw()
  let thread: ReturnType<typeof startPageThread>
  try {
    let texts = db
      .prepare(sql.first)
      .raw()
      .get(...args) as string[]
    for (let number = 1; ; number++) {
      const page = pageOf(read, texts)
      const rows = page.trace_id.length
      yield page
      if (rows < rowsPerPage) return
      const last = [page.trace_id[rows - 1] as string, page.span_id[rows - 1] as string] as const
      if (number === worthThreadPages) {
        const idColumns = [read.indexOf('trace_id'), read.indexOf('span_id')] as const
        thread = startPageThread(db, { sql: sql.next, args, last, idColumns })
      }
      const ahead = thread?.next()
      if (ahead === undefined && thread !== undefined) {
        thread.stop()
        thread = undefined
      }
      texts = ahead ?? (next.get(platform, ...last, ...args.slice(1)) as string[])
    }
  } finally {
    thread?.stop()
  }
}

/** The first page, and the one after a row. */
function pageSql(read: readonly string[], { isOfSource }: { isOfSource: boolean }): { first: string; next: string } {
  const page = (after: string) => `
    SELECT ${read.map((column) => `json_group_array(${column})`)} FROM (
      SELECT ${read} FROM span WHERE platform = ? ${after}
      ${isOfSource ? 'AND id IN (SELECT span FROM span_source WHERE source = ?)' : ''}
      ORDER BY trace_id, span_id LIMIT ${rowsPerPage})`
  return { first: page(''), next: page('AND (trace_id, span_id) > (?, ?)') }
}

function pageOf(read: readonly (typeof columns)[number][], texts: readonly string[]): Page {
  return Object.fromEntries([
    ...columns.map((column) => [column, nothing]),
    ...read.map((column, index) => [column, JSON.parse(texts[index]!)]),
  ]) as Page
}
