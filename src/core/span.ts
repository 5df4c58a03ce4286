/** The kinds of a span, after OpenInference; `other` is everything that is not LLM work (HTTP, databases, plumbing). */
export const spanKinds = [
  'workflow',
  'agent',
  'chain',
  'llm',
  'tool',
  'retriever',
  'embedding',
  'reranker',
  'guardrail',
  'evaluator',
  'prompt',
  'other',
] as const
export type SpanKind = (typeof spanKinds)[number]

/** OpenTelemetry status; success means "not error", since `unset` is what most instrumentations leave. */
export type SpanStatus = 'ok' | 'error' | 'unset'

/** Any JSON value. Integers beyond 2^53 arrive as decimal strings, so that no digit is lost. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Attributes by their full dotted name. */
export type Attributes = Record<string, Json>

/** Token counts that a span itself states. Absent is unknown, 0 is a value. */
export interface Usage {
  /** Includes cache reads and writes. */
  input?: number
  /** Includes reasoning. */
  output?: number
  cachedInput?: number
  cacheWrite?: number
  reasoning?: number
  /** True when the source's input excluded the cache and the parts were added here. */
  normalised?: boolean
}

export interface ToolCall {
  id?: string
  name?: string
  /** As given: JSON where the source parsed it, else text. */
  arguments?: Json
}

export interface Message {
  role: string
  content?: string
  name?: string
  toolCalls?: ToolCall[]
  /** On role `tool`: the call that this message answers. */
  toolCallId?: string
}

export interface RetrievedDocument {
  id?: string
  content?: string
  /** Higher is better. */
  score?: number
  /** Lower is better; some vector databases state this instead of a score. */
  distance?: number
  metadata?: Json
}

export interface SpanEvent {
  name: string
  /** Epoch milliseconds. */
  timeMs?: number
  attributes?: Attributes
}

export interface SpanLink {
  traceId: string
  spanId: string
  attributes?: Attributes
}

/** Everything of a span that is text or structure; stored as one JSON body, and what the privacy policy reads. */
export interface SpanContent {
  input?: Json
  output?: Json
  inputMessages?: Message[]
  outputMessages?: Message[]
  promptTemplate?: string
  promptVariables?: Json
  /** Model settings: temperature, max_tokens, … under their plain names. */
  settings?: Attributes
  documents?: RetrievedDocument[]
  /** What the retriever or reranker was asked. */
  query?: string
  toolName?: string
  toolCallId?: string
  toolArguments?: Json
  toolResult?: Json
  finishReasons?: string[]
  tags?: string[]
  events?: SpanEvent[]
  links?: SpanLink[]
  /** Attributes that map to no field above, and those that lost to another convention. */
  attributes?: Attributes
  resource?: Attributes
  scope?: string
}

/** One span, whatever export it came from. Every field but the ids, name, kind and status may be unknown. */
export interface Span {
  /** Lower-case hex where the source follows OpenTelemetry, else as given. */
  traceId: string
  spanId: string
  parentId?: string
  name: string
  kind: SpanKind
  /** Epoch milliseconds with microsecond fractions. */
  startMs?: number
  endMs?: number
  /** Epoch nanoseconds to the last digit, where the source has them. */
  startNs?: string
  endNs?: string
  status: SpanStatus
  statusMessage?: string
  provider?: string
  requestModel?: string
  responseModel?: string
  promptName?: string
  promptVersion?: string
  /** Usage as the span states it; which spans count is decided by `core/usage`. */
  usage?: Usage
  /** US dollars that the source states for this span. */
  costUsd?: number
  /** True for a platform's row about a whole trace, which is no span: it stands in for the root until spans come. */
  isRollup?: boolean
  /** Orders the versions of a span where the platform numbers or dates its changes: the higher is the later. */
  revision?: number
  /** The platform's own id of the record, where it is not the span's: what its deletions name. */
  recordId?: string
  /** The platform's id of the prompt; its registry knows the name. */
  promptId?: string
  user?: string
  tenant?: string
  session?: string
  /** The application's own id of the request. */
  request?: string
  environment?: string
  release?: string
  workflow?: string
  service?: string
  /** How many times this call was tried again, as the source states it; 0 is never. */
  retries?: number
  /** The model that was asked first and did not answer, as the source states it. */
  fallbackFrom?: string
  content: SpanContent
}

/** A judgement that rides in an export: a named number or label on a span or a trace. */
export interface Score {
  /** Its id at the source: the same id again, judged later, replaces it. */
  id?: string
  traceId?: string
  spanId?: string
  name: string
  value?: number
  label?: string
  comment?: string
  /** Who judged: a person, a model, code; unknown where the export does not say. */
  source?: 'human' | 'model' | 'code' | 'user'
  timeMs?: number
}

export const feedbackKinds = ['thumbs', 'rating', 'edit', 'retry', 'escalation', 'comment'] as const
export type FeedbackKind = (typeof feedbackKinds)[number]

/** What a person said of an output. */
export interface Feedback {
  /** Its id at the source: the same id and kind again, given later, replaces it. */
  id?: string
  traceId?: string
  spanId?: string
  request?: string
  kind: FeedbackKind
  /** What was judged, where it has a name: helpfulness, tone … */
  name?: string
  /** thumbs: 1 up, -1 down; rating: the number given. */
  value?: number
  comment?: string
  user?: string
  /** Who said it: a user of the application, or somebody who was asked to judge. */
  source?: 'user' | 'annotator'
  timeMs?: number
}

export const requestOrigins = ['production', 'replay', 'synthetic'] as const
export type RequestOrigin = (typeof requestOrigins)[number]

/** One real request, from the application's own log: the ground truth for coverage. */
export interface Request {
  id: string
  /** Epoch milliseconds. */
  timeMs: number
  origin: RequestOrigin
  tenant?: string
  user?: string
  traceId?: string
  release?: string
}
