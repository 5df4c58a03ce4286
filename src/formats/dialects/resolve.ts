import type { Attributes, Feedback, Json, Score, Span, SpanContent, SpanEvent, SpanKind } from '../../core/span.js'
import type { KeyPaths, RawSpan } from '../format.js'
import { isObject } from '../json.js'
import { dialects } from './dialects.js'
import { type Draft, jsonOf, numberOf, startDraft, textOf, textsOf } from './draft.js'
import { fillFromGenaiEvents, inferenceDetails } from './genai.js'
import { fillConfigured } from './key-paths.js'
import { resolveKind } from './kind.js'
import { settlePending } from './pydantic.js'
import { text } from './readers.js'
import { buildIndex, scan, scanPackedMetadata, scanResource } from './scan.js'
import { applyStated } from './stated.js'
import { resolveStatus } from './status.js'
import { fillFromVectorEvents } from './traceloop.js'
import { inclusiveUsage } from './usage.js'

export interface Resolved {
  span: Span
  scores: Score[]
  feedback: Feedback[]
  problems: string[]
}

const index = buildIndex(
  dialects.flatMap(({ keys }, bit) => keys.map((key): [string, number] => [key, 1 << bit])),
  dialects.flatMap(({ families }, bit) => families.map((name): [string, number] => [name, 1 << bit])),
)

/**
 * A span out of flat attributes, in whatever vocabularies it speaks: each field by the order of `sources`, never "one dialect
 * per span". One pass over the attributes; a dialect's structure is read only where the pass met it. Never throws, as long as
 * the envelope hands over attributes that are nested within `maxDepth`.
 */
export function resolveSpan(given: RawSpan, keys: KeyPaths): Resolved {
  const raw = settlePending(given)
  const draft = startDraft(raw)
  scan(draft, raw.attributes, draft.keys, index)
  scanResource(draft, raw.resource, index)
  scanPackedMetadata(draft, raw.attributes, index)
  for (let bit = 0; draft.marks >> bit !== 0; bit++) if (draft.marks & (1 << bit)) dialects[bit]!.fill(draft)
  if (raw.events.length > 0) {
    fillFromGenaiEvents(draft, (attributes) => scan(draft, attributes, Object.keys(attributes), index))
    fillFromVectorEvents(draft)
  }
  if (raw.stated !== undefined) applyStated(draft, raw.stated)
  fillConfigured(draft, keys)
  const { scores, feedback, problems } = draft
  return { span: finish(draft), scores, feedback, problems }
}

function finish(draft: Draft): Span {
  const { raw } = draft
  const kind = resolveKind(draft)
  const { status, statusMessage } = resolveStatus(draft, kind)
  return {
    traceId: raw.traceId,
    spanId: raw.spanId,
    parentId: raw.parentId,
    name: raw.name,
    kind,
    startMs: raw.startMs,
    endMs: raw.endMs,
    startNs: raw.startNs,
    endNs: raw.endNs,
    status,
    statusMessage,
    provider: textOf(draft, 'provider'),
    requestModel: textOf(draft, 'requestModel'),
    responseModel: textOf(draft, 'responseModel'),
    promptName: textOf(draft, 'promptName'),
    promptVersion: textOf(draft, 'promptVersion'),
    usage: inclusiveUsage({
      input: numberOf(draft, 'inputTokens'),
      output: numberOf(draft, 'outputTokens'),
      cachedInput: numberOf(draft, 'cachedInput'),
      cacheWrite: numberOf(draft, 'cacheWrite'),
      reasoning: numberOf(draft, 'reasoning'),
      normalised: draft.normalised ? true : undefined,
    }),
    costUsd: numberOf(draft, 'costUsd'),
    isRollup: raw.isRollup,
    revision: raw.revision,
    recordId: raw.recordId,
    promptId: raw.promptId,
    fallbackFrom: raw.fallbackFrom,
    user: textOf(draft, 'user'),
    tenant: textOf(draft, 'tenant'),
    session: textOf(draft, 'session'),
    request: textOf(draft, 'request'),
    environment: textOf(draft, 'environment'),
    release: textOf(draft, 'release'),
    workflow:
      textOf(draft, 'workflow') ??
      (raw.parentId === undefined ? (textOf(draft, 'agentName') ?? (raw.name || undefined)) : undefined),
    service: textOf(draft, 'service'),
    retries: numberOf(draft, 'retries'),
    content: readContent(draft, kind),
  }
}

function readContent(draft: Draft, kind: SpanKind): SpanContent {
  const { raw, content } = draft
  const input = jsonOf(draft, 'input')
  const output = jsonOf(draft, 'output')
  const isTool = kind === 'tool'
  const attributes = leftAttributes(draft) // before the events, which lose what the attributes' pass used
  return {
    input,
    output,
    inputMessages: content.inputMessages,
    outputMessages: content.outputMessages,
    promptTemplate: textOf(draft, 'promptTemplate'),
    promptVariables: jsonOf(draft, 'promptVariables') ?? draft.variables,
    settings: draft.settings,
    documents: content.documents,
    query: textOf(draft, 'query') ?? (kind === 'retriever' && input !== undefined ? queryIn(input) : undefined),
    toolName: textOf(draft, 'toolName') ?? (isTool ? text(raw.attributes['traceloop.entity.name'] ?? null) : undefined),
    toolCallId: textOf(draft, 'toolCallId'),
    // OpenInference and Traceloop state a tool's arguments and result as the input and output of its span.
    toolArguments: jsonOf(draft, 'toolArguments') ?? (isTool ? input : undefined),
    toolResult: jsonOf(draft, 'toolResult') ?? (isTool ? output : undefined),
    finishReasons: textsOf(draft, 'finishReasons'),
    tags: textsOf(draft, 'tags'),
    events: leftEvents(draft),
    links: raw.links.length === 0 ? undefined : raw.links,
    attributes,
    resource: orNothing(raw.resource),
    scope: raw.scope,
  }
}

/** A retriever's input is its query, or holds it. */
function queryIn(input: Json): string | undefined {
  return text(isObject(input) ? (input.query ?? null) : input)
}

/** What landed in no field, so that nothing is lost. */
function leftAttributes({ raw, keys, origins, used, droppedVectors }: Draft): Attributes | undefined {
  for (const origin of origins) if (origin !== undefined) used.add(origin)
  if (used.size === 0 && droppedVectors === 0) return keys.length === 0 ? undefined : raw.attributes
  const left: Attributes = Object.create(null)
  let empty = droppedVectors === 0
  if (!empty) left['pilot.dropped_vectors'] = droppedVectors
  for (const key of keys) {
    if (used.has(key)) continue
    left[key] = raw.attributes[key]!
    empty = false
  }
  return empty ? undefined : left
}

function leftEvents({ raw, usedEvents, used }: Draft): SpanEvent[] | undefined {
  if (raw.events.length === 0) return undefined
  const left = raw.events.filter((_, index) => !usedEvents?.has(index))
  return left.length === 0
    ? undefined
    : left.map((event) => (event.name === inferenceDetails ? withoutUsed(event, used) : event))
}

function withoutUsed(event: SpanEvent, used: Set<string>): SpanEvent {
  const entries = Object.entries(event.attributes ?? {}).filter(([key]) => !used.has(key))
  return { ...event, attributes: Object.fromEntries(entries) }
}

function orNothing<T extends { [key: string]: Json }>(map: T): T | undefined {
  for (const _ in map) return map
  return undefined
}
