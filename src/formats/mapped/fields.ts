import { type Json, type SpanKind, type SpanStatus, spanKinds } from '../../core/span.js'
import type { Stated } from '../stated.js'

type StatedText = Exclude<keyof Stated, 'kind' | 'usage'>

/** Fields of a mapping that become a field of the span as they are. */
export const statedFields = {
  model: 'requestModel',
  response_model: 'responseModel',
  provider: 'provider',
  prompt_name: 'promptName',
  prompt_version: 'promptVersion',
  prompt_template: 'promptTemplate',
  prompt_variables: 'promptVariables',
  settings: 'settings',
  input: 'input',
  output: 'output',
  documents: 'documents',
  tool_name: 'toolName',
  tool_call_id: 'toolCallId',
  tool_arguments: 'toolArguments',
  tool_result: 'toolResult',
  cost_usd: 'costUsd',
  user: 'user',
  tenant: 'tenant',
  session: 'session',
  request: 'request',
  environment: 'environment',
  release: 'release',
  workflow: 'workflow',
  service: 'service',
  tags: 'tags',
  retries: 'retries',
} as const satisfies Record<string, StatedText>

/** Every field that a mapping may name → what it holds. */
export const mappedFields = {
  trace_id: 'id of the run; required',
  span_id: 'id of the step; without it each record is a whole run',
  parent_id: 'id of the step above',
  name: 'what the step is called',
  kind: 'kind of step: llm, tool, retriever …',
  start: 'when it began: ISO 8601 or epoch; required',
  end: 'when it ended: ISO 8601 or epoch',
  duration_ms: 'how long it took in milliseconds, where there is no end',
  duration_s: 'how long it took in seconds, where there is no end',
  status: 'ok or error in words, or an HTTP status',
  error: 'what went wrong',
  model: 'model asked',
  response_model: 'model that answered',
  provider: 'who runs the model',
  prompt_name: 'name of the prompt',
  prompt_version: 'version of the prompt',
  prompt_template: 'text of the template',
  prompt_variables: 'variables of the prompt',
  settings: 'object of model settings',
  input: 'what it was given: text, messages or any JSON',
  output: 'what it answered: text, messages or any JSON',
  documents: 'list of what was retrieved',
  tool_name: 'tool that was called',
  tool_call_id: 'id of the call',
  tool_arguments: 'arguments of the call',
  tool_result: 'result of the call',
  input_tokens: 'tokens sent, cache included',
  output_tokens: 'tokens answered',
  cache_read_tokens: 'tokens read from the cache',
  cache_write_tokens: 'tokens written to the cache',
  reasoning_tokens: 'tokens of reasoning',
  cost_usd: 'US dollars',
  user: 'who asked',
  tenant: 'customer of the user',
  session: 'conversation',
  request: "the application's own id of the request",
  environment: 'production, staging …',
  release: 'deployed version',
  workflow: 'workflow of the run',
  service: 'service that made the step',
  tags: 'list of labels',
  retries: 'how many times the call was tried again',
} as const
export type MappedField = keyof typeof mappedFields

/** Fields that may have one value for every record. */
export const fixedFields = [
  'name',
  'kind',
  'model',
  'provider',
  'prompt_name',
  'tenant',
  'environment',
  'release',
  'workflow',
  'service',
] as const satisfies readonly MappedField[]

const otherKinds = new Map<string, SpanKind>([
  ['retrieval', 'retriever'],
  ['retrieve', 'retriever'],
  ['search', 'retriever'],
  ['generation', 'llm'],
  ['completion', 'llm'],
  ['chat', 'llm'],
  ['model', 'llm'],
  ['function', 'tool'],
  ['tool_call', 'tool'],
  ['embeddings', 'embedding'],
  ['rerank', 'reranker'],
  ['task', 'chain'],
  ['step', 'chain'],
  ['span', 'other'],
])

/** The kind that a log's word means; undefined for a word that nobody knows. */
export function kindOfWord(word: string): SpanKind | undefined {
  const plain = word.trim().toLowerCase()
  return spanKinds.find((kind) => kind === plain) ?? otherKinds.get(plain)
}

const good = new Set(['ok', 'success', 'succeeded', 'successful', 'completed', 'complete', 'done', 'finished', 'true'])
const bad = new Set(['error', 'failed', 'failure', 'fail', 'exception', 'timeout', 'cancelled', 'canceled', 'false'])
const open = new Set(['unset', 'pending', 'running', 'started', 'in_progress'])

/** The status that a log's word or HTTP status means; undefined for a word that nobody knows. */
export function statusOfWord(value: Json): SpanStatus | undefined {
  const word = String(typeof value === 'object' ? '' : value)
    .trim()
    .toLowerCase()
  if (good.has(word)) return 'ok'
  if (bad.has(word)) return 'error'
  if (open.has(word)) return 'unset'
  if (!/^[1-5]\d\d$/.test(word)) return undefined
  return Number(word) >= 400 ? 'error' : 'ok'
}
