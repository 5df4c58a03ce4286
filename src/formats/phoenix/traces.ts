import type { Json } from '../../core/span.js'
import { text } from '../dialects/readers.js'
import type { RawSpan, Reading } from '../format.js'
import { readId, readParentId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { readPlainStatus, readPlainTime } from '../plain-parts.js'
import { openRow } from '../platform-row.js'
import { readInnerAnnotations } from './annotations.js'
import { kindOfWord } from './span.js'

const traceKeys: ReadonlySet<string> = new Set(['project_id', 'token_count_total'])

/** True for a row of `GET /traces`: a trace with its sums, and its spans without their content where they were asked for. */
export function isTraceRow(record: JsonObject): boolean {
  if (record.trace_id === undefined || record.project_id === undefined || record.span_id !== undefined) return false
  return record.token_count_total !== undefined || Array.isArray(record.spans)
}

/** The row itself, which is about a whole trace, and the spans that stand in it. */
export function readTraceRow(record: JsonObject, at: string, reading: Reading): RawSpan[] {
  const traceId = readId(record.trace_id, 16)
  if (traceId === undefined) {
    reading.problems.push(`${at}trace_id: expected text; trace left out`)
    return []
  }
  const row = openRow(record, 'phoenix', traceKeys, reading)
  for (const key of ['id', 'trace_id', 'spans']) row.take(key)
  const start = readPlainTime(row.take('start_time'))
  const end = readPlainTime(row.take('end_time'))
  const usage = { input: row.take('token_count_prompt'), output: row.take('token_count_completion') }
  const rollup: RawSpan = {
    traceId,
    spanId: traceId,
    name: '',
    isRollup: true,
    startMs: start.ms,
    endMs: end.ms,
    status: 'unset',
    events: [],
    links: [],
    resource: Object.create(null),
    attributes: row.rest(),
    stated: { kind: 'workflow', usage },
  }
  const spans = Array.isArray(record.spans) ? record.spans : []
  const read = spans.map((span, index) => readLightSpan(span, traceId, `${at}spans.${index}.`, reading))
  return [rollup, ...read.filter((span) => span !== undefined)]
}

function readLightSpan(span: Json, traceId: string, at: string, reading: Reading): RawSpan | undefined {
  const spanId = isObject(span) ? readId(span.span_id, 8) : undefined
  if (!isObject(span) || spanId === undefined) {
    reading.problems.push(`${at}span_id: expected text; span left out`)
    return undefined
  }
  return {
    traceId,
    spanId,
    parentId: readParentId(span.parent_id),
    name: text(span.name ?? null) ?? '',
    startMs: readPlainTime(span.start_time).ms,
    endMs: readPlainTime(span.end_time).ms,
    status: readPlainStatus(span.status_code) ?? 'unset',
    attributes: Object.create(null),
    events: [],
    links: [],
    resource: Object.create(null),
    stated: { kind: kindOfWord(span.span_kind) },
  }
}

/** True for a trace of `px trace get` and `px trace list`. */
export function isTraceOfCli(record: JsonObject): boolean {
  if (typeof record.traceId !== 'string' || !Array.isArray(record.spans)) return false
  const first = record.spans[0]
  return isObject(first) && isObject(first.context) && Object.hasOwn(first, 'span_kind')
}

/** The judgements of the trace; its spans are spans like any other. */
export function readTraceOfCli(trace: JsonObject, at: string, reading: Reading): void {
  readInnerAnnotations(trace, { traceId: readId(trace.traceId, 16) }, at, reading)
}
