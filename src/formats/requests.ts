import { type Request, requestOrigins } from '../core/span.js'
import { readId } from './ids.js'
import { type Columns, cell, type Row, textCell } from './row.js'
import { msOfMoment } from './time.js'

/** Our field of a request → the names under which logs usually keep it, first match wins. */
export const requestColumns = {
  id: ['id', 'request_id', 'requestId', 'request.id', 'x-request-id', 'correlation_id'],
  time: ['time', 'timestamp', 'ts', 'created_at', 'createdAt', '@timestamp', 'start_time'],
  origin: ['origin'],
  tenant: ['tenant', 'tenant_id', 'tenantId', 'tenant.id', 'customer_id', 'organization_id'],
  user: ['user', 'user_id', 'userId', 'user.id'],
  trace_id: ['trace_id', 'traceId', 'trace', 'trace.id'],
  release: ['release', 'version', 'service.version', 'git_sha', 'sha'],
} as const

/** One request from one row of the application's log, or what is wrong with the row. */
export function readRequest(row: Row, columns: Columns): Request | string {
  const text = (field: keyof typeof requestColumns) => textCell(row, field, columns, requestColumns[field])
  const id = text('id')
  if (id === undefined) return missing('id', columns, requestColumns.id)
  const time = cell(row, 'time', columns, requestColumns.time)
  if (time === undefined) return missing('time', columns, requestColumns.time)
  const timeMs = msOfMoment(time)
  if (timeMs === undefined) return 'the time is neither ISO 8601 nor an epoch number'
  const origin = text('origin')?.toLowerCase() ?? 'production'
  const known = requestOrigins.find((name) => name === origin)
  if (known === undefined) return `the origin is none of ${requestOrigins.join(', ')}`
  return {
    id,
    timeMs,
    origin: known,
    tenant: text('tenant'),
    user: text('user'),
    traceId: readId(text('trace_id'), 16),
    release: text('release'),
  }
}

/** The message for a row without a field that it must have. */
export function missing(field: string, columns: Columns, usualNames: readonly string[]): string {
  return columns[field] === undefined
    ? `no ${field}: expected a column ${usualNames.slice(0, 3).join(', ')} …`
    : `no ${field} in its mapped column`
}
