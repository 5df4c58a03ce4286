import type { BillingLine, BillingShape } from '../../core/billing.js'
import type { Row } from '../row.js'
import type { Cells } from './cells.js'

/** What a reader finds in a row; a time that is missing is told by whoever called it. */
export type Found = Omit<BillingLine, 'shape' | 'identity' | 'mayRepeat' | 'startMs'> & {
  startMs: number | undefined
  /** ISO 4217; dollars where none is stated. */
  currency?: string | undefined
  /** What the line is known by, where that is not all its cells but the figures. */
  identity?: string | undefined
}

/** How the rows of one vendor's export are read. */
export interface Shape {
  name: BillingShape
  fits(row: Row): boolean
  read(cells: Cells, row: Row): Found
  /** True where equal rows of one file are several lines. */
  mayRepeat?: boolean
}

/** True when the row has all these columns, whatever stands in them. */
export function hasAll(row: Row, ...names: string[]): boolean {
  return names.every((name) => Object.hasOwn(row, name))
}
