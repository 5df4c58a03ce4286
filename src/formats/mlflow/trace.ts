import type { Json } from '../../core/span.js'
import { addSpan, type GivenSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { readMlflowAssessments } from './assessments.js'
import { readMlflowInfo, type TraceFacts } from './info.js'
import { readMlflowSpan } from './span.js'

/**
 * A trace: what is known of it as a whole goes to its root. Where the root is not among the spans (there are none, or a large
 * trace comes in parts), it is a row about the whole trace.
 */
export function readMlflowTrace(
  info: JsonObject | undefined,
  items: readonly Json[],
  keys: KeyPaths,
  reading: Reading,
): void {
  const facts = info === undefined ? undefined : readMlflowInfo(info, reading.unexpected)
  const spans = items.flatMap((item) => {
    if (isObject(item)) return readMlflowSpan(item, facts?.traceId, reading.problems) ?? []
    reading.problems.push('spans: expected an object; span left out')
    return []
  })
  const root = facts === undefined ? undefined : spans.find(({ parentId }) => parentId === undefined)
  const isSilent = spans.every(({ stated }) => stated?.usage === undefined)
  for (const span of spans) addSpan(reading, span === root && facts ? withFacts(span, facts, isSilent) : span, keys)
  if (facts === undefined) return
  const traceId = root?.traceId ?? spans[0]?.traceId ?? readId(facts.traceId, 16)
  if (traceId === undefined) reading.problems.push('info.trace_id: expected text; trace left out')
  else {
    if (root === undefined) addSpan(reading, rowOf(traceId, facts), keys)
    readMlflowAssessments(facts.assessments, { traceId, user: facts.stated.user ?? undefined }, reading)
  }
}

/** The root with what is known of the trace; its sums of tokens and cost only where no span states any. */
function withFacts(root: GivenSpan, facts: TraceFacts, isSilent: boolean): GivenSpan {
  const { usage, costUsd } = facts.whole
  const sums = isSilent ? { usage, costUsd } : {}
  const attributes = { ...attributesOf(facts), ...root.attributes }
  return { ...root, stated: { ...facts.stated, ...sums, ...defined(root.stated ?? {}) }, attributes }
}

function rowOf(traceId: string, facts: TraceFacts): GivenSpan {
  const { startMs, endMs, status, name } = facts
  return {
    traceId,
    spanId: traceId,
    isRollup: true,
    name: name ?? '',
    startMs,
    endMs,
    status,
    stated: { ...facts.stated, ...facts.whole },
    attributes: attributesOf(facts),
  }
}

function attributesOf({ metadata, own }: TraceFacts): { [key: string]: Json } {
  const attributes: { [key: string]: Json } = Object.create(null)
  for (const key of Object.keys(own)) if (!stated.has(key)) attributes[key] = own[key]!
  if (Object.keys(metadata).length > 0) attributes.metadata = metadata
  return attributes
}

/** Metadata of MLflow that fields of ours hold. */
const stated = new Set(['mlflow.trace.user', 'mlflow.trace.session', 'mlflow.traceName'])

function defined<T extends object>(fields: T): Partial<T> {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(known) as Partial<T> // the same fields, fewer of them
}
