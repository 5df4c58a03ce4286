import type { ToolUse } from '../core/eval/case.js'
import type { Json, RetrievedDocument } from '../core/span.js'
import { readNumber } from './dialects/documents.js'
import { unpack } from './json.js'
import { isRow } from './row.js'

/** What was retrieved for a case: texts, or objects with id, content, score; one text is one document. Or what is wrong with it. */
export function readCaseDocuments(value: Json | undefined): RetrievedDocument[] | undefined | string {
  if (value === undefined) return undefined
  const documents = (Array.isArray(value) ? value : [value]).map(readDocument)
  const isWhole = (document: RetrievedDocument | undefined) => document !== undefined
  return documents.every(isWhole) ? documents : 'the documents are neither texts nor objects with id or content'
}

function readDocument(value: Json): RetrievedDocument | undefined {
  if (typeof value === 'string') return { content: value }
  if (!isRow(value)) return undefined
  const id = value.id ?? value.document_id ?? value.doc_id ?? undefined
  const content = value.content ?? value.text ?? value.page_content ?? value.document ?? undefined
  const [score, distance] = [readNumber(value.score), readNumber(value.distance)]
  const { metadata } = value
  if (id === undefined && content === undefined) return undefined
  return {
    ...(id !== undefined && { id: textOf(id) }),
    ...(content !== undefined && { content: textOf(content) }),
    ...(score !== undefined && { score }),
    ...(distance !== undefined && { distance }),
    ...(metadata !== undefined && { metadata }),
  }
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** The tools that were called for a case: names, or objects with name, arguments, result, error; "a, b" is two names. Or what is wrong. */
export function readToolUses(value: Json | undefined): ToolUse[] | undefined | string {
  if (value === undefined) return undefined
  const list = typeof value === 'string' ? namesIn(value) : value
  if (!Array.isArray(list)) return wrongTools
  // What a model was offered is often kept under the same name; it says nothing of what was called.
  if (list.length > 0 && list.every(isDefinition)) return undefined
  const tools = list.map(readToolUse)
  return tools.every((tool) => tool !== undefined) ? tools : wrongTools
}

function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function isDefinition(value: Json): boolean {
  if (!isRow(value)) return false
  const tool = value.function !== undefined && isRow(value.function) ? value.function : value
  return ['parameters', 'input_schema', 'description'].some((key) => key in tool) && !('arguments' in tool)
}

const wrongTools = 'the tools are neither names nor objects with a name'

function readToolUse(value: Json): ToolUse | undefined {
  if (typeof value === 'string') return value === '' ? undefined : { name: value }
  if (!isRow(value)) return undefined
  // {"type": "function", "function": {"name": …, "arguments": "…"}} is how OpenAI writes a call.
  const call = value.function !== undefined && isRow(value.function) ? value.function : value
  if (typeof call.name !== 'string' || call.name === '') return undefined
  const given = call.arguments ?? value.args ?? value.input_parameters ?? undefined
  const error = value.error ?? undefined
  const result = value.result ?? value.output ?? (typeof error === 'string' && error !== '' ? error : undefined)
  return {
    name: call.name,
    ...(given !== undefined && { arguments: unpack(given) }),
    ...(result !== undefined && { result }),
    ...(error !== undefined && { isError: error !== false && error !== '' }),
  }
}
