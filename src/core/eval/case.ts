import type { Json, RetrievedDocument } from '../span.js'

/** One case of a dataset: what goes in, and what is known of what should come out. */
export interface Case {
  id: string
  /** Text, or named values. */
  inputs?: Json
  /** What a right answer is, in whatever form the checks read it. */
  reference?: Json
  tags: string[]
  /** What cases share that are not independent: a conversation, a document, a template. */
  cluster?: string
  /** Where the case comes from: `production`, `synthetic` …, or `trace:<platform>/<trace id>`. */
  origin?: string
  /** What people said of it, by the name of the question. */
  labels: Record<string, string>
  /** An output that was recorded with the case. */
  output?: Output
}

/** One call of a tool, in the order in which they began. */
export interface ToolUse {
  name: string
  /** JSON where it is known, else text. */
  arguments?: Json
  result?: Json
  isError?: boolean
}

/** What the application made of a case. Every field may be unknown. */
export interface Output {
  /** Text or JSON. */
  value?: Json
  /** What was retrieved for it; unknown is not the same as none. */
  documents?: RetrievedDocument[]
  tools?: ToolUse[]
  latencyMs?: number
  costUsd?: number
  inputTokens?: number
  outputTokens?: number
  model?: string
  /** `name@version`. */
  prompt?: string
  /** The recorded trace. */
  trace?: { platform: string; traceId: string }
}

/** An output as text: JSON as it is written, undefined where there is none. */
export function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const tracePrefix = 'trace:'

/** The origin of a case that was made from a trace. */
export function traceOrigin(platform: string, traceId: string): string {
  return `${tracePrefix}${platform}/${traceId}`
}

/** The trace that a case was made from; undefined for another origin. */
export function originTrace({ origin }: Case): { platform: string; traceId: string } | undefined {
  if (!origin?.startsWith(tracePrefix)) return undefined
  const [platform, ...id] = origin.slice(tracePrefix.length).split('/')
  return platform && id.length > 0 ? { platform, traceId: id.join('/') } : undefined
}
