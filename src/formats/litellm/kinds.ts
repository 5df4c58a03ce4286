import type { SpanKind } from '../../core/span.js'

const kinds: Record<string, SpanKind> = {
  completion: 'llm',
  text_completion: 'llm',
  responses: 'llm',
  anthropic_messages: 'llm',
  generate_content: 'llm',
  generate_content_stream: 'llm',
  embedding: 'embedding',
  rerank: 'reranker',
  moderation: 'guardrail',
  call_mcp_tool: 'tool',
  mcp: 'tool',
  list_mcp_tools: 'other',
  vector_store_search: 'retriever',
  search: 'retriever',
  create_file: 'other',
  create_batch: 'other',
  retrieve_batch: 'other',
}

/** The kind of a call by its type, whose asynchronous form begins with `a`; undefined for types that are not listed. */
export function kindOfCall(type: string): SpanKind | undefined {
  const plain = Object.hasOwn(kinds, type) ? type : type.replace(/^_?a/, '')
  return Object.hasOwn(kinds, plain) ? kinds[plain] : undefined
}
