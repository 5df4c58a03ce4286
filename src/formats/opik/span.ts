import type { Json, SpanKind } from '../../core/span.js'
import { addSpan } from '../add-span.js'
import type { KeyPaths, RawSpan, Reading } from '../format.js'
import { readId, readParentId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'
import { msOfMoment, readMoment } from '../time.js'
import { readOpikJudgements } from './judgements.js'
import { readOpikUsage } from './usage.js'

/** `general` says nothing: the SDK writes it wherever nobody named a type. */
const kinds: Record<string, SpanKind | undefined> = {
  llm: 'llm',
  tool: 'tool',
  guardrail: 'guardrail',
  general: undefined,
}

/** Keys of traces and of spans that are kept as they are. */
export const plainKeys = [
  'project_id',
  'project_name',
  'workspace_name',
  'created_at',
  'created_by',
  'last_updated_by',
  'duration',
  'ttft',
  'source',
  'attachments',
]
const known = new Set([...plainKeys, 'total_estimated_cost_version'])

/** One span. Without a parent it hangs under its trace, whose object is a span of ours with the trace's own id. */
export function readOpikSpan(given: JsonObject, traceOf: string | undefined, keys: KeyPaths, reading: Reading): void {
  const row = openRow(given, 'opik', known, reading)
  const traceId = readId(row.take('trace_id'), 16) ?? traceOf
  const spanId = readId(row.take('id'), 8)
  if (traceId === undefined || spanId === undefined) {
    reading.problems.push(`${traceId === undefined ? 'trace_id' : 'id'}: expected text; span left out`)
    return
  }
  const parentId = readParentId(row.take('parent_span_id')) ?? traceId
  const type = row.take('type')
  const kind = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined
  if (type !== undefined && !(typeof type === 'string' && Object.hasOwn(kinds, type)))
    reading.problems.push('type: expected general, tool, llm or guardrail')
  const name = textOf(row.take('name'))
  const metadata = row.take('metadata')
  const stated: Stated = {
    ...commonOf(row, given, metadata),
    ...modelsOf(row.take('model'), metadata),
    kind,
    provider: row.take('provider'),
    toolName: kind === 'tool' ? name : undefined,
    settings: kind === 'llm' ? settingsIn(metadata) : undefined,
  }
  const target = { traceId, spanId }
  readOpikJudgements(row, target, reading)
  addSpan(
    reading,
    { ...target, parentId, name: name ?? '', defaultKind: 'chain', ...restOf(row, stated, metadata) },
    keys,
  )
}

/** What a trace and a span state alike. */
export function commonOf(row: PlatformRow, given: JsonObject, metadata: Json | undefined): Stated {
  const prompt = promptOf(metadata)
  const usage = row.take('usage')
  return {
    input: row.take('input'),
    output: row.take('output'),
    usage: isObject(usage) ? readOpikUsage(usage) : undefined,
    costUsd: row.take('total_estimated_cost'),
    tags: row.take('tags'),
    environment: environmentOf(row.take('environment'), given),
    ...prompt,
  }
}

/** Times, status, error and what is left: the last of a row that is taken. */
export function restOf(
  row: PlatformRow,
  stated: Stated,
  metadata: Json | undefined,
): Omit<RawSpan, 'traceId' | 'spanId' | 'name'> {
  const usage = row.take('usage')
  const start = readMoment(row.take('start_time'))
  const end = readMoment(row.take('end_time'))
  const error = row.take('error_info')
  const revision = msOfMoment(row.take('last_updated_at'))
  const attributes = row.rest()
  if (metadata !== undefined) attributes.metadata = metadata
  if (isObject(usage) && Object.keys(usage).length > 3) attributes['opik.usage'] = usage // with the provider's own counts
  return {
    startMs: start.ms,
    endMs: end.ms,
    ...failureOf(error, end.ms),
    stated,
    attributes,
    links: [],
    resource: Object.create(null),
    revision,
  }
}

function failureOf(
  error: Json | undefined,
  endMs: number | undefined,
): Pick<RawSpan, 'status' | 'statusMessage' | 'events'> {
  if (error === undefined) return { status: endMs === undefined ? 'unset' : 'ok', events: [] }
  if (!isObject(error)) return { status: 'error', statusMessage: textOf(error), events: [] }
  const [type, message, trace] = [error.exception_type, error.message, error.traceback].map(textOf)
  const attributes = Object.fromEntries(
    Object.entries({ 'exception.type': type, 'exception.message': message, 'exception.stacktrace': trace }).flatMap(
      ([key, value]) => (value === undefined ? [] : [[key, value]]),
    ),
  )
  return {
    status: 'error',
    statusMessage: type !== undefined && message !== undefined ? `${type}: ${message}` : (type ?? message),
    events: [{ name: 'exception', timeMs: endMs, attributes }],
  }
}

/**
 * Runs that no user asked for (experiments, playground, evaluators, optimizers, hidden traces) are told by their environment, so
 * that `workflow.match.environment` leaves them out.
 */
function environmentOf(
  environment: Json | undefined,
  { source, experiment, visibility_mode }: JsonObject,
): Json | undefined {
  if (typeof source === 'string' && source !== '' && source !== 'sdk') return source
  if (isObject(experiment)) return 'experiment'
  return visibility_mode === 'hidden' ? 'hidden' : environment
}

function promptOf(metadata: Json | undefined): Stated {
  const given = metadata === undefined ? undefined : unpack(metadata)
  const prompts = isObject(given) && Object.hasOwn(given, 'opik_prompts') ? given.opik_prompts : undefined
  const prompt = Array.isArray(prompts) ? prompts.find(isObject) : undefined
  if (!isObject(prompt)) return {}
  const version = isObject(prompt.version) ? prompt.version : {}
  return {
    promptName: prompt.name,
    promptVersion: version.commit ?? version.version_number ?? version.id,
    promptTemplate: version.template,
  }
}

/** The SDK's integrations keep the call's arguments, model and settings, in `metadata`; `model` is what answered. */
function modelsOf(model: Json | undefined, metadata: Json | undefined): Stated {
  const given = metadata === undefined ? undefined : unpack(metadata)
  const asked = isObject(given) && given.created_from !== undefined ? given.model : undefined
  return typeof asked === 'string' ? { requestModel: asked, responseModel: model } : { requestModel: model }
}

const settingNames = [
  ...['temperature', 'top_p', 'top_k', 'max_tokens', 'max_completion_tokens', 'max_output_tokens', 'stop', 'seed'],
  ...['frequency_penalty', 'presence_penalty', 'reasoning_effort', 'response_format', 'tool_choice', 'stream', 'n'],
]

function settingsIn(metadata: Json | undefined): JsonObject | undefined {
  const given = metadata === undefined ? undefined : unpack(metadata)
  if (!isObject(given)) return undefined
  const names = settingNames.filter((name) => Object.hasOwn(given, name))
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, given[name]!]))
}

/** Text that is not empty; undefined for anything else. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
