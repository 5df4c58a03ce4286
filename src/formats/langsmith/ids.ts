import type { Json } from '../../core/span.js'
import { readId } from '../ids.js'
import type { JsonObject } from '../json.js'

export interface RunIds {
  traceId: string
  spanId: string
  parentId?: string
  /** False where the run does not say whether it has a parent, as updates of old SDKs do. */
  knowsParent: boolean
}

/** What a run takes from the run that it is nested in. */
export interface Holder {
  traceId: string
  spanId: string
}

/** The end of each step of a `dotted_order`, whatever way the time before it is written (ISO has dots of its own). */
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=\.|$)/gi

/**
 * The ids of a run: its own columns first, then the path of ids in `dotted_order`, which updates may carry alone, then the run that it is
 * nested in. A message where the run or its trace cannot be told.
 */
export function readRunIds(run: JsonObject, holder: Holder | undefined): RunIds | string {
  const path = readPath(run.dotted_order)
  const above = Array.isArray(run.parent_run_ids) ? run.parent_run_ids : []
  const spanId = idOf(run.id) ?? idOf(run.run_id) ?? idOf(path.at(-1))
  if (spanId === undefined) return 'id: expected text, or a dotted_order that ends in one; run left out'
  const parentId = idOf(run.parent_run_id) ?? holder?.spanId ?? idOf(path.at(-2)) ?? idOf(above.at(-1))
  const stated = idOf(run.trace_id) ?? holder?.traceId ?? idOf(path[0]) ?? idOf(above[0])
  const traceId = stated ?? (parentId === undefined ? spanId : undefined)
  if (traceId === undefined) return 'trace_id: expected text on a run with a parent; run left out'
  const saysRoot = run.parent_run_id === null || run.is_root === true || run.is_root === 'true'
  const knowsParent = parentId !== undefined || path.length === 1 || traceId === spanId || saysRoot
  return { traceId, spanId, parentId: parentId === spanId ? undefined : parentId, knowsParent }
}

function readPath(order: Json | undefined): string[] {
  if (typeof order !== 'string') return []
  return order.match(uuids) ?? order.split('.').flatMap((step) => plainStep.exec(step)?.[1] ?? [])
}

/** A step of runs whose ids are no UUIDs. */
const plainStep = /^\d{8}(?:T\d{6,12})?Z(.+)$/

function idOf(value: Json | undefined): string | undefined {
  return readId(value, 16)
}
