import type { Json } from '../core/span.js'
import { msOfIso } from './time.js'

/** A row of an application's own log or of a bill, whatever file it stood in: column → value. */
export type Row = Readonly<Record<string, Json>>

/** True for a JSON object. */
export function isRow(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Our field → the column that holds it; fields that are not named are looked for under their usual names. */
export type Columns = Readonly<Record<string, string | undefined>>

/** The value of `field` in a row: from the mapped column, else from the first usual name that has one. Structures are no values. */
export function cell(row: Row, field: string, columns: Columns, usualNames: readonly string[]): Json | undefined {
  const mapped = columns[field]
  const names = mapped === undefined ? usualNames : [mapped]
  for (const name of names) {
    const value = at(row, name)
    if (value !== undefined && value !== '' && typeof value !== 'object') return value
  }
  return undefined
}

/** As `cell`, as text; numbers and booleans are written out. */
export function textCell(row: Row, field: string, columns: Columns, usualNames: readonly string[]): string | undefined {
  const value = cell(row, field, columns, usualNames)
  return value === undefined ? undefined : String(value)
}

function at(row: Row, path: string): Json | undefined {
  if (Object.hasOwn(row, path)) return row[path]
  // `user.id` also reaches into {"user": {"id": …}}.
  let value: Json | undefined = row as Json
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, part))
      return undefined
    value = value[part]
  }
  return value
}

/** Epoch milliseconds of a log's time: ISO 8601 (UTC where it names no zone), or epoch seconds to nanoseconds by magnitude. */
export function logTimeMs(value: Json | undefined): number | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,20}(\.\d+)?$/.test(value.trim())))
    return epochMs(Number(value))
  return typeof value === 'string' ? msOfIso(value.trim()) : undefined
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size: 1e11 s is the year 5138. */
function epochMs(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined
  if (value < 1e11) return value * 1000
  if (value < 1e14) return value
  if (value < 1e17) return value / 1000
  return value / 1e6
}
