import { detectorNames } from '../../core/privacy/detectors/index.js'
import {
  type Json,
  type Message,
  type RetrievedDocument,
  type Span,
  type SpanContent,
  type SpanEvent,
  type SpanLink,
  spanKinds,
  type ToolCall,
  type Usage,
} from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'

/** A span with what detectors had found in it before it was stored: rule → hits. */
export interface StoredSpan {
  span: Span
  findings?: Record<string, number>
}

/** A stored span as a line of pilot's own format that loses nothing: `stored` holds all that is not beside it. */
export function storedLine({ span, findings }: StoredSpan): JsonObject {
  const { traceId, spanId, name, startMs, ...stored } = span
  return {
    ...{ trace_id: traceId, span_id: spanId, name, start: startMs ?? null },
    stored: stored as unknown as JsonObject, // a span is JSON
    ...(findings !== undefined && { findings }),
  }
}

/** The span of such a line, read by no convention; or what is wrong with it. */
export function readStored({ trace_id, span_id, name, start, stored, findings }: JsonObject): StoredSpan | string {
  const span = {
    ...(isObject(stored) ? stored : {}),
    ...{ traceId: trace_id, spanId: span_id, name },
    ...(start === null ? {} : { startMs: start }),
  } as Json
  const fault = isObject(stored) ? spanShape(span, 'stored') : 'stored: expected an object'
  if (fault !== undefined) return `${fault}, as pilot export writes it; span left out`
  return { span: span as unknown as Span, ...(isObject(findings) && { findings: knownHits(findings) }) } // just tested
}

function knownHits(findings: JsonObject): Record<string, number> {
  const known = detectorNames.flatMap((rule) => {
    const hits = Object.hasOwn(findings, rule) ? findings[rule] : undefined
    return typeof hits === 'number' && hits > 0 ? [[rule, hits] as const] : []
  })
  return Object.fromEntries(known)
}

/** What is wrong with a value at a path; undefined where nothing is. */
type Shape = (value: Json, path: string) => string | undefined

const plain =
  (isRight: (value: Json) => boolean, expected: string): Shape =>
  (value, path) =>
    isRight(value) ? undefined : `${path}: expected ${expected}`

const text = plain((value) => typeof value === 'string', 'text')
const id = plain((value) => typeof value === 'string' && value !== '', 'text')
const number = plain((value) => typeof value === 'number', 'a number')
const flag = plain((value) => typeof value === 'boolean', 'true or false')
const object = plain(isObject, 'an object')
const digits = plain((value) => typeof value === 'string' && /^\d{1,20}$/.test(value), 'digits')
const any: Shape = () => undefined
const word = (words: readonly string[]) =>
  plain((value) => typeof value === 'string' && words.includes(value), `one of ${words.join(', ')}`)

const listOf =
  (item: Shape): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) return `${path}: expected a list`
    for (const [index, each] of value.entries()) {
      const fault = item(each, `${path}.${index}`)
      if (fault !== undefined) return fault
    }
    return undefined
  }

/** A shape for every field of a type, so that one that is added to it cannot be lost. */
function recordOf<T extends object>(fields: { readonly [K in keyof T]-?: Shape }, needed: readonly (keyof T)[]): Shape {
  const shapes = new Map(Object.entries(fields) as [string, Shape][])
  return (value, path) => {
    if (!isObject(value)) return `${path}: expected an object`
    const missing = needed.find((key) => !Object.hasOwn(value, key))
    if (missing !== undefined) return `${path}: no ${String(missing)}`
    for (const key of Object.keys(value)) {
      const shape = shapes.get(key)
      const fault = shape === undefined ? `${path}: a field that no span has` : shape(value[key]!, `${path}.${key}`)
      if (fault !== undefined) return fault
    }
    return undefined
  }
}

const attributes: Shape = object
const toolCall = recordOf<ToolCall>({ id: text, name: text, arguments: any }, [])
const message = recordOf<Message>(
  { role: text, content: text, name: text, toolCalls: listOf(toolCall), toolCallId: text },
  ['role'],
)
const document = recordOf<RetrievedDocument>(
  { id: text, content: text, score: number, distance: number, metadata: any },
  [],
)
const event = recordOf<SpanEvent>({ name: text, timeMs: number, attributes }, ['name'])
const link = recordOf<SpanLink>({ traceId: text, spanId: text, attributes }, ['traceId', 'spanId'])
const usage = recordOf<Usage>(
  { input: number, output: number, cachedInput: number, cacheWrite: number, reasoning: number, normalised: flag },
  [],
)
const content = recordOf<SpanContent>(
  {
    input: any,
    output: any,
    inputMessages: listOf(message),
    outputMessages: listOf(message),
    promptTemplate: text,
    promptVariables: any,
    settings: attributes,
    documents: listOf(document),
    query: text,
    toolName: text,
    toolCallId: text,
    toolArguments: any,
    toolResult: any,
    finishReasons: listOf(text),
    tags: listOf(text),
    events: listOf(event),
    links: listOf(link),
    attributes,
    resource: attributes,
    scope: text,
  } satisfies { [K in keyof Required<SpanContent>]: Shape },
  [],
)
const spanShape = recordOf<Span>(
  {
    traceId: id,
    spanId: id,
    parentId: text,
    name: text,
    kind: word(spanKinds),
    startMs: number,
    endMs: number,
    startNs: digits,
    endNs: digits,
    status: word(['ok', 'error', 'unset']),
    statusMessage: text,
    provider: text,
    requestModel: text,
    responseModel: text,
    promptName: text,
    promptVersion: text,
    usage,
    costUsd: number,
    isRollup: flag,
    revision: number,
    recordId: text,
    promptId: text,
    user: text,
    tenant: text,
    session: text,
    request: text,
    environment: text,
    release: text,
    workflow: text,
    service: text,
    retries: number,
    fallbackFrom: text,
    content,
  },
  ['traceId', 'spanId', 'name', 'kind', 'status', 'content'],
)
