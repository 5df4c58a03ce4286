import type { Json, SpanKind } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'

/** Words by which an op may say itself what it is (`@weave.op(kind="tool")`, and OpenTelemetry's spans after ingestion). */
const kindWords = new Map<Json | undefined, SpanKind>([
  ['llm', 'llm'],
  ['agent', 'agent'],
  ['tool', 'tool'],
  ['search', 'retriever'],
  ['retriever', 'retriever'],
  ['embedding', 'embedding'],
  ['reranker', 'reranker'],
  ['guardrail', 'guardrail'],
  ['scorer', 'evaluator'],
  ['evaluator', 'evaluator'],
  ['chain', 'chain'],
  ['workflow', 'workflow'],
])

/** Prefixes of the names that Weave's integrations give to calls of a provider's SDK. */
const providers = new Map([
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['mistralai', 'mistral_ai'],
  ['cohere', 'cohere'],
  ['groq', 'groq'],
  ['google', 'gcp.gen_ai'],
  ['vertexai', 'gcp.vertex_ai'],
  ['cerebras', 'cerebras'],
  ['together', 'together'],
  ['huggingface', 'huggingface'],
  ['huggingface_hub', 'huggingface'],
])
const gateways = new Set(['litellm', 'instructor', 'nvidia', 'bedrock', 'BedrockRuntime'])

/** The provider whose SDK a call's op is part of; undefined for any other op. */
export function providerOfOp(op: string): string | undefined {
  return providers.get(op.split('.', 1)[0]!)
}

/**
 * What a call is: as its attributes say, as the name of its op says, an `llm` where it states usage of its own, else the
 * default. A parent's usage is the sum of its children's, and makes it no model call.
 */
export function kindOfCall(op: string, attributes: JsonObject, own: boolean): SpanKind | undefined {
  const weave = isObject(attributes.weave) ? attributes.weave : {}
  const word = weave.kind ?? attributes.kind
  const stated = kindWords.get(typeof word === 'string' ? word.toLowerCase() : undefined)
  return stated ?? kindOfOp(op) ?? (own ? 'llm' : undefined)
}

function kindOfOp(op: string): SpanKind | undefined {
  if (op === 'Evaluation.evaluate') return 'workflow'
  if (op === 'Evaluation.predict_and_score') return 'chain'
  if (op === 'Evaluation.summarize' || /(?:\.|_|^)score$/.test(op)) return 'evaluator'
  const [family, part] = op.split('.', 2) as [string, string | undefined]
  if (family === 'langchain') return part === undefined ? undefined : langchain.get(part.toLowerCase())
  if (!providers.has(family) && !gateways.has(family)) return undefined
  return /embed/i.test(op) ? 'embedding' : /rerank/i.test(op) ? 'reranker' : 'llm'
}

/** `langchain.Llm.ChatOpenAI` and its like. */
const langchain = new Map<string, SpanKind>([
  ['llm', 'llm'],
  ['chatmodel', 'llm'],
  ['chat_model', 'llm'],
  ['chain', 'chain'],
  ['agent', 'agent'],
  ['tool', 'tool'],
  ['retriever', 'retriever'],
  ['embedding', 'embedding'],
  ['prompt', 'prompt'],
  ['parser', 'other'],
])
