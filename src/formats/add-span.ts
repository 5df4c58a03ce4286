import type { Attributes } from '../core/span.js'
import { resolveSpan } from './dialects/resolve.js'
import type { KeyPaths, RawSpan, Reading } from './format.js'

/** A span as an adapter builds it: its ids and name, and whatever else it knows. */
export type GivenSpan = Pick<RawSpan, 'traceId' | 'spanId' | 'name'> & Partial<RawSpan>

const none: never[] = []
const noAttributes: Attributes = Object.freeze(Object.create(null))

/**
 * Resolves a span into the reading: the span, its scores and feedback, and its problems behind the place `at` in the record.
 * What is not given is unknown.
 */
export function addSpan(reading: Reading, given: GivenSpan, keys: KeyPaths, at = ''): void {
  // Field by field, so that all spans have one shape: this runs for every span of every format.
  const raw: RawSpan = {
    traceId: given.traceId,
    spanId: given.spanId,
    parentId: given.parentId,
    name: given.name,
    startMs: given.startMs,
    endMs: given.endMs,
    startNs: given.startNs,
    endNs: given.endNs,
    status: given.status ?? 'unset',
    statusMessage: given.statusMessage,
    attributes: given.attributes ?? noAttributes,
    events: given.events ?? none,
    links: given.links ?? none,
    resource: given.resource ?? noAttributes,
    scope: given.scope,
    stated: given.stated,
    defaultKind: given.defaultKind,
    isRollup: given.isRollup,
    revision: given.revision,
    recordId: given.recordId,
    promptId: given.promptId,
    fallbackFrom: given.fallbackFrom,
  }
  const { span, scores, feedback, problems } = resolveSpan(raw, keys)
  reading.spans.push(span)
  for (const score of scores) reading.scores.push(score)
  for (const one of feedback) reading.feedback.push(one)
  for (const problem of problems) reading.problems.push(at + problem)
}
