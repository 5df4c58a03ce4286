import type { Json } from '../../core/span.js'
import { isObject } from '../json.js'
import type { Row } from '../row.js'
import { litellmDay } from './litellm.js'

/** Keys whose lists hold rows: pages of buckets of results. A document too large to hold is split there. */
export const billingContainers: ReadonlySet<string> = new Set(['data', 'results', 'result', 'rows'])

/**
 * The rows of one JSON record: itself, or what stands in its lists, with the times of the buckets around it. A bucket without
 * results is the row of its times. Nesting beyond three lists is no page.
 */
export function billingRows(record: Row): Json[] {
  const rows: Json[] = []
  unfold(record, {}, rows, 3)
  return rows
}

function unfold(record: Row, around: Row, rows: Json[], levels: number): void {
  const day = litellmDay(record)
  if (day !== undefined) {
    rows.push(...day)
    return
  }
  const items = levels === 0 ? undefined : listIn(record)
  const times = { ...around, ...timesOf(record) }
  if (items === undefined) rows.push({ ...around, ...record })
  else if (items.length === 0 && Object.keys(times).length > 0) rows.push(times)
  else
    for (const item of items) {
      if (isObject(item)) unfold(item, times, rows, levels - 1)
      else rows.push(item)
    }
}

function listIn(record: Row): Json[] | undefined {
  for (const key of billingContainers) {
    const value = Object.hasOwn(record, key) ? record[key] : undefined
    if (Array.isArray(value) && (value.length === 0 || value.some(isObject))) return value
  }
  return undefined
}

/** Columns that say when a bucket begins and ends. */
export const bucketTimes: readonly string[] = [
  'start_time',
  'end_time',
  'start_time_iso',
  'end_time_iso',
  'starting_at',
  'ending_at',
]

function timesOf(record: Row): Row {
  return Object.fromEntries(bucketTimes.filter((key) => Object.hasOwn(record, key)).map((key) => [key, record[key]!]))
}
