import type { Attributes, Json, SpanStatus } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import { isObject, type JsonObject, unpack } from '../json.js'

/** How a tool ended, where something says so. */
export interface Outcome {
  status?: SpanStatus
  statusMessage?: string
}

/** What the model got back, and whether that was a failure: by a flag, by an exit code beside it or in its first lines. */
export function outcomeOfOutput(item: JsonObject): Outcome & { result?: Json } {
  const output = item.output ?? item.tools
  const packed = typeof output === 'string' ? unpack(output) : (output ?? null)
  if (isObject(packed) && (isObject(packed.metadata) || packed.success !== undefined)) {
    const code = isObject(packed.metadata) ? count(packed.metadata.exit_code ?? null) : undefined
    const result = packed.output ?? packed.content
    return { result, ...(packed.success === false ? { status: 'error' as const } : byCode(code)) }
  }
  const [, code] = typeof output === 'string' ? (exitLine.exec(output.slice(0, 400)) ?? []) : []
  return { result: output, ...byCode(code === undefined ? undefined : Number(code)) }
}

const exitLine = /^(?:Exit code:|Process exited with code) (\d{1,9})$/m

/** What an end event adds: exit code, how long it took, what went wrong. */
export function outcomeOfEnd(event: JsonObject): Outcome & { tookMs?: number; result?: Json; attributes: Attributes } {
  const attributes: Attributes = Object.create(null)
  for (const key of kept) if (event[key] !== undefined && event[key] !== null) attributes[`codex.${key}`] = event[key]!
  const invocation = isObject(event.invocation) ? event.invocation : undefined
  if (typeof invocation?.server === 'string') attributes['codex.server'] = invocation.server
  const result = event.aggregated_output ?? event.stdout ?? resultOfMcp(event.result)
  return { tookMs: durationMs(event.duration), result, attributes, ...outcomeOf(event) }
}

const kept = [
  ...['exit_code', 'duration', 'cwd', 'process_id', 'source', 'status', 'new_thread_id', 'receiver_thread_id'],
  ...['new_agent_nickname', 'new_agent_role', 'changes', 'query'],
]

function outcomeOf(event: JsonObject): Outcome {
  const mcp = isObject(event.result) ? event.result : {}
  const inner = isObject(mcp.Ok) ? mcp.Ok : mcp
  if (typeof mcp.Err === 'string') return { status: 'error', statusMessage: mcp.Err }
  if (inner.isError === true || inner.is_error === true) return { status: 'error' }
  const code = count(event.exit_code ?? null)
  if (code !== undefined) return byCode(code)
  if (event.success === false || event.status === 'failed' || event.status === 'declined') {
    const why = typeof event.error === 'string' ? event.error : event.stderr
    const message = typeof why === 'string' && why !== '' ? why : undefined
    return { status: 'error', statusMessage: message ?? (event.status === 'declined' ? 'declined' : undefined) }
  }
  return {}
}

function byCode(code: number | undefined): Outcome {
  if (code === undefined) return {}
  return code === 0 ? { status: 'ok' } : { status: 'error', statusMessage: `exit code ${code}` }
}

function resultOfMcp(result: Json | undefined): Json | undefined {
  return isObject(result) ? (result.Ok ?? result.Err ?? result) : undefined
}

/** A duration of Rust, {secs, nanos}, or as text with its unit (`152.5ms`, `1.2s`). */
function durationMs(value: Json | undefined): number | undefined {
  if (isObject(value)) {
    const secs = count(value.secs ?? null)
    const nanos = count(value.nanos ?? null)
    return secs === undefined && nanos === undefined ? undefined : (secs ?? 0) * 1000 + (nanos ?? 0) / 1e6
  }
  const [, number, unit] = typeof value === 'string' ? (/^(\d{1,12}(?:\.\d{1,9})?)(ms|s|µs|ns)$/.exec(value) ?? []) : []
  return number === undefined ? undefined : Number(number) * { ms: 1, s: 1000, µs: 0.001, ns: 1e-6 }[unit as 'ms'] // by the pattern
}
