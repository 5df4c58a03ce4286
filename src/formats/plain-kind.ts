import type { Json, SpanKind } from '../core/span.js'

/** Words by which home-grown exporters name what a span does, in lower case. */
const words = new Map<string, SpanKind>([
  ['workflow', 'workflow'],
  ['agent', 'agent'],
  ['chain', 'chain'],
  ['task', 'chain'],
  ['llm', 'llm'],
  ['generation', 'llm'],
  ['completion', 'llm'],
  ['chat', 'llm'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['retriever', 'retriever'],
  ['retrieval', 'retriever'],
  ['embedding', 'embedding'],
  ['reranker', 'reranker'],
  ['rerank', 'reranker'],
  ['guardrail', 'guardrail'],
  ['evaluator', 'evaluator'],
  ['evaluation', 'evaluator'],
  ['prompt', 'prompt'],
])

/** The kind that a plain word names; undefined for OpenTelemetry's kinds (`CLIENT` …) and any other word. */
export function kindOfPlainWord(word: Json | undefined): SpanKind | undefined {
  return typeof word === 'string' ? words.get(word.toLowerCase()) : undefined
}
