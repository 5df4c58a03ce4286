import type { Span, SpanContent, Usage } from '../core/span.js'
import { type ContentField, contentFields, type TraceSpan } from '../core/trace.js'

export type Cell = string | number | null

type PlainField = Exclude<keyof TraceSpan, 'traceId' | 'spanId' | 'usage' | 'startNs' | 'endNs' | 'isRollup' | 'fields'>

/** Column → field of a span; with `usageColumns` the one list that writing, reading and comparing share. */
const plainColumns: readonly [column: string, field: PlainField][] = [
  ['parent_id', 'parentId'],
  ['name', 'name'],
  ['kind', 'kind'],
  ['start_ms', 'startMs'],
  ['end_ms', 'endMs'],
  ['status', 'status'],
  ['status_message', 'statusMessage'],
  ['provider', 'provider'],
  ['request_model', 'requestModel'],
  ['response_model', 'responseModel'],
  ['prompt_name', 'promptName'],
  ['prompt_version', 'promptVersion'],
  ['cost_usd', 'costUsd'],
  ['user', 'user'],
  ['tenant', 'tenant'],
  ['session', 'session'],
  ['request', 'request'],
  ['environment', 'environment'],
  ['release', 'release'],
  ['workflow', 'workflow'],
  ['service', 'service'],
  ['revision', 'revision'],
  ['record_id', 'recordId'],
  ['prompt_id', 'promptId'],
  ['retries', 'retries'],
  ['fallback_from', 'fallbackFrom'],
]

const usageColumns: readonly [column: string, field: Exclude<keyof Usage, 'normalised'>][] = [
  ['input_tokens', 'input'],
  ['output_tokens', 'output'],
  ['cached_input_tokens', 'cachedInput'],
  ['cache_write_tokens', 'cacheWrite'],
  ['reasoning_tokens', 'reasoning'],
]

/** All columns of `span` after its identity, in the order of `writeCells` and `readSpan`. */
export const columnNames: readonly string[] = [
  ...plainColumns.map(([column]) => column),
  ...usageColumns.map(([column]) => column),
  'normalised',
  'start_rest_ns',
  'end_rest_ns',
  'is_rollup',
  'fields',
]

/** The cells of a span, without its identity and text. */
export function writeCells(span: Span): Cell[] {
  const cells: Cell[] = []
  for (const [, field] of plainColumns) cells.push(storable(span[field]))
  for (const [, field] of usageColumns) cells.push(span.usage?.[field] ?? null)
  cells.push(span.usage?.normalised ? 1 : null, restOf(span.startNs), restOf(span.endNs))
  cells.push(span.isRollup ? 1 : null, fieldBits(span.content))
  return cells
}

/** A lone surrogate cannot be stored: what comes back would differ from what came in. */
function storable(value: Span[PlainField]): Cell {
  return typeof value === 'string' ? value.toWellFormed() : (value ?? null)
}

/** A span without text from a row of `trace_id, span_id, …columnNames`. */
export function readSpan(row: readonly Cell[]): TraceSpan {
  const fields: Record<string, Cell | undefined> = { traceId: row[0]!, spanId: row[1]! }
  let index = 2
  for (const [, field] of plainColumns) fields[field] = row[index++] ?? undefined
  const usage: Record<string, number> = {}
  let hasUsage = false
  for (const [, field] of usageColumns) {
    const count = row[index++]
    if (typeof count !== 'number') continue
    usage[field] = count
    hasUsage = true
  }
  const [normalised, startRest, endRest, isRollup, bits] = row.slice(index)
  // The columns are typed and constrained by the schema: what stands in them was a span when it was written.
  const span = fields as unknown as TraceSpan
  span.startNs = nsOf(span.startMs, startRest)
  span.endNs = nsOf(span.endMs, endRest)
  if (isRollup === 1) span.isRollup = true
  span.fields = Number(bits)
  if (hasUsage) span.usage = normalised === 1 ? { ...usage, normalised: true } : usage
  return span
}

/** Nanoseconds within the millisecond: with the milliseconds they give every digit back. */
function restOf(ns: string | undefined): number | null {
  return ns === undefined ? null : Number(ns.slice(-6))
}

/** Epoch nanoseconds to the last digit; undefined where the source had none. */
function nsOf(ms: number | undefined, rest: Cell | undefined): string | undefined {
  if (ms === undefined || typeof rest !== 'number') return undefined
  const whole = Math.round(ms - rest / 1e6)
  return whole === 0 ? String(rest) : `${whole}${String(rest).padStart(6, '0')}`
}

const isPresent = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)

const presence: Record<ContentField, (content: SpanContent) => boolean> = {
  input: (content) => isPresent(content.input) || isPresent(content.inputMessages),
  output: (content) => isPresent(content.output) || isPresent(content.outputMessages),
  template: (content) => isPresent(content.promptTemplate),
  variables: (content) => isPresent(content.promptVariables),
  settings: (content) => isPresent(content.settings),
  documents: (content) => isPresent(content.documents),
  'documents.id': (content) => content.documents?.some((document) => isPresent(document.id)) ?? false,
  'documents.score': (content) =>
    content.documents?.some((document) => document.score !== undefined || document.distance !== undefined) ?? false,
  'documents.content': (content) => content.documents?.some((document) => isPresent(document.content)) ?? false,
  query: (content) => isPresent(content.query),
  'tool.name': (content) => isPresent(content.toolName),
  arguments: (content) => isPresent(content.toolArguments),
  result: (content) => isPresent(content.toolResult),
  tags: (content) => isPresent(content.tags),
}

function fieldBits(content: SpanContent): number {
  let bits = 0
  for (const [index, field] of contentFields.entries()) if (presence[field](content)) bits |= 1 << index
  return bits
}
