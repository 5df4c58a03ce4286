import type { Attempt } from '../core/attempts.js'
import type { Attributes, Feedback, Json, Message, RetrievedDocument, Score, SpanContent } from '../core/span.js'
import type { TraceSpan } from '../core/trace.js'

/** What is inferred of one span: that it tried again what had failed, or answered for another model; and its place among the attempts. */
export interface InferredRepeats {
  isRetry?: boolean
  isFallback?: boolean
  attempt?: Attempt | undefined
}

/** Everything worth reading of one span as label and untrusted text, in the order in which a debugger asks; absent parts are left out. */
export function spanDetails(
  span: TraceSpan,
  content: SpanContent,
  inferred: InferredRepeats = {},
): [label: string, text: string][] {
  const details: [string, string | undefined][] = [
    ['error', span.status === 'error' ? (span.statusMessage ?? 'without a message') : undefined],
    ['exception', exceptions(content)],
    ['prompt', promptOf(span)],
    ['model', modelOf(span)],
    ['retry', retryOf(span, inferred)],
    ['fallback', fallbackOf(span, inferred)],
    ['attempt', inferred.attempt && attemptOf(inferred.attempt)],
    ['settings', content.settings && pairs(content.settings)],
    ['template', content.promptTemplate],
    ['variables', textOf(content.promptVariables)],
    ['query', content.query],
    ['documents', content.documents?.map(documentText).join('\n')],
    ['tool', content.toolName],
    ['arguments', textOf(content.toolArguments)],
    ['result', textOf(content.toolResult)],
    ['input', messagesText(content.inputMessages) ?? textOf(content.input)],
    ['output', messagesText(content.outputMessages) ?? textOf(content.output)],
    ['finish', content.finishReasons?.join(', ')],
    ['tags', content.tags?.join(', ')],
  ]
  return details.filter((detail): detail is [string, string] => detail[1] !== undefined && detail[1] !== '')
}

/** `thumbs -1 (user): wrong city`. */
export function feedbackText({ kind, name, value, source, comment }: Feedback): string {
  const giver = source === undefined ? '' : ` (${source})`
  const judged = name === undefined || kind === 'thumbs' ? '' : ` ${name}`
  return `${kind}${judged}${value === undefined ? '' : ` ${value}`}${giver}${comment === undefined ? '' : `: ${comment}`}`
}

/** `helpful 0.8 (model): misses the date`. */
export function scoreText({ name, value, label, source, comment }: Score): string {
  const judged = [name, value, label].filter((part) => part !== undefined).join(' ')
  return `${judged}${source === undefined ? '' : ` (${source})`}${comment === undefined ? '' : `: ${comment}`}`
}

function promptOf({ promptName, promptVersion }: TraceSpan): string | undefined {
  if (promptName === undefined && promptVersion === undefined) return undefined
  return `${promptName ?? 'unnamed'}@${promptVersion ?? 'version unknown'}`
}

function modelOf({ requestModel, responseModel, provider }: TraceSpan): string | undefined {
  const models = [...new Set([requestModel, responseModel].filter((model) => model !== undefined))]
  if (models.length === 0) return provider
  return `${models.join(' answered by ')}${provider === undefined ? '' : ` (${provider})`}`
}

function retryOf({ retries }: TraceSpan, { isRetry }: InferredRepeats): string | undefined {
  if (retries !== undefined && retries > 0) return `tried again: ${retries} (stated)`
  return isRetry ? 'of a step that failed before it (inferred)' : undefined
}

function fallbackOf({ fallbackFrom }: TraceSpan, { isFallback }: InferredRepeats): string | undefined {
  if (fallbackFrom !== undefined) return `from ${fallbackFrom} (stated)`
  return isFallback ? 'to another model (inferred)' : undefined
}

function attemptOf({ number, of, after }: Attempt): string | undefined {
  if (of === 1) return undefined
  return `${number} of ${of}${after === undefined ? '' : `, after ${after.name} (span ${after.spanId})`}`
}

function exceptions({ events = [] }: SpanContent): string {
  return events
    .filter(({ name }) => name === 'exception')
    .map(({ attributes = {} }) =>
      ['exception.type', 'exception.message'].flatMap((key) => textOf(attributes[key]) ?? []).join(': '),
    )
    .join('\n')
}

function documentText({ id, score, distance, content, metadata }: RetrievedDocument, index: number): string {
  const facts = [
    id ?? 'no id',
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(distance === undefined ? [] : [`distance ${distance}`]),
    ...(metadata === undefined ? [] : [textOf(metadata) ?? '']),
  ]
  return `${index + 1}. ${facts.join(', ')}${content === undefined ? '' : `: ${content}`}`
}

function messagesText(messages: readonly Message[] | undefined): string | undefined {
  if (messages === undefined || messages.length === 0) return undefined
  return messages.map(messageText).join('\n')
}

function messageText({ role, name, content, toolCalls = [] }: Message): string {
  const calls = toolCalls.map((call) => `calls ${call.name ?? 'a tool'}(${textOf(call.arguments) ?? ''})`)
  const said = [...(content === undefined ? [] : [content]), ...calls].join('\n')
  return `${role}${name === undefined ? '' : ` ${name}`}: ${said}`
}

function pairs(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${key} ${textOf(value) ?? 'null'}`)
    .join(', ')
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
