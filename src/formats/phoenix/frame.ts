import type { Attributes, Json } from '../../core/span.js'
import type { Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { unpackRepr } from '../python-repr.js'
import { readAnnotation } from './annotations.js'

const prefix = 'attributes.'

/** True for rows of `get_spans_dataframe`, whose columns are named by paths: one row, or a whole dataframe. */
export function isFrame(record: JsonObject): boolean {
  if (record['context.span_id'] !== undefined || record['context.trace_id'] !== undefined) return true
  for (const id in record) return isObject(record[id]) && record[id]['context.trace_id'] !== undefined
  return false
}

/** The rows of a record: itself, or those of a dataframe that is one object (pandas' orient `index` or `columns`), by span id. */
export function rowsOfFrame(record: JsonObject): JsonObject[] {
  const traceIds = record['context.trace_id']
  if (isObject(traceIds)) return Object.keys(traceIds).map((id) => ({ 'context.span_id': id, ...cellsOf(record, id) }))
  if (traceIds !== undefined || record['context.span_id'] !== undefined) return [record]
  return Object.keys(record).map((id) => ({ 'context.span_id': id, ...(isObject(record[id]) ? record[id] : {}) }))
}

function cellsOf(columns: JsonObject, id: string): JsonObject {
  const row: JsonObject = Object.create(null)
  for (const name of Object.keys(columns)) {
    const column = columns[name]
    if (isObject(column) && Object.hasOwn(column, id)) row[name] = column[id]!
  }
  return row
}

/** The row as the span that Phoenix's API would have answered: columns that are empty on this row are gone. */
export function spanOfRow(row: JsonObject, at: string, reading: Reading): JsonObject {
  const attributes: Attributes = Object.create(null)
  const span: JsonObject = Object.create(null)
  const evaluations = new Map<string, JsonObject>()
  for (const key of Object.keys(row)) {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : undefined
    const value = isStructured(name ?? key) ? unpackRepr(row[key]!) : row[key]!
    if (value === null || value === '') continue
    if (name !== undefined) attributes[name] = value
    else if (!key.startsWith('context.') && !isIndex(key) && !gatherEvaluation(key, value, evaluations))
      span[key] = value
  }
  const context = { trace_id: row['context.trace_id'] ?? null, span_id: row['context.span_id'] ?? null }
  for (const [name, result] of evaluations) readAnnotation({ ...context, name, result }, at, reading)
  return Object.assign(span, { context, attributes })
}

/** Columns that hold lists or objects, which a CSV of pandas has as Python literals; a namespace without a convention is one column, named without a dot. */
function isStructured(name: string): boolean {
  return !name.includes('.') || structured.has(name)
}

const structured: ReadonlySet<string> = new Set([
  ...['llm.input_messages', 'llm.output_messages', 'llm.tools', 'llm.prompts', 'llm.prompt_template.variables'],
  ...['retrieval.documents', 'reranker.input_documents', 'reranker.output_documents'],
  ...['embedding.embeddings', 'tool.parameters', 'tag.tags'],
])

/** The number of the row, which pandas writes as a column of its own. */
function isIndex(key: string): boolean {
  return key === 'index' || key === 'column 1' || key === 'level_0' || key.startsWith('Unnamed: ')
}

/** `<name>.score`, `.label` and `.explanation`: evaluations that a dataframe was joined with. */
function gatherEvaluation(key: string, value: Json, evaluations: Map<string, JsonObject>): boolean {
  const dot = key.lastIndexOf('.')
  const part = key.slice(dot + 1)
  if (dot < 1 || (part !== 'score' && part !== 'label' && part !== 'explanation')) return false
  const name = key.slice(0, dot)
  evaluations.set(name, { ...evaluations.get(name), [part]: value })
  return true
}
