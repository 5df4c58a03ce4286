import type { Json } from '../core/span.js'

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
    const value = valueAt(row, name)
    if (value !== undefined && value !== '' && typeof value !== 'object') return value
  }
  return undefined
}

/** As `cell`, as text; numbers and booleans are written out. */
export function textCell(row: Row, field: string, columns: Columns, usualNames: readonly string[]): string | undefined {
  const value = cell(row, field, columns, usualNames)
  return value === undefined ? undefined : String(value)
}

/** The value at a path: a column of that name, else `user.id` reaches into {"user": {"id": …}} and `choices.0` into a list. */
export function valueAt(row: Row, path: string): Json | undefined {
  if (Object.hasOwn(row, path)) return row[path]
  let value: Json | undefined = row as Json
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as { [key: string]: Json })[part] // an own key of an object or an index of a list
  }
  return value
}
