import type { Json, SpanKind } from '../../core/span.js'
import { plainConversation } from '../bodies/langchain.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import type { Stated } from '../stated.js'

/** The inputs and outputs of a run, and what its `extra` says of the call. All JSON, unpacked. */
export interface RunTexts {
  inputs: Json | undefined
  outputs: Json | undefined
  extra: JsonObject
  metadata: JsonObject
  serialized: Json | undefined
}

/** What a run was given and answered, in our words; which of its parts that is depends on its kind. */
export function readTexts(texts: RunTexts, kind: SpanKind | undefined): Stated {
  if (kind === 'llm' || kind === 'embedding') return ofModel(texts)
  if (kind === 'tool') return ofTool(texts)
  if (kind === 'retriever') return ofRetriever(texts)
  if (kind === 'prompt') return ofPrompt(texts)
  return { input: conversation(texts.inputs), output: conversation(texts.outputs) }
}

function conversation(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : plainConversation(value)
}

/** What a wrapped client was called with, beside the model's settings. */
const spoken = new Set(['messages', 'input', 'prompt', 'prompts', 'contents', 'system', 'instructions', 'model'])

function ofModel({ inputs, outputs, extra, metadata }: RunTexts): Stated {
  const params = [extra.invocation_params, metadata.ls_invocation_params].filter(isObject)
  const asked = conversation(inputs)
  const answered = conversation(outputs)
  const isCall = isObject(asked) && typeof asked.model === 'string' && params.length === 0
  const settings = isCall ? membersOf(asked, (key) => !spoken.has(key)) : settingsOf(params, metadata)
  return {
    input: isCall ? membersOf(asked, (key) => spoken.has(key) && key !== 'model') : asked,
    output: answerOf(answered),
    settings,
    requestModel:
      metadata.ls_model_name ??
      params.map((each) => each.model ?? each.model_name).find((name) => typeof name === 'string') ??
      (isObject(asked) && typeof asked.model === 'string' ? asked.model : undefined),
    responseModel: answeringModel(outputs),
    provider: metadata.ls_provider,
    finishReasons: finishReasons(outputs),
  }
}

/** LangChain's own words for a call, which are no settings. */
const callWords = new Set(['model', 'model_name', '_type', 'messages'])

function settingsOf(params: JsonObject[], metadata: JsonObject): JsonObject {
  const settings: JsonObject = Object.create(null)
  for (const each of params)
    for (const key of Object.keys(each)) if (!callWords.has(key) && !(key in settings)) settings[key] = each[key]!
  for (const key of ['temperature', 'max_tokens', 'stop'] as const)
    if (metadata[`ls_${key}`] !== undefined && !(key in settings)) settings[key] = metadata[`ls_${key}`]!
  return settings
}

function membersOf(object: JsonObject, wants: (key: string) => boolean): JsonObject {
  const part: JsonObject = Object.create(null)
  for (const key of Object.keys(object)) if (wants(key)) part[key] = object[key]!
  return part
}

/** An answer that is one message under `output` stands beside nothing but its usage. */
function answerOf(outputs: Json | undefined): Json | undefined {
  if (!isObject(outputs) || !isObject(outputs.output) || outputs.output.role === undefined) return outputs
  const { output, usage_metadata, ...rest } = outputs
  return Object.keys(rest).length === 0 ? { messages: [output!] } : outputs
}

function answeringModel(outputs: Json | undefined): Json | undefined {
  if (!isObject(outputs)) return undefined
  const told = outputs.llm_output ?? outputs.llmOutput
  const generation = Array.isArray(outputs.generations) ? outputs.generations.flat()[0] : undefined
  const messages = [isObject(generation) ? generation.message : undefined, outputs.output, outputs.message, outputs]
  const metadata = messages.map(responseMetadata).filter(isObject)
  return (
    text(outputs.model) ??
    text(isObject(told) ? (told.model_name ?? told.modelName) : undefined) ??
    metadata.map((each) => text(each.model_name) ?? text(each.model)).find((name) => name !== undefined)
  )
}

function responseMetadata(message: Json | undefined): Json | undefined {
  if (!isObject(message)) return undefined
  return isObject(message.kwargs) ? message.kwargs.response_metadata : message.response_metadata
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Of choices; a streamed answer of the JS wrapper has the whole last chunk where its reason belongs. */
function finishReasons(outputs: Json | undefined): Json | undefined {
  const choices = isObject(outputs) && Array.isArray(outputs.choices) ? outputs.choices : []
  const reasons = choices.flatMap((choice): Json[] => {
    const reason = isObject(choice) ? choice.finish_reason : undefined
    const inner = isObject(reason) ? reason.finish_reason : reason
    return typeof inner === 'string' ? [inner] : []
  })
  return reasons.length === 0 ? undefined : reasons
}

/** Arguments stand alone under `input`, packed in text by LangChain; results may be a message. */
function ofTool({ inputs, outputs, extra }: RunTexts): Stated {
  const answer = onlyMember(conversation(outputs), 'output')
  const isMessage = isObject(answer) && answer.role === 'tool'
  return {
    input: onlyMember(inputs, 'input'),
    output: isMessage ? (answer.content ?? null) : answer,
    toolCallId: (isMessage ? answer.tool_call_id : undefined) ?? extra.tool_call_id,
  }
}

function onlyMember(value: Json | undefined, key: string): Json | undefined {
  if (!isObject(value) || value[key] === undefined || Object.keys(value).length !== 1) return value
  return unpack(value[key])
}

function ofRetriever({ inputs, outputs }: RunTexts): Stated {
  const found = isObject(outputs) ? (outputs.documents ?? outputs.output) : outputs
  const isList = Array.isArray(found)
  return {
    input: inputs,
    output: isList && isObject(outputs) && Object.keys(outputs).length === 1 ? undefined : outputs,
    documents: isList ? found.map(documentOf) : undefined,
  }
}

/** A document of LangChain; id and score have no place of their own in older ones and stand in its metadata. */
function documentOf(value: Json): Json {
  const document = isObject(value) && isObject(value.kwargs) ? value.kwargs : value
  if (!isObject(document)) return { content: document }
  const { id, page_content, pageContent, content, metadata, score } = document
  const told = isObject(metadata) ? metadata : {}
  return {
    id: id ?? told.id ?? told._id ?? told.doc_id ?? told.document_id ?? null,
    content: page_content ?? pageContent ?? content ?? null,
    score: score ?? told.score ?? told.relevance_score ?? told.similarity_score ?? told._score ?? null,
    metadata: metadata ?? null,
  }
}

function ofPrompt({ inputs, outputs, metadata, serialized }: RunTexts): Stated {
  const kwargs = isObject(serialized) && isObject(serialized.kwargs) ? serialized.kwargs : {}
  const pulled = isObject(kwargs.metadata) ? kwargs.metadata : {}
  return {
    input: inputs,
    output: conversation(outputs),
    promptTemplate: kwargs.messages ?? kwargs.template,
    promptVariables: inputs,
    promptName: metadata.prompt_name ?? metadata.lc_hub_repo ?? pulled.lc_hub_repo,
    promptVersion: metadata.prompt_version ?? metadata.lc_hub_commit_hash ?? pulled.lc_hub_commit_hash,
  }
}
