import { type Case, type Output, originTrace } from '../core/eval/case.js'
import type { Json } from '../core/span.js'
import { readCaseDocuments, readToolUses } from './case-parts.js'
import { missing } from './requests.js'
import { type Columns, isRow, type Row, valueAt } from './row.js'

/**
 * Our field of a case → the names under which datasets keep it. The first that the row has is the field's, and no other
 * field's: `answer` is the reference, unless the row has `expected` too; then it is the output.
 */
export const caseColumns = {
  id: ['id', 'case_id', 'caseId', 'example_id', 'test_id'],
  inputs: ['inputs', 'input', 'vars', 'variables', 'question', 'query', 'user_input', 'prompt', 'messages'],
  reference: [
    'reference',
    'expected',
    'expected_output',
    'expectedOutput',
    'ideal',
    'ground_truth',
    'reference_answer',
    'target',
    'answer',
  ],
  output: ['output', 'actual_output', 'response', 'completion', 'prediction', 'answer'],
  documents: ['documents', 'retrieved_contexts', 'retrieval_context', 'contexts', 'context'],
  tools: ['tools', 'tools_called', 'tool_calls'],
  tags: ['tags', 'tag', 'category'],
  cluster: [
    'cluster',
    'conversation_id',
    'session_id',
    'document_id',
    'template_id',
    'conversation',
    'session',
    'document',
    'template',
  ],
  origin: ['origin'],
  labels: ['labels'],
  latency_ms: ['latency_ms', 'latencyMs', 'duration_ms'],
  cost_usd: ['cost_usd', 'costUsd', 'cost'],
  input_tokens: ['input_tokens', 'inputTokens', 'prompt_tokens'],
  output_tokens: ['output_tokens', 'outputTokens', 'completion_tokens'],
  model: ['model', 'model_name'],
  prompt: ['prompt_version', 'promptVersion', 'prompt'],
} as const

type Field = keyof typeof caseColumns

/** Fields that are a name: a column of that name with a long text or a structure is an input (a document to summarise). */
const nameFields: ReadonlySet<Field> = new Set<Field>(['cluster', 'origin', 'model', 'prompt'])

/** One case from one row, or what is wrong with the row. `place` names rows without an id, by their content. */
export function readCase(row: Row, columns: Columns, place: (content: string) => string): Case | string {
  const { found, rest } = sortColumns(row, columns)
  const inputs = found.inputs ?? (found.hasInputs ? undefined : rest)
  const { id, tags, labels, reference } = found
  if (inputs === undefined && found.output === undefined) return missing('inputs', columns, caseColumns.inputs)
  if (typeof id === 'object') return 'the id is neither text nor a number'
  const written = writtenTags(tags)
  if (typeof written === 'string') return written
  const said = readLabels(labels)
  if (typeof said === 'string') return said
  const output = readOutput(found)
  if (typeof output === 'string') return output
  const made: Case = {
    id: id === undefined ? place(JSON.stringify(row)) : String(id),
    ...(inputs !== undefined && { inputs }),
    ...(reference !== undefined && { reference }),
    tags: written,
    ...(found.cluster !== undefined && { cluster: String(found.cluster) }),
    ...(found.origin !== undefined && { origin: String(found.origin) }),
    labels: said,
  }
  if (output === undefined) return made
  const trace = originTrace(made)
  return { ...made, output: trace === undefined ? output : { ...output, trace } }
}

type Found = Partial<Record<Field, Json>> & { hasInputs: boolean }

/** The columns of a row by field, and those that are no field's as named inputs; null and empty text say nothing. */
function sortColumns(row: Row, columns: Columns): { found: Found; rest: Json | undefined } {
  const found: Found = { hasInputs: false }
  const taken = new Set<string>()
  const fields = Object.keys(caseColumns) as Field[] // a literal of exactly these keys
  for (const field of fields) {
    const mapped = columns[field]
    const names: readonly string[] = mapped === undefined ? caseColumns[field] : [mapped]
    const isField = (value: Json | undefined) => value !== undefined && (!nameFields.has(field) || isName(value))
    const name = names.find((each) => !taken.has(each) && isField(valueAt(row, each)))
    if (name === undefined) continue
    taken.add(name)
    if (field === 'inputs') found.hasInputs = true
    const value = valueAt(row, name)!
    if (value !== null && value !== '') found[field] = value
  }
  const rest = Object.entries(row).filter(
    ([name, value]) => !taken.has(name) && !neverInputs.has(name) && value !== null && value !== '',
  )
  return { found, rest: rest.length === 0 ? undefined : Object.fromEntries(rest) }
}

/** A second name of a reference or an output is no input: it would give the answer away. */
const neverInputs: ReadonlySet<string> = new Set(
  Object.entries(caseColumns).flatMap(([field, names]) => (nameFields.has(field as Field) ? [] : names)),
)

const longestName = 200

function isName(value: Json): boolean {
  if (value === null || typeof value === 'object') return value === null
  return typeof value !== 'string' || (value.length <= longestName && !/[\r\n]/.test(value))
}

/** A list of texts, or texts with commas between them; each once. */
function writtenTags(value: Json | undefined): string[] | string {
  if (value === undefined) return []
  const list = typeof value === 'string' ? value.split(',') : value
  if (!Array.isArray(list) || list.some((tag) => tag === null || typeof tag === 'object'))
    return 'the tags are neither a list of texts nor texts with commas between them'
  return [...new Set(list.map((tag) => String(tag).trim()).filter((tag) => tag !== ''))]
}

function readLabels(value: Json | undefined): Record<string, string> | string {
  if (value === undefined) return {}
  if (!isRow(value)) return 'the labels are no object of names and values'
  const said = Object.entries(value).filter(([, label]) => label !== null && label !== '')
  if (said.some(([, label]) => typeof label === 'object')) return 'a label is neither text nor a number'
  return Object.fromEntries(said.map(([name, label]) => [name, String(label)]))
}

const amounts = [
  ['latency_ms', 'latencyMs'],
  ['cost_usd', 'costUsd'],
  ['input_tokens', 'inputTokens'],
  ['output_tokens', 'outputTokens'],
] as const

/** What the row records of an output; undefined where it says nothing of one. */
function readOutput(found: Found): Output | undefined | string {
  const output: Output = {}
  if (found.output !== undefined) output.value = found.output
  const documents = readCaseDocuments(found.documents)
  if (typeof documents === 'string') return documents
  if (documents !== undefined) output.documents = documents
  const tools = readToolUses(found.tools)
  if (typeof tools === 'string') return tools
  if (tools !== undefined) output.tools = tools
  for (const [column, field] of amounts) {
    const amount = readAmount(found[column])
    if (amount === 'none') return `${column} is no number from 0 on`
    if (amount !== undefined) output[field] = amount
  }
  if (found.model !== undefined) output.model = String(found.model)
  if (found.prompt !== undefined) output.prompt = String(found.prompt)
  return Object.keys(output).length === 0 ? undefined : output
}

function readAmount(value: Json | undefined): number | undefined | 'none' {
  if (value === undefined) return undefined
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : 'none'
}
