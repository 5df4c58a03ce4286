import type { Json, Message, SpanContent } from '../span.js'
import type { TraceSpan } from '../trace.js'

/** Values that are held against each other; texts by what they say. */
export const changedFields = [
  'tokens',
  'cost',
  'model',
  'times',
  'status',
  'prompt.name',
  'prompt.version',
  'user',
  'tenant',
  'session',
  'environment',
  'release',
  'input',
  'output',
  'template',
  'arguments',
  'result',
  'documents',
] as const
export type ChangedField = (typeof changedFields)[number]

/** A span of either side with its text, where it has any. */
export interface FullSpan {
  span: TraceSpan
  content: SpanContent | undefined
}

/** Milliseconds that a time may be off, since some platforms keep no fractions; and the part of a cost. */
const [timeTolerance, costTolerance] = [1, 0.01]

/** Whether a value differs; undefined where either side has none, or has it in another shape. */
export function isChanged(field: ChangedField, sent: FullSpan, got: FullSpan): boolean | undefined {
  return comparisons[field](sent, got)
}

type Comparison = (sent: FullSpan, got: FullSpan) => boolean | undefined

const differ = <T>(a: T | undefined, b: T | undefined, isSame: (a: T, b: T) => boolean = Object.is) =>
  a === undefined || b === undefined ? undefined : !isSame(a, b)

const ofSpan =
  <T>(read: (span: TraceSpan) => T | undefined): Comparison =>
  (a, b) =>
    differ(read(a.span), read(b.span))

const ofText =
  (read: (content: SpanContent) => Json | undefined): Comparison =>
  (a, b) =>
    differ(textOf(a.content && read(a.content)), textOf(b.content && read(b.content)))

/** Messages against messages, values against values: one shape says nothing of the other. */
const ofEither =
  (
    messages: (content: SpanContent) => readonly Message[] | undefined,
    value: (content: SpanContent) => Json | undefined,
  ): Comparison =>
  (a, b) =>
    ofText((content) => spoken(messages(content)))(a, b) ?? ofText(value)(a, b)

const comparisons: Readonly<Record<ChangedField, Comparison>> = {
  tokens: ({ span: a }, { span: b }) =>
    anyOf(differ(a.usage?.input, b.usage?.input), differ(a.usage?.output, b.usage?.output)),
  cost: ({ span: a }, { span: b }) =>
    differ(a.costUsd, b.costUsd, (x, y) => Math.abs(x - y) <= costTolerance * Math.max(Math.abs(x), Math.abs(y))),
  model: ({ span: a }, { span: b }) =>
    anyOf(differ(a.requestModel, b.requestModel), differ(a.responseModel, b.responseModel)),
  times: ({ span: a }, { span: b }) => anyOf(differ(a.startMs, b.startMs, isNear), differ(a.endMs, b.endMs, isNear)),
  status: ofSpan(({ status }) => status === 'error'),
  'prompt.name': ofSpan(({ promptName }) => promptName),
  'prompt.version': ofSpan(({ promptVersion }) => promptVersion),
  user: ofSpan(({ user }) => user),
  tenant: ofSpan(({ tenant }) => tenant),
  session: ofSpan(({ session }) => session),
  environment: ofSpan(({ environment }) => environment),
  release: ofSpan(({ release }) => release),
  input: ofEither(
    ({ inputMessages }) => inputMessages,
    ({ input }) => input,
  ),
  output: ofEither(
    ({ outputMessages }) => outputMessages,
    ({ output }) => output,
  ),
  template: ofText(({ promptTemplate }) => promptTemplate),
  arguments: ofText(({ toolArguments }) => toolArguments),
  result: ofText(({ toolResult }) => toolResult),
  documents: ofText(({ documents }) => documents?.map(({ id = null, content = null }): Json => ({ id, content }))),
}

const isNear = (a: number, b: number) => Math.abs(a - b) <= timeTolerance

function anyOf(...differences: readonly (boolean | undefined)[]): boolean | undefined {
  const known = differences.filter((each) => each !== undefined)
  return known.length === 0 ? undefined : known.some(Boolean)
}

function spoken(messages: readonly Message[] | undefined): Json | undefined {
  return messages?.map(({ role, content = null }): Json => [role, content])
}

/** The same text for the same value, whatever the order of keys; JSON in a text is what it holds. */
function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return JSON.stringify(sorted(typeof value === 'string' ? parsed(value) : value))
}

function parsed(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text // only looks like JSON
  }
}

/** Recursion is bounded: deeper values are refused when they are read. */
function sorted(value: Json, levels = 200): Json {
  if (typeof value !== 'object' || value === null || levels === 0) return value
  if (Array.isArray(value)) return value.map((item) => sorted(item, levels - 1))
  const keys = Object.keys(value).sort()
  return keys.map((key): Json => [key, sorted(value[key]!, levels - 1)])
}
