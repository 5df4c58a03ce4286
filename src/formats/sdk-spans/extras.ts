import type { Attributes, SpanKind } from '../../core/span.js'
import type { JsonObject } from '../json.js'
import { kindOfPlainWord } from '../plain-kind.js'

/** What a dump of a span has by its own shape; anything else at its top level was added by the exporter that wrote it. */
const structural: ReadonlySet<string> = new Set([
  ...['trace_id', 'traceId', 'span_id', 'spanId', 'id', 'context', 'spanContext', '_spanContext'],
  ...['parent_id', 'parentId', 'parent_span_id', 'parentSpanId', 'parent', 'parentSpanContext', 'parent_span_context'],
  ...['name', 'kind', 'start_time', 'startTime', 'start_time_unix_nano', 'startTimeUnixNano', 'timestamp'],
  ...['end_time', 'endTime', 'end_time_unix_nano', 'endTimeUnixNano'],
  ...['duration', '_duration', 'duration_ns', 'duration_ms', 'durationNano', 'latency_ms', 'ended', '_ended'],
  ...[
    'status',
    'status_code',
    'status.code',
    'status_message',
    'status_description',
    'attributes',
    'events',
    'span_events',
    'links',
  ],
  ...['resource', 'scope', 'instrumentation_scope', 'instrumentationScope', 'instrumentationLibrary'],
  ...[
    'instrumentation_library',
    'instrumentation_info',
    'flags',
    'traceFlags',
    'trace_flags',
    'traceState',
    'trace_state',
  ],
  ...['droppedAttributesCount', 'droppedEventsCount', 'droppedLinksCount', '_droppedAttributesCount'],
  ...['dropped_attributes_count', 'dropped_events_count', 'dropped_links_count', '_droppedEventsCount'],
  ...['_droppedLinksCount', '_spanProcessor', '_spanLimits', '_attributeValueLengthLimit', '_attributesCount'],
  ...['_performanceStartTime', '_performanceOffset', '_startTimeProvided', '_traceState', 'startTimeUnixMs'],
])

/** Top-level copies → the attribute that is asked last for their field, so that the span's own attributes win. */
const lastAsked: Readonly<Record<string, string>> = {
  model: 'model_name',
  prompt_tokens: 'llm.usage.prompt_tokens',
  input_tokens: 'llm.usage.prompt_tokens',
  completion_tokens: 'llm.usage.completion_tokens',
  output_tokens: 'llm.usage.completion_tokens',
  provider: 'llm.system',
  tool_name: 'tool.name',
  input: 'input.value',
  output: 'output.value',
  cost: 'gen_ai.usage.cost',
  cost_usd: 'gen_ai.usage.cost',
  user_id: 'metadata.user_id',
  session_id: 'metadata.session_id',
  environment: 'metadata.environment',
  release: 'metadata.release',
  error: 'error.message',
}

/** What an exporter added beside a span, as attributes of the span, which come first. */
export function addExtras(span: JsonObject, attributes: Attributes): void {
  for (const key of Object.keys(span)) {
    const value = span[key]!
    if (structural.has(key) || value === null || value === '') continue
    const isPlain = typeof value !== 'object' || key === 'input' || key === 'output'
    const name = isPlain && Object.hasOwn(lastAsked, key) ? lastAsked[key]! : key
    attributes[attributes[name] === undefined ? name : key] ??= value
  }
}

const kindKeys = ['span_type', 'span_kind', 'kind', 'type', 'node_type']

/** The kind that an exporter names beside a span; believed where the attributes show none. */
export function kindBeside(span: JsonObject): SpanKind | undefined {
  for (const key of kindKeys) {
    const kind = kindOfPlainWord(span[key])
    if (kind !== undefined) return kind
  }
  return undefined
}
