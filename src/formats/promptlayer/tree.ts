import type { Attributes, Json } from '../../core/span.js'
import { addSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { mergeAttributes } from './fields.js'
import { cellsOf, isNode } from './shapes.js'
import { readSpan } from './spans.js'

/**
 * The spans of a trace in a cell of a Table. Its nodes name their span but seldom their trace, which then gets its id from the
 * root; their parents are where they stand. `beside` is what the row says of the whole trace.
 */
export function readTree(root: JsonObject, beside: Attributes, keys: KeyPaths, reading: Reading): void {
  const traceId =
    textOf(root.trace_id) ?? `pl-trace-${textOf(root.span_id) ?? `${labelOf(root.start)}-${labelOf(root.name)}`}`
  readNode(root, { traceId, parentId: undefined, spanId: textOf(root.span_id) ?? traceId, beside }, keys, reading)
}

interface Place {
  traceId: string
  parentId: string | undefined
  spanId: string
  beside: Attributes
}

/** Recursion is as deep as the record, which is bounded. */
function readNode(branch: JsonObject, place: Place, keys: KeyPaths, reading: Reading): void {
  const { children, ...own } = branch
  const raw = readSpan({ ...own, span_id: place.spanId, parent_id: place.parentId ?? null }, place.traceId, reading)
  if (raw === undefined) return
  const attributes = mergeAttributes(raw.attributes, place.beside)
  addSpan(reading, { ...raw, parentId: place.parentId, attributes }, keys)
  const list = Array.isArray(children) ? children : []
  for (let index = 0; index < list.length; index++) {
    const child = list[index]!
    if (!isObject(child)) {
      reading.problems.push('children: expected objects; span left out')
      continue
    }
    const spanId = textOf(child.span_id) ?? `${raw.spanId}.${index}`
    readNode(child, { traceId: raw.traceId, parentId: raw.spanId, spanId, beside: none }, keys, reading)
  }
}

const none: Attributes = Object.create(null)

/** The traces in the cells of one row of a Table; its other cells stay with the first of them. */
export function readCells(record: JsonObject, keys: KeyPaths, reading: Reading): Json[] {
  const cells = cellsOf(record)
  const trees = cells.map(([, value]) => value).filter(isNode)
  const beside: Attributes = Object.create(null)
  const others: Json[] = []
  for (const [column, value] of cells) {
    if (isNode(value) || value === null || value === '') continue
    if (isObject(value)) others.push(value)
    beside[`promptlayer.table.${column}`] = value
  }
  for (const [index, tree] of trees.entries()) readTree(tree, index === 0 ? beside : none, keys, reading)
  return trees.length === 0 ? others : []
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
}

function labelOf(value: Json | undefined): string {
  return textOf(value) ?? 'unknown'
}
