import type { BilledLine } from '../core/billing.js'
import type { Deployment } from '../core/deployment.js'
import type { Label } from '../core/label.js'
import type { LogEntry } from '../core/log-entry.js'
import type { Feedback, Json, Request, Score } from '../core/span.js'
import { logRow } from './log.js'
import type { Columns, Row } from './row.js'

/** Records as the rows that the readers of this folder read back. What is unknown has no column. */

export function requestRow({ id, timeMs, origin, tenant, user, traceId, release }: Request): Row {
  return defined({ id, time: moment(timeMs), origin, tenant, user, trace_id: traceId, release })
}

export function scoreRow({ id, traceId, spanId, name, value, label, comment, source, timeMs }: Score): Row {
  return defined({
    ...{ id, time: moment(timeMs), name, value, label, comment, source },
    ...{ trace_id: traceId, span_id: spanId },
  })
}

export function feedbackRow(feedback: Feedback): Row {
  const { id, traceId, spanId, request, kind, name, value, comment, user, source, timeMs } = feedback
  const thumb = kind === 'thumbs' ? (value === 1 ? 'up' : 'down') : value
  return defined({
    ...{ id, time: moment(timeMs), kind, value: thumb, comment, user, source, feedback_name: name },
    ...{ trace_id: traceId, span_id: spanId, request_id: request },
  })
}

export function deploymentRow(deployment: Deployment): Row {
  const { kind, name, version, timeMs, environment, action, by, reviewedBy, evidence, contentHash } = deployment
  return defined({
    ...{ time: moment(timeMs), kind, name, version, environment, action, by, evidence },
    ...{ reviewed_by: reviewedBy, content_hash: contentHash },
  })
}

export function labelRow({ item, name, value, by, timeMs, note }: Label): Row {
  return defined({ item, name, value, by, time: moment(timeMs), note })
}

export function billingRow({ shape, id, startMs, endMs, provider, model, costUsd, calls, usage }: BilledLine): Row {
  const { input, output, cachedInput, cacheWrite, reasoning } = usage ?? {}
  return defined({
    ...{
      billing_shape: shape,
      id,
      time: moment(startMs),
      end: moment(endMs),
      provider,
      model,
      cost_usd: costUsd,
      calls,
    },
    ...{ input_tokens: input, output_tokens: output, cached_input_tokens: cachedInput },
    ...{ cache_write_tokens: cacheWrite, reasoning_tokens: reasoning },
  })
}

/** Entries from files keep the hash that they are known by. */
export function logEntryRow(entry: LogEntry): Row {
  return { ...logRow(entry), time: moment(entry.timeMs)! }
}

/** The row under the names that pilot.yaml has for its columns, so that the same pilot.yaml reads it. */
export function underColumns(row: Row, columns: Columns): Row {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [(Object.hasOwn(columns, field) && columns[field]) || field, value]),
  )
}

/** Epoch milliseconds where a number of them cannot be taken for seconds, else ISO 8601. */
function moment(ms: number | undefined): number | string | undefined {
  if (ms === undefined || (ms >= 1e11 && ms < 1e14)) return ms
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function defined(row: Record<string, Json | undefined>): Row {
  return Object.fromEntries(Object.entries(row).filter((entry): entry is [string, Json] => entry[1] !== undefined))
}
