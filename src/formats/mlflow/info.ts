import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import { unpackRepr } from '../python-repr.js'
import type { Stated } from '../stated.js'
import { readMoment } from '../time.js'
import { mapOf, plainOf, textOf } from './values.js'

/** What is known of a trace as a whole. */
export interface TraceFacts {
  traceId: string | undefined
  name: string | undefined
  startMs: number | undefined
  endMs: number | undefined
  status: 'ok' | 'error' | 'unset'
  /** What its root states with it. */
  stated: Stated
  /** Sums over the trace, and previews of its texts: for a trace without spans. */
  whole: Stated
  /** The application's own tags and metadata. */
  metadata: JsonObject
  /** MLflow's own, by name. */
  own: JsonObject
  assessments: Json | undefined
}

/** True for the fields of MLflow's TraceInfo, in an object of their own or as columns of a row. */
export function isMlflowInfo(info: JsonObject): boolean {
  if (typeof (info.trace_id ?? info.request_id) !== 'string') return false
  if (Object.hasOwn(info, 'trace_metadata') || Object.hasOwn(info, 'trace_location')) return true
  return (
    Object.hasOwn(info, 'request_metadata') ||
    (Object.hasOwn(info, 'timestamp_ms') && Object.hasOwn(info, 'experiment_id'))
  )
}

/** Fields of TraceInfo that are read, or say nothing more than those. */
const known = new Set([
  ...['trace_id', 'request_id', 'client_request_id', 'trace_location', 'experiment_id', 'location', 'trace'],
  ...['request_time', 'timestamp_ms', 'execution_duration', 'execution_duration_ms', 'execution_time_ms'],
  ...['state', 'status', 'request_preview', 'response_preview', 'request', 'response'],
  ...['trace_metadata', 'request_metadata', 'tags', 'assessments', 'column 1'], // pandas numbers its rows in a column without name
])

/** The facts of a TraceInfo of any version. Keys that no version has are noted. */
export function readMlflowInfo(info: JsonObject, unexpected: string[]): TraceFacts {
  for (const key of Object.keys(info)) if (!known.has(key)) unexpected.push(`mlflow.info.${key}`)
  const given = mapOf(cellOf(info.trace_metadata ?? info.request_metadata))
  const tags = mapOf(cellOf(info.tags))
  const start = readMoment(info.request_time ?? info.timestamp_ms)
  const lasted = durationMs(info.execution_duration_ms ?? info.execution_time_ms ?? info.execution_duration)
  const own: JsonObject = Object.create(null)
  const metadata: JsonObject = Object.create(null)
  for (const map of [given, tags])
    for (const key of Object.keys(map)) (key.startsWith('mlflow.') ? own : metadata)[key] = map[key]!
  return {
    traceId: textOf(info.trace_id) ?? textOf(info.request_id),
    name: textOf(own['mlflow.traceName']),
    startMs: start.ms,
    endMs: start.ms === undefined || lasted === undefined ? undefined : start.ms + lasted,
    status: statusOf(info.state ?? info.status),
    stated: statedIn(info, own, metadata),
    whole: wholeOf(info, own),
    metadata,
    own,
    assessments: cellOf(info.assessments),
  }
}

function statedIn(info: JsonObject, own: JsonObject, metadata: JsonObject): Stated {
  const linked = plainOf(own['mlflow.linkedPrompts'] ?? null)
  return {
    user: own['mlflow.trace.user'],
    session: own['mlflow.trace.session'],
    request: info.client_request_id,
    workflow: own['mlflow.traceName'],
    release: own['mlflow.source.git.commit'] ?? metadata.app_version_id ?? own['mlflow.modelId'],
    environment: environmentOf(own, metadata),
    ...linkedPrompt(linked),
  }
}

/** Traces that a scorer or an evaluation made are told by their environment, so that `workflow.match.environment` leaves them out. */
function environmentOf(own: JsonObject, metadata: JsonObject): Json | undefined {
  if (textOf(own['mlflow.trace.sourceScorer']) !== undefined) return 'scorer'
  if (textOf(own['mlflow.eval.requestId']) !== undefined) return 'evaluation'
  return metadata.environment ?? metadata.env
}

/** The first of the prompts that a trace or span was linked to: `[{name, version}]`. */
export function linkedPrompt(linked: Json | undefined): Stated {
  const prompt = Array.isArray(linked) ? linked.find(isObject) : undefined
  return isObject(prompt) ? { promptName: prompt.name, promptVersion: prompt.version } : {}
}

function wholeOf(info: JsonObject, own: JsonObject): Stated {
  const usage = plainOf(own['mlflow.trace.tokenUsage'] ?? null)
  const cost = plainOf(own['mlflow.trace.cost'] ?? null)
  return {
    kind: 'workflow',
    input: info.request ?? info.request_preview ?? own['mlflow.traceInputs'],
    output: info.response ?? info.response_preview ?? own['mlflow.traceOutputs'],
    usage: isObject(usage)
      ? {
          input: usage.input_tokens,
          output: usage.output_tokens,
          cachedInput: usage.cache_read_input_tokens,
          cacheWrite: usage.cache_creation_input_tokens,
        }
      : undefined,
    costUsd: isObject(cost) ? cost.total_cost : undefined,
  }
}

/** Cells of a table hold structures as Python prints them. */
function cellOf(value: Json | undefined): Json | undefined {
  return typeof value === 'string' ? unpackRepr(value) : value
}

function statusOf(state: Json | undefined): TraceFacts['status'] {
  const word = typeof state === 'string' ? state.replace(/^Trace(?:State|Status)\./, '') : state
  return word === 'OK' ? 'ok' : word === 'ERROR' ? 'error' : 'unset'
}

/** A number of milliseconds, or seconds as protobuf writes them, `5.098s`. */
function durationMs(value: Json | undefined): number | undefined {
  const seconds = typeof value === 'string' ? /^(\d{1,12}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined
  if (seconds !== undefined) return Math.round(Number(seconds) * 1e6) / 1000
  const ms = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof ms === 'number' && ms >= 0 && ms < 1e13 ? ms : undefined
}
