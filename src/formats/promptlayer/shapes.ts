import type { Json } from '../../core/span.js'
import { isObject, type JsonObject, unpack } from '../json.js'

/**
 * What a record of PromptLayer is:
 * - `row`: a request log, as `POST /log-request` returns it, as `requests/search` lists it, or as a row of a table
 * - `detail`: one request of `GET requests/{id}`
 * - `trace`: the spans of `GET traces/{id}`; `bulk`: spans as SDKs send them to `/spans-bulk`; `span`: one of either
 * - `tree`: a trace in a cell of a Table; `cells`: rows of a Table with such cells
 * - `call`: what SDKs send to `/track-request`; `log`: what is sent to `/log-request`
 * - `prompt`: an entry of the prompt registry
 * - `track`: a score, metadata, a group or a prompt that is given to a request afterwards
 * - `page`: a list of any of these
 */
export type Shape =
  | 'row'
  | 'detail'
  | 'trace'
  | 'bulk'
  | 'span'
  | 'tree'
  | 'cells'
  | 'call'
  | 'log'
  | 'prompt'
  | 'track'
  | 'page'

/** The shape of a record, by its keys; undefined for what is not PromptLayer's. */
export function shapeOf(record: Json): Shape | undefined {
  if (!isObject(record)) return undefined
  return shapeOfOne(record) ?? (isPage(record) ? 'page' : undefined)
}

function shapeOfOne(record: JsonObject): Shape | undefined {
  const has = (key: string) => Object.hasOwn(record, key)
  if (has('request_id') && isTrack(record)) return 'track'
  if (has('function_name') && has('kwargs') && has('request_response')) return 'call'
  if (has('request_start_time') && has('id') && (has('engine') || has('provider_type'))) return 'row'
  // Since 2026 the answer of /log-request names only this.
  if (has('prompt_version') && has('error_type') && has('id') && has('status')) return 'row'
  // With a message it is no more than the acknowledgement of /track-request.
  if (isObject(record.prompt_blueprint) && has('request_id') && !has('message')) return 'detail'
  if (has('request_start_time') && has('provider') && has('model') && has('input') && has('output')) return 'log'
  if (has('prompt_name') && has('prompt_template') && has('id')) return 'prompt'
  if (Array.isArray(record.spans)) return shapeOfSpans(record, record.spans)
  if (isSentSpan(record) || (has('request_log_id') && has('span_id') && has('parent_id'))) return 'span'
  if (isNode(record)) return 'tree'
  return hasCells(record) ? 'cells' : undefined
}

function shapeOfSpans(record: JsonObject, spans: Json[]): Shape | undefined {
  if (record.success === true && typeof record.trace_id === 'string') return 'trace'
  return isSentSpan(spans[0]) ? 'bulk' : undefined
}

/** A span as PromptLayer's exporters write it; OpenTelemetry's own console exporter writes the status without `StatusCode.`. */
function isSentSpan(span: Json | undefined): boolean {
  if (!isObject(span) || !isObject(span.context) || !isObject(span.status)) return false
  return begins(span.kind, 'SpanKind.') && begins(span.status.status_code, 'StatusCode.')
}

function begins(value: Json | undefined, prefix: string): boolean {
  return typeof value === 'string' && value.startsWith(prefix)
}

const trackKeys = [
  ['score', 'name'],
  ['metadata'],
  ['group_id'],
  ['prompt_name', 'prompt_input_variables', 'version', 'label'],
] as const

/** Nothing but a request's id and what it is given: others write feedback so too, with more around it. */
function isTrack(record: JsonObject): boolean {
  const keys = Object.keys(record)
  if (keys.length > 6) return false
  const allowed = trackKeys.find(([first]) => Object.hasOwn(record, first)) as readonly string[] | undefined
  return (
    allowed !== undefined && keys.every((key) => key === 'request_id' || key === 'api_key' || allowed.includes(key))
  )
}

/** True for a node of a trace as Tables keep it. */
export function isNode(value: Json | undefined): value is JsonObject {
  if (!isObject(value) || typeof value.name !== 'string' || !Array.isArray(value.children)) return false
  return Object.hasOwn(value, 'start') && (Object.hasOwn(value, 'span_id') || Object.hasOwn(value, 'request_log'))
}

/** True for a row of a Table, as its API answers (alone, or as one cell) or as a line of CSV with a trace in one column. */
function hasCells(record: JsonObject): boolean {
  if (isObject(record.cell)) return Object.hasOwn(record.cell, 'column_id')
  if (tableRow(record) !== undefined) return true
  for (const key in record) if (isNode(record[key])) return true
  return false
}

function tableRow(record: JsonObject): JsonObject | undefined {
  const row = isObject(record.row) ? record.row : record
  return isObject(row.cells) && Object.hasOwn(row, 'row_index') ? row.cells : undefined
}

/** The cells of a row of a Table: column → value. */
export function cellsOf(record: JsonObject): [column: string, value: Json][] {
  const row = isObject(record.cell) ? { cell: record.cell } : tableRow(record)
  return row === undefined ? Object.entries(record) : Object.entries(row).map(([name, cell]) => [name, contentOf(cell)])
}

/** The value of a cell, which may be JSON text or lie in `{value}` once more. */
function contentOf(cell: Json): Json {
  if (!isObject(cell)) return cell
  const value = cell.value ?? cell.display_value ?? null
  const inner = isObject(value) && Object.keys(value).length === 1 ? (value.value ?? value) : value
  return unpack(inner)
}

/** The keys under which PromptLayer's answers list records. */
const pageKeys = ['items', 'data', 'rows'] as const

function isPage(record: JsonObject): boolean {
  for (const key of pageKeys) {
    const list = record[key]
    if (!Array.isArray(list)) continue
    const first = list[0]
    if (first === undefined) return Object.hasOwn(record, 'has_next') && Object.hasOwn(record, 'per_page')
    if (isObject(first)) return shapeOfOne(first) !== undefined
    // Rows of datasets and evaluations are lists of cells.
    if (Array.isArray(first)) return first.some((cell) => isNode(contentOf(cell)))
  }
  return false
}

/** The records of a page. */
export function recordsOf(page: JsonObject): Json[] {
  const list = pageKeys.map((key) => page[key]).find(Array.isArray) ?? []
  return list.map((item) =>
    Array.isArray(item) ? { row_index: null, cells: Object.fromEntries(item.entries()) } : item,
  )
}
