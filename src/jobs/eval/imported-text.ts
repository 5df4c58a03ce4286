import type { Output } from '../../core/eval/case.js'
import type { Json } from '../../core/span.js'
import type { KeptOutput } from '../../store/evals.js'

/** What becomes of a text before it is written. */
export type EditText = (text: string) => string

/** Longest reason that is kept; explanations of models are whole pages. */
const longestReason = 1000

/** A reason as it is kept: edited first, so that no cut hides anything from the privacy rules, then in one line. */
export function keptReason(reason: string, edit: EditText): string {
  const line = edit(reason).replaceAll(/\s+/g, ' ').trim()
  return line.length <= longestReason ? line : `${line.slice(0, longestReason - 1).toWellFormed()}…`
}

/** An output with every text in it edited; ids of traces and documents, and numbers, stay. */
export function keptOutput(output: KeptOutput, edit: EditText): KeptOutput {
  const text = (value: string | undefined) => (value === undefined ? undefined : edit(value))
  const json = (value: Json | undefined) => (value === undefined ? undefined : editJson(value, edit))
  const documents = output.documents?.map(({ content, metadata, ...rest }) => ({
    ...rest,
    content: text(content),
    metadata: json(metadata),
  }))
  const tools = output.tools?.map(
    ({ name, arguments: given, result, ...rest }): NonNullable<Output['tools']>[number] => ({
      ...rest,
      name: edit(name),
      arguments: json(given),
      result: json(result),
    }),
  )
  return {
    ...output,
    value: json(output.value),
    documents,
    tools,
    model: text(output.model),
    prompt: text(output.prompt),
    failure: text(output.failure),
  }
}

function editJson(value: Json, edit: EditText): Json {
  if (typeof value === 'string') return edit(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => editJson(item, edit))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [edit(key), editJson(member, edit)]))
}
