import { type BillingLine, billingShapes } from '../core/billing.js'
import type { Json } from '../core/span.js'
import { anthropicCost, anthropicUsage } from './billing/anthropic.js'
import { cellsOf, identityOf } from './billing/cells.js'
import { litellm } from './billing/litellm.js'
import { openaiCosts, openaiUsage } from './billing/openai.js'
import { openrouter } from './billing/openrouter.js'
import { billingColumns, isMapped, otherShape } from './billing/other.js'
import { portkey } from './billing/portkey.js'
import { billingRows, bucketTimes } from './billing/rows.js'
import type { Found, Shape } from './billing/shape.js'
import { missing } from './requests.js'
import { type Columns, isRow, type Row } from './row.js'

/** The exports that are told by their columns, in order of detection. */
const shapes: readonly Shape[] = [openrouter, openaiUsage, openaiCosts, anthropicUsage, anthropicCost, litellm, portkey]

/** True for a record that a provider or gateway is known to bill by: a row, or a page of rows. */
export function isOfBill(record: Json): boolean {
  if (!isRow(record)) return false
  const first = billingRows(record)[0]
  return first !== undefined && isRow(first) && shapes.some(({ fits }) => fits(first))
}

/** True for the row of a bucket in which nothing was billed: it states when it begins and ends, and nothing else. */
export function isEmptyBucket(row: Row): boolean {
  const stated = Object.keys(row).filter((name) => row[name] !== null && row[name] !== '')
  return stated.length > 1 && stated.every((name) => bucketTimes.includes(name))
}

/** One line of a bill from one row of a provider's or gateway's export, or what is wrong with the row. */
export function readBillingLine(row: Row, columns: Columns): BillingLine | string {
  const own = otherShape(columns)
  const exported = billingShapes.find((name) => name === row.billing_shape)
  const isOwn = isMapped(row, columns) || exported !== undefined
  const shape = isOwn ? own : (shapes.find(({ fits }) => fits(row)) ?? own)
  const cells = cellsOf(row)
  const { identity, startMs, currency, ...found } = shape.read(cells, row)
  if (cells.faults.length > 0) return cells.faults.join('; ')
  if (startMs === undefined) return missing('time', shape === own ? columns : {}, billingColumns.time)
  if (currency !== undefined && currency.toLowerCase() !== 'usd' && found.costUsd !== undefined)
    return 'the currency is not USD: costs are compared in US dollars only'
  if (!hasFigure(found)) return 'no figure: neither a cost nor tokens nor calls'
  return {
    ...found,
    startMs,
    // A line of pilot export says whose bill it was.
    shape: exported ?? shape.name,
    identity: found.id === undefined ? (identity ?? identityOf(row)) : '',
    mayRepeat: found.id === undefined && shape.mayRepeat === true,
  }
}

function hasFigure({ id, costUsd, calls, usage }: Omit<Found, 'startMs'>): boolean {
  // One call that says nothing but that it was is no figure of a bill.
  const isBareCall = id !== undefined && calls === 1
  return costUsd !== undefined || usage !== undefined || (calls !== undefined && !isBareCall)
}
