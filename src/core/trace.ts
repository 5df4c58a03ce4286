import type { Span } from './span.js'

/** The parts of a span's content whose presence is measured; one bit each in the store, in this order (append only). */
export const contentFields = [
  'input',
  'output',
  'template',
  'variables',
  'settings',
  'documents',
  'documents.id',
  'documents.score',
  'documents.content',
  'query',
  'tool.name',
  'arguments',
  'result',
  'tags',
] as const
export type ContentField = (typeof contentFields)[number]

/** A span without its text: what every measure reads. */
export interface TraceSpan extends Omit<Span, 'content'> {
  /** Bit i is set when `contentFields[i]` is present and not empty. */
  fields: number
}

/** All stored spans of one trace on one platform, in order of start. */
export interface Trace {
  platform: string
  traceId: string
  spans: TraceSpan[]
}

/** True when the span has this part of its content. */
export function hasField(span: Pick<TraceSpan, 'fields'>, field: ContentField): boolean {
  return (span.fields & (1 << contentFields.indexOf(field))) !== 0
}
