import { aliasRule, isAlias } from '../alias.js'
import type {
  Attributes,
  Feedback,
  Json,
  Message,
  Request,
  RetrievedDocument,
  Score,
  Span,
  SpanContent,
  SpanEvent,
  SpanLink,
  ToolCall,
} from '../span.js'
import { type Edit, entries, keep, list, record } from './edits.js'
import type { FieldName, FieldRule } from './fields.js'
import { sideEdits } from './side-records.js'

/** What the records are edited with. */
export interface Tools {
  text: Edit<string>
  json: Edit<Json>
  attributes: Edit<Attributes>
  resource: Edit<Attributes>
  /** The rule that does something to the first of these fields that has one. */
  rule(...names: FieldName[]): FieldRule | undefined
  /** What becomes of a value under a rule. */
  act(rule: FieldRule, value: Json): string | undefined
}

/** The edits of everything that is stored: each field by its rule, else by the detectors; ids, numbers and our own words stay. */
export function recordEdits(tools: Tools): {
  span: Edit<Span>
  score: Edit<Score>
  feedback: Edit<Feedback>
  request: Edit<Request>
} & ReturnType<typeof sideEdits> {
  const { text, json, attributes, resource, rule, act } = tools
  const field = <T extends Json>(names: FieldName[], otherwise: Edit<T>): ((value: T) => T | string | undefined) => {
    const found = rule(...names)
    return found ? (value) => act(found, value) : otherwise
  }
  const whole = <T>(names: FieldName[], edit: Edit<T>): Edit<T> =>
    rule(...names)?.do === 'omit' ? () => undefined : edit
  /** For what a record cannot be without. */
  const needed: Edit<string> = (value) => text(value) ?? '[omitted]'
  const user = field(['user'], text)
  const tenant = field(['tenant'], text)
  const comment = field(['feedback.comment'], text)
  const alias: Edit<string> = (value) => (isAlias(value) ? value : act({ name: aliasRule, do: 'hash' }, value))

  const messages = (side: 'input' | 'output') => {
    const toolCall = record<ToolCall>({
      id: keep,
      name: text,
      arguments: field(['tool.arguments', 'messages', side], json),
    })
    const message = (names: FieldName[]) =>
      record<Message>({
        role: needed,
        content: field(names, text),
        name: text,
        toolCalls: list(toolCall),
        toolCallId: keep,
      })
    const said = message(['messages', side])
    const answered = message(['tool.result', 'messages', side])
    return whole(
      ['messages', side],
      list<Message>((value) => (value.role === 'tool' ? answered(value) : said(value))),
    )
  }
  const document = record<RetrievedDocument>({
    id: text,
    content: field(['documents.content'], text),
    score: keep,
    distance: keep,
    metadata: field(['documents.metadata'], json),
  })
  const eventRule = rule('events')
  const event = record<SpanEvent>({
    name: needed,
    timeMs: keep,
    attributes: eventRule ? (value) => entries(value, text, (one) => act(eventRule, one)) : attributes,
  })
  const content = record<SpanContent>({
    input: field(['input'], json),
    output: field(['output'], json),
    inputMessages: messages('input'),
    outputMessages: messages('output'),
    promptTemplate: field(['prompt.template'], text),
    promptVariables: field(['prompt.variables'], json),
    settings: attributes,
    documents: list(document),
    query: field(['input'], text),
    toolName: text,
    toolCallId: keep,
    toolArguments: field(['tool.arguments', 'input'], json),
    toolResult: field(['tool.result', 'output'], json),
    finishReasons: list(text),
    tags: list(field(['tags'], text)),
    events: whole(['events'], list(event)),
    links: list(record<SpanLink>({ traceId: keep, spanId: keep, attributes })),
    attributes,
    resource,
    scope: text,
  })
  return {
    span: record<Span>({
      traceId: keep,
      spanId: keep,
      parentId: keep,
      name: needed,
      kind: keep,
      startMs: keep,
      endMs: keep,
      startNs: keep,
      endNs: keep,
      status: keep,
      statusMessage: text,
      provider: text,
      requestModel: text,
      responseModel: text,
      promptName: text,
      promptVersion: text,
      usage: keep,
      costUsd: keep,
      isRollup: keep,
      revision: keep,
      recordId: keep,
      promptId: keep,
      user,
      tenant,
      session: field(['session'], keep),
      request: keep,
      environment: text,
      release: text,
      workflow: text,
      service: text,
      retries: keep,
      fallbackFrom: text,
      content,
    }),
    score: record<Score>({
      id: keep,
      traceId: keep,
      spanId: keep,
      name: needed,
      value: keep,
      label: text,
      comment,
      source: keep,
      timeMs: keep,
    }),
    feedback: record<Feedback>({
      id: keep,
      traceId: keep,
      spanId: keep,
      request: keep,
      kind: keep,
      name: text,
      value: keep,
      comment,
      user,
      source: keep,
      timeMs: keep,
    }),
    request: record<Request>({
      id: keep,
      timeMs: keep,
      origin: keep,
      tenant,
      user,
      traceId: keep,
      release: text,
    }),
    ...sideEdits({ text, needed, user, alias }),
  }
}
