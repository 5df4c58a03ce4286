import type { Json, SpanKind } from '../../core/span.js'
import { plainConversation } from '../bodies/langchain.js'
import { isObject, type JsonObject } from '../json.js'
import type { Stated } from '../stated.js'

/** What a row was given and answered, and its metadata, where wrapped clients note how they called the model. */
export interface RowTexts {
  input: Json | undefined
  output: Json | undefined
  metadata: JsonObject
  name: Json | undefined
}

/** Parameters of a call that wrapped clients copy into the metadata, in the spellings of the APIs that they wrap. */
const settingNames: ReadonlySet<string> = new Set([
  ...['temperature', 'top_p', 'topP', 'top_k', 'topK', 'max_tokens', 'maxTokens', 'max_completion_tokens', 'n', 'seed'],
  ...['max_output_tokens', 'maxOutputTokens', 'stop', 'stop_sequences', 'stopSequences', 'stream', 'stream_options'],
  ...[
    'presence_penalty',
    'presencePenalty',
    'frequency_penalty',
    'frequencyPenalty',
    'response_format',
    'responseFormat',
  ],
  ...[
    'tool_choice',
    'toolChoice',
    'parallel_tool_calls',
    'parallelToolCalls',
    'reasoning_effort',
    'reasoning',
    'thinking',
  ],
  ...['logprobs', 'top_logprobs', 'topLogprobs', 'logit_bias', 'service_tier', 'verbosity', 'modalities'],
])

/** The parts of a row in our words; which of them its input and output are depends on its kind. */
export function readTexts({ input, output, metadata, name }: RowTexts, kind: SpanKind | undefined): Stated {
  const prompt = isObject(metadata.prompt) ? metadata.prompt : {}
  const found = kind === 'chain' || kind === 'tool' ? documentsIn(output) : undefined
  return {
    kind: found === undefined ? kind : 'retriever',
    requestModel: firstText(metadata, ['model', 'gen_ai.request.model', 'ls_model_name']),
    responseModel: firstText(metadata, ['gen_ai.response.model']),
    provider: firstText(metadata, ['provider', 'gen_ai.provider.name', 'gen_ai.system', 'ls_provider']),
    promptName: prompt.slug ?? prompt.name,
    promptVersion: prompt.version,
    promptVariables: prompt.variables,
    settings: kind === 'llm' ? settingsOf(metadata) : undefined,
    input: kind === 'llm' ? asked(input) : input,
    output: kind === 'llm' ? answered(output) : found !== undefined && Array.isArray(output) ? undefined : output,
    documents: found,
    toolName: kind === 'tool' ? (metadata['gen_ai.tool.name'] ?? metadata.tool_name ?? name) : undefined,
    toolCallId: kind === 'tool' ? (metadata['gen_ai.tool.call.id'] ?? metadata.tool_call_id) : undefined,
  }
}

function settingsOf(metadata: JsonObject): JsonObject {
  const settings: JsonObject = Object.create(null)
  for (const source of [metadata, metadata.invocation_params, metadata.options]) {
    if (!isObject(source)) continue
    for (const name of Object.keys(source))
      if (settingNames.has(name) && !(name in settings)) settings[name] = source[name]!
  }
  return settings
}

/** Items of the Responses API, which are no messages as they stand, are read as what that API is sent. */
function asked(input: Json | undefined): Json | undefined {
  if (input === undefined) return undefined
  const plain = plainConversation(input)
  return Array.isArray(plain) && plain.some(isItem) ? { input: plain } : plain
}

function answered(output: Json | undefined): Json | undefined {
  if (output === undefined) return undefined
  const plain = plainConversation(output)
  return Array.isArray(plain) && plain.some(isItem) ? { output: plain } : plain
}

function isItem(item: Json): boolean {
  return isObject(item) && typeof item.type === 'string' && item.type !== 'message' && item.role === undefined
}

/** Documents of LangChain's retrievers, by their own word for the text; Braintrust has no type for them. */
function documentsIn(output: Json | undefined): Json[] | undefined {
  const list = isObject(output) ? output.documents : output
  if (!Array.isArray(list) || list.length === 0) return undefined
  const documents = list.map((item) => (isObject(item) && isObject(item.kwargs) ? item.kwargs : item))
  if (!documents.every((item) => isObject(item) && ('page_content' in item || 'pageContent' in item))) return undefined
  return documents.filter(isObject).map(({ pageContent, ...document }) => ({
    ...document,
    page_content: document.page_content ?? pageContent ?? null,
  }))
}

/** The first of `names` that holds text; spans that came by OpenTelemetry have its names. */
function firstText(metadata: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = metadata[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}
