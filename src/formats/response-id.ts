import type { Json, SpanContent } from '../core/span.js'
import { isObject, unpack } from './json.js'

/** Attributes that hold the id which the vendor gave its answer; a bill knows the call by it. */
const attributeNames = ['gen_ai.response.id', 'llm.response.id', 'ai.response.id', 'response_id', 'generation_id']

/** The ids of the answer in the text of a span: attributes first, then the vendor's own answer where it was kept whole. */
export function responseIds({ attributes, output }: SpanContent): string[] {
  const found = attributeNames.map((name) =>
    attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined,
  )
  const body = output === undefined ? undefined : unpack(output)
  if (isObject(body)) for (const answer of [body, body.raw, body.response]) found.push(idOf(answer))
  return [...new Set(found.filter(isId))]
}

function idOf(answer: Json | undefined): Json | undefined {
  return isObject(answer) && Object.hasOwn(answer, 'id') ? answer.id : undefined
}

function isId(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== ''
}
