import type { Attributes, Feedback, Json, Score, Span } from '../core/span.js'

/** Where this application keeps its own keys: canonical field → attribute paths, first match wins, before every convention. */
export type KeyPaths = Partial<
  Record<'tenant' | 'user' | 'session' | 'request' | 'release' | 'workflow' | 'environment', string[]>
>

/** What one record of an export holds. Nothing in it is a file or a line: the caller knows those. */
export interface Reading {
  spans: Span[]
  scores: Score[]
  feedback: Feedback[]
  /** Records that are recognised and hold no span (`resourceMetrics` …): reason → how many. */
  skipped: Record<string, number>
  /** What was wrong with parts of the record; the rest of it stands in `spans`. Never quotes input text. */
  problems: string[]
}

export interface Format {
  name: string
  /** One line for `pilot ingest --formats`. */
  title: string
  status: 'stable' | 'experimental'
  /** How a user gets this export. */
  obtain: string
  /** Our fields that this format has no place for. */
  lacks: string[]
  /** Keys under which records stand, in lists or one object further in: a document larger than one record is split there. */
  containers: string[]
  /** True for a record (any JSON value, untrusted) of this format. Cheap: looks at keys only. */
  detects(record: Json): boolean
  /** The spans of one record. Never throws on untrusted input: what cannot be read is a problem. */
  read(record: Json, keys: KeyPaths): Reading
}

/** A span with its attributes still flat, as envelopes hand it to the dialects. */
export interface RawSpan {
  traceId: string
  spanId: string
  parentId?: string
  name: string
  startMs?: number
  endMs?: number
  startNs?: string
  endNs?: string
  status: 'ok' | 'error' | 'unset'
  statusMessage?: string
  attributes: Attributes
  events: { name: string; timeMs?: number; attributes?: Attributes }[]
  links: { traceId: string; spanId: string; attributes?: Attributes }[]
  resource: Attributes
  scope?: string
}
