import type { Json } from '../../core/span.js'
import { isObject } from '../json.js'

/** Choices without the parts that say nothing (`refusal: null`, `annotations: []`), which would keep them from being whole. */
export function slimChoices(choices: readonly Json[]): Json[] {
  return choices.map((choice) =>
    isObject(choice) && isObject(choice.message) ? { ...choice, message: slim(choice.message) } : choice,
  )
}

function slim(message: { [key: string]: Json }): Json {
  const kept = Object.keys(message).filter((key) => {
    const value = message[key]
    return value !== null && !(Array.isArray(value) && value.length === 0)
  })
  return Object.fromEntries(kept.map((key) => [key, message[key]!]))
}

/** What file searches inside a response found, if they were asked to tell: documents with their scores. */
export function fileSearchDocuments(output: Json | undefined): Json[] | undefined {
  if (!Array.isArray(output)) return undefined
  const found = output.flatMap((item) =>
    isObject(item) && item.type === 'file_search_call' && Array.isArray(item.results)
      ? item.results.filter(isObject)
      : [],
  )
  if (found.length === 0) return undefined
  return found.map(({ file_id, text, score, ...metadata }) => ({
    id: file_id ?? null,
    content: text ?? null,
    score: score ?? null,
    metadata,
  }))
}

/** Items of a response whose calls go by the id that their results name; an item's own id is nobody's key. */
export function itemsByCall(items: readonly Json[]): Json[] {
  return items.map((item) => {
    if (!isObject(item) || typeof item.call_id !== 'string') return item
    const { id: _, ...rest } = item
    return rest
  })
}
