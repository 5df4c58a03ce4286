/**
 * Begins the ids of a span that an export knows by a record of the platform alone, not by a trace: its trace and its span have
 * the same id, and the span of a trace that names the record has that id as its `recordId`. Both are one call.
 */
export const recordSpanPrefix = 'pl-req-'

/** True for the ids of a span that is known by a record alone. */
export function isRecordSpan({ traceId, spanId }: { traceId: string; spanId: string }): boolean {
  return traceId === spanId && spanId.startsWith(recordSpanPrefix)
}
