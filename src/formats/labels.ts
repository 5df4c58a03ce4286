import type { Label } from '../core/label.js'
import { missing } from './requests.js'
import { type Columns, cell, type Row, textCell, valueAt } from './row.js'
import { msOfMoment } from './time.js'

/** Our field of a label → the names under which files keep it, first match wins. */
export const labelColumns = {
  item: ['item', 'request_id', 'requestId', 'trace_id', 'traceId', 'incident', 'id'],
  name: ['name', 'label_name', 'question', 'annotation_name'],
  value: ['value', 'label', 'cause', 'verdict'],
  by: ['by', 'annotator', 'labeller', 'reviewer'],
  time: ['time', 'timestamp', 'ts', 'created_at', 'createdAt'],
  note: ['note', 'comment', 'reason', 'explanation'],
} as const

/** One label from one row, or what is wrong with the row. A column `cause` names itself. */
export function readLabel(row: Row, columns: Columns): Label | string {
  const text = (field: keyof typeof labelColumns) => textCell(row, field, columns, labelColumns[field])
  const item = text('item')?.replace(guard, '')
  if (item === undefined) return missing('item', columns, labelColumns.item)
  const value = text('value')?.trim()
  if (value === undefined || value === '') return missing('value', columns, labelColumns.value)
  const name = text('name') ?? (textCell(row, 'cause', {}, ['cause']) === undefined ? undefined : 'cause')
  if (name === undefined) return missing('name', columns, labelColumns.name)
  const time = cell(row, 'time', columns, labelColumns.time)
  return {
    item,
    name,
    value,
    by: text('by'),
    timeMs: time === undefined ? undefined : msOfMoment(time),
    note: text('note'),
  }
}

/** The apostrophe that a form puts before what a spreadsheet would take for a formula. */
const guard = /^'(?='*[=+\-@\t\r\n])/

/** True for a row of a form that nobody has filled in yet: there is a column for its value, and nothing in it. */
export function isUnfilled(row: Row, columns: Columns): boolean {
  const names = columns.value === undefined ? labelColumns.value : [columns.value]
  const cells = names.map((name) => valueAt(row, name)).filter((value) => value !== undefined)
  return (
    cells.length > 0 && cells.every((value) => value === null || (typeof value === 'string' && value.trim() === ''))
  )
}
