import { type Json, type Span, type SpanContent, spanKinds, type Usage } from '../../core/span.js'
import { readDocuments } from '../dialects/documents.js'
import { readMessages, splitAnswer } from '../dialects/messages.js'
import { normaliseProvider } from '../dialects/provider.js'
import { inclusiveUsage } from '../dialects/usage.js'
import {
  asCount,
  asGiven,
  asList,
  asObject,
  asText,
  asVersion,
  asWhole,
  asWord,
  type Fields,
  fieldsOf,
} from '../record.js'

/**
 * The optional fields of a native line. The result lays them over a span: what the line states in its own fields wins over
 * what conventions read from its `attributes`.
 */
export function readOwn(fields: Fields, notes: string[]): (span: Span) => Span {
  const kind = fields.take('kind', asWord(spanKinds), `one of ${spanKinds.join(', ')}`)
  const name = (key: string) => fields.take(key, asText, 'text')
  const requestModel = name('model')
  const provider = name('provider')
  const prompt = readPrompt(fields, notes)
  const own: Partial<Span> = {
    kind,
    requestModel,
    provider: provider === undefined ? undefined : (normaliseProvider(provider) ?? provider),
    promptName: prompt.name,
    promptVersion: prompt.version,
    usage: readUsage(fields, notes),
    costUsd: fields.take('cost_usd', asCount, 'US dollars'),
    user: name('user'),
    tenant: name('tenant'),
    session: name('session'),
    request: name('request'),
    environment: name('environment'),
    release: name('release'),
    workflow: name('workflow'),
    service: name('service'),
    retries: fields.take('retries', asWhole, 'a whole number from 0'),
    fallbackFrom: name('fallback_from'),
  }
  const content = { ...readText(fields), ...readTool(fields, notes), ...readMessageLists(fields), ...prompt.content }
  return (span) => {
    const query = typeof content.input === 'string' && (kind ?? span.kind) === 'retriever' ? content.input : undefined
    return { ...span, ...defined(own), content: { ...span.content, ...defined({ query, ...content }) } }
  }
}

function readPrompt(fields: Fields, notes: string[]): { name?: string; version?: string; content: SpanContent } {
  const prompt = fields.take('prompt', asObject, 'an object {name, version, template, variables}')
  if (prompt === undefined) return { content: {} }
  const { take } = fieldsOf(prompt, notes, 'prompt.')
  return {
    name: take('name', asText, 'text'),
    version: take('version', asVersion, 'text or a number'),
    content: {
      promptTemplate: take('template', asText, 'text'),
      promptVariables: take('variables', asObject, 'an object'),
    },
  }
}

function readUsage(fields: Fields, notes: string[]): Usage | undefined {
  const usage = fields.take('usage', asObject, 'an object of token counts')
  if (usage === undefined) return undefined
  const { take } = fieldsOf(usage, notes, 'usage.')
  const tokens = (key: string) => take(key, asCount, 'a number of tokens')
  return inclusiveUsage({
    input: tokens('input_tokens'),
    output: tokens('output_tokens'),
    cachedInput: tokens('cache_read_tokens'),
    cacheWrite: tokens('cache_write_tokens'),
    reasoning: tokens('reasoning_tokens'),
  })
}

function readText(fields: Fields): SpanContent {
  return {
    input: fields.take('input', asGiven, ''),
    output: fields.take('output', asGiven, ''),
    settings: fields.take('settings', asObject, 'an object'),
    documents: fields.take(
      'documents',
      (list) => readDocuments(list)?.documents,
      'a list of {id, content, score, metadata}',
    ),
    tags: fields.take('tags', asTags, 'a list of texts'),
  }
}

function readTool(fields: Fields, notes: string[]): SpanContent {
  const tool = fields.take('tool', asObject, 'an object {name, call_id, arguments, result}')
  if (tool === undefined) return {}
  const { take } = fieldsOf(tool, notes, 'tool.')
  return {
    toolName: take('name', asText, 'text'),
    toolCallId: take('call_id', asText, 'text'),
    toolArguments: take('arguments', asGiven, ''),
    toolResult: take('result', asGiven, ''),
  }
}

/** The answer is what follows the last message that was sent to the model. */
function readMessageLists(fields: Fields): SpanContent {
  const list = fields.take(
    'messages',
    (value) => (readMessages(value) === undefined ? undefined : asList(value)),
    'a list of {role, content}',
  )
  if (list === undefined) return {}
  const [asked, answered] = splitAnswer(list)
  return { inputMessages: readMessages(asked)?.messages, outputMessages: readMessages(answered)?.messages }
}

const asTags = (value: Json): string[] | undefined =>
  Array.isArray(value) && value.every((tag) => typeof tag === 'string') ? (value as string[]) : undefined // checked one by one

/** The same object without its undefined fields, so that it can be laid over another. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
