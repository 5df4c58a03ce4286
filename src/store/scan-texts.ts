import type { Json } from '../core/span.js'
import type { Cell } from './columns.js'
import type { Store } from './open.js'
import { spanOf } from './span-row.js'

/** A text that was stored beside spans, and where. */
export interface SideText {
  platform: string
  /** `table.column` */
  field: string
  /** Text, or JSON with texts inside. */
  value: Json
  traceId?: string
}

const columns: readonly [table: string, column: string, kind: 'text' | 'json'][] = [
  ['score', 'name', 'text'],
  ['score', 'label', 'text'],
  ['score', 'comment', 'text'],
  ['feedback', 'comment', 'text'],
  ['feedback', 'user', 'text'],
  ['request', 'tenant', 'text'],
  ['request', 'user', 'text'],
  ['deployment', 'name', 'text'],
  ['deployment', 'by', 'text'],
  ['deployment', 'reviewed_by', 'text'],
  ['deployment', 'evidence', 'text'],
  ['label', 'value', 'text'],
  ['label', 'note', 'text'],
  ['log_entry', 'body', 'json'],
  ['attempt_event', 'body', 'json'],
  ['drill', 'body', 'json'],
  ['eval_run', 'body', 'json'],
  ['eval_case', 'body', 'json'],
  ['eval_output', 'body', 'json'],
  ['eval_result', 'reason', 'text'],
  ['judge_answer', 'body', 'text'],
  ['certificate', 'body', 'json'],
  ['prompt_test', 'body', 'json'],
  ['prompt_name', 'name', 'text'],
  ['probe_run', 'body', 'json'],
  ['source', 'path', 'text'],
]

const withTrace: ReadonlySet<string> = new Set(['score', 'feedback', 'request'])
const withPlatform: ReadonlySet<string> = new Set([
  ...['score', 'feedback', 'log_entry', 'source'],
  ...['prompt_test', 'prompt_name', 'probe_run'],
])

/** Every text that stands beside the spans, one at a time. */
export function* eachSideText(db: Store): Generator<SideText> {
  for (const [table, column, kind] of columns) {
    const [platform, trace] = [withPlatform.has(table) ? 'platform' : "''", withTrace.has(table) ? 'trace_id' : 'NULL']
    const rows = db
      .prepare(`SELECT coalesce(${platform}, ''), ${trace}, "${column}" FROM ${table} WHERE "${column}" > ''`)
      .raw()
      .iterate() as IterableIterator<[string, string | null, string]>
    for (const [of, traceId, text] of rows)
      yield {
        platform: of,
        field: `${table}.${column}`,
        value: kind === 'json' ? (JSON.parse(text) as Json) : text, // as its writer wrote it
        ...(traceId !== null && { traceId }),
      }
  }
  yield* earlierVersions(db)
}

/** A later version of a span may have replaced what an earlier one said, its error or its user as well as its texts. */
function* earlierVersions(db: Store): Generator<SideText> {
  const rows = db
    .prepare(
      `SELECT platform, trace_id, span_id, version.cells, version.body FROM span_version AS version JOIN span USING (id)
       WHERE place >= 0`,
    )
    .raw()
    .iterate() as IterableIterator<[platform: string, traceId: string, spanId: string, cells: string, body: string]>
  for (const [platform, traceId, spanId, cells, body] of rows) {
    const span = spanOf({ traceId, spanId, cells: JSON.parse(cells) as Cell[], body })
    yield { platform, field: 'span_version', value: span as unknown as Json, traceId } // a span is JSON
  }
}
