import type { PromptName } from '../core/prompt-name.js'
import type { Attributes, Feedback, Json, Score, Span, SpanKind, SpanStatus } from '../core/span.js'
import type { Stated } from './stated.js'

/** Where this application keeps its own keys: canonical field → attribute paths, first match wins, before every convention. */
export type KeyPaths = Partial<
  Record<'tenant' | 'user' | 'session' | 'request' | 'release' | 'workflow' | 'environment', string[]>
>

/** What one record of an export holds. Nothing in it is a file or a line: the caller knows those. */
export interface Reading {
  spans: Span[]
  scores: Score[]
  feedback: Feedback[]
  /** Names of prompts that spans of the same platform know by their id only. */
  prompts: PromptName[]
  /** The platform's own ids of records that it has deleted. */
  deleted: string[]
  /** Records that are recognised and hold no span (`resourceMetrics` …): reason → how many. */
  skipped: Record<string, number>
  /** What was wrong with parts of the record; the rest of it stands in `spans`. Never quotes input text. */
  problems: string[]
  /** Keys (as paths) that this format is not known to have: kept as attributes, and told, since they may mean a newer shape. */
  unexpected: string[]
  /** What detectors had found in its spans when they were first stored: rule → hits. */
  findings?: Record<string, number>
}

/** A reading of nothing yet. */
export function emptyReading(): Reading {
  return {
    spans: [],
    scores: [],
    feedback: [],
    prompts: [],
    deleted: [],
    skipped: {},
    problems: [],
    unexpected: [],
  }
}

export interface Format {
  name: string
  /** One line for `pilot ingest --formats`. */
  title: string
  /** `experimental`: made from documentation and source alone, no real export was at hand. */
  status: 'stable' | 'experimental'
  /** How a user gets this export. */
  obtain: string
  /** Our fields that this format has no place for. */
  lacks: string[]
  /**
   * Keys under which records stand, in lists or one object further in: a document larger than one record is split there.
   * A key that begins with `/` counts only at the top of the document.
   */
  containers: string[]
  /** True for a record (any JSON value, untrusted) of this format, and of no other. Cheap: looks at keys only. */
  detects(record: Json): boolean
  /** The spans of one record. Never throws on untrusted input: what cannot be read is a problem. */
  read(record: Json, keys: KeyPaths): Reading
  /** For formats whose records say what they mean only together and in order (transcripts): a reader of one file. */
  open?(keys: KeyPaths): RecordReader
}

/** A record that is well known and no trace: what it is, and the command that takes it, if there is one. */
export interface Foreign {
  /** What it is, in the plural: `eval results of promptfoo`. */
  what: string
  /** What to do with it. */
  hint: string
  detects(record: Json): boolean
}

/** Reads the records of one file in their order; `end` is what was left waiting for more. */
export interface RecordReader {
  read(record: Json): Reading
  end(): Reading
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
  status: SpanStatus
  statusMessage?: string
  attributes: Attributes
  events: { name: string; timeMs?: number; attributes?: Attributes }[]
  links: { traceId: string; spanId: string; attributes?: Attributes }[]
  resource: Attributes
  scope?: string
  /** What the platform says of the span in its own columns: before every convention, after configured keys. */
  stated?: Stated
  /** The kind where nothing names one and no sign tells. */
  defaultKind?: SpanKind
  /** As in `Span`. */
  isRollup?: boolean
  revision?: number
  recordId?: string
  promptId?: string
  fallbackFrom?: string
}
