import { slowdownMs } from './changes.js'
import type { Planted } from './plan.js'
import { slowTenant } from './plan.js'

/** One span before it is written as OTLP. */
interface DraftSpan {
  name: string
  parent?: string
  id: string
  startMs: number
  endMs: number
  error?: string
  attributes: Record<string, string | number | string[]>
}

/** A trace of the demo's support agent, with what measuring it must give. */
export interface DraftTrace {
  traceId: string
  spans: DraftSpan[]
  usage: { input: number; output: number }
  naive: { input: number; output: number }
  /** US dollars by the providers' public prices, undefined for the model without one. */
  costUsd: number | undefined
}

/** US dollars per million tokens, as published for these models in 2025; the demo's answers do not come from the price table under test. */
const prices: Record<string, { input: number; output: number }> = {
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
}

const questions = [
  'Where is my order?',
  'How do I return the blue lamp?',
  'My invoice shows the wrong address.',
  'Can I change the delivery date?',
  'The discount code does not work.',
]

/** The trace of one request: retrieve → look up the order → draft the answer, under one root that repeats its children's tokens. */
export function draftTrace(planted: Planted, requestId: string, startMs: number, random: () => number): DraftTrace {
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
  const between = (low: number, high: number) => Math.round(low + random() * (high - low))
  const slowness = planted.tenant === slowTenant ? 4 : 1
  const traceId = hex(32)
  const root = hex(16)
  const question = questions[planted.index % questions.length]!
  const text = planted.leaksCard
    ? `${question} I paid with card ${['4111', '1111', '1111', '1111'].join(' ')}.`
    : question
  const usage = { input: between(700, 1400), output: between(80, 260) }
  const model = planted.isUnpriced ? 'support-tuned-7b' : planted.isFallback ? 'gpt-4.1-mini' : 'gpt-4.1'
  let clock = startMs + 5
  const step = (name: string, ms: number, attributes: DraftSpan['attributes'], error?: string): DraftSpan => {
    const span: DraftSpan = {
      name,
      parent: root,
      id: hex(16),
      startMs: clock,
      endMs: clock + ms,
      attributes,
      ...(error && { error }),
    }
    clock += ms + 3
    return span
  }

  const [article, score] = planted.isMisled ? [planted.index * 3 + 20, 0.38] : [planted.index * 3, 0.91]
  // The answer names the right article even where the retriever did not find it.
  const answer = `See faq-${(planted.index * 3) % 40}: your order is on its way.`
  const documents = [0, 1].map((rank) => ({ id: `faq-${(article + rank) % 40}`, score: score - rank * 0.12 }))
  const retrieve = step('retrieve', between(40, 90) * slowness, {
    'openinference.span.kind': 'RETRIEVER',
    'input.value': text,
    ...Object.fromEntries(
      documents.flatMap(({ id, score }, rank) => [
        [`retrieval.documents.${rank}.document.id`, id],
        [`retrieval.documents.${rank}.document.score`, score],
        [`retrieval.documents.${rank}.document.content`, `Answer ${id} of the help centre.`],
      ]),
    ),
  })
  const toolAttributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'lookup_order',
    'gen_ai.tool.call.arguments': JSON.stringify({ order: `A-${1000 + planted.index}` }),
  }
  const failedTool = planted.isToolRetried
    ? [step('execute_tool lookup_order', 120, toolAttributes, 'TimeoutError: the order service did not answer')]
    : []
  const lookupError = planted.isFailed ? 'ConnectionError: the order service refused the connection' : undefined
  const found = { state: planted.isFailed ? 'unknown' : 'shipped', days: planted.index % 5 }
  const lookupMs = between(30, 80) * slowness
  const lookup = { ...toolAttributes, 'gen_ai.tool.call.result': JSON.stringify(found) }
  const tool = step('execute_tool lookup_order', lookupMs, lookup, lookupError)
  const chat = (name: string, requested: string) => ({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': planted.isUnpriced ? 'in-house' : 'openai',
    'gen_ai.request.model': requested,
    'gen_ai.request.temperature': 0.2,
    'gen_ai.request.max_tokens': 400,
    'gen_ai.prompt.name': name,
    ...(planted.hasPromptVersion && { 'gen_ai.prompt.version': planted.promptVersion }),
    'gen_ai.input.messages': JSON.stringify([
      { role: 'system', parts: [{ type: 'text', content: 'Answer from the help centre only.' }] },
      { role: 'user', parts: [{ type: 'text', content: text }] },
    ]),
  })
  const failedDraft = planted.isFallback
    ? [step('chat gpt-4.1', 200, chat('support-answer', 'gpt-4.1'), 'RateLimitError: too many requests')]
    : []
  const answerMs = between(600, 1500) * slowness + (planted.isSlowed ? slowdownMs : 0)
  const draft = step(`chat ${model}`, answerMs, {
    ...chat('support-answer', model),
    'gen_ai.response.model': model,
    'gen_ai.usage.input_tokens': usage.input,
    'gen_ai.usage.output_tokens': usage.output,
    'gen_ai.output.messages': JSON.stringify([
      {
        role: 'assistant',
        parts: [{ type: 'text', content: answer }],
        finish_reason: 'stop',
      },
    ]),
    'gen_ai.response.finish_reasons': ['stop'],
  })
  const rootSpan: DraftSpan = {
    name: 'support.answer',
    id: root,
    startMs,
    endMs: clock + 4,
    ...(lookupError && { error: lookupError }),
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'tenant.id': planted.tenantInTrace,
      'user.id': `user-${planted.index % 83}`,
      'session.id': `session-${planted.index % 211}`,
      'request.id': requestId,
      'input.value': text,
      'output.value': answer,
      // The agent repeats what its only answering model call used: a naive sum counts every token twice.
      'gen_ai.usage.input_tokens': usage.input,
      'gen_ai.usage.output_tokens': usage.output,
    },
  }
  const price = prices[model]
  return {
    traceId,
    spans: [retrieve, ...failedTool, tool, ...failedDraft, draft, rootSpan],
    usage,
    naive: { input: usage.input * 2, output: usage.output * 2 },
    costUsd: price && (usage.input * price.input + usage.output * price.output) / 1e6,
  }
}

/** One OTLP/JSON export line of a draft, as a Collector's file exporter writes it. */
export function otlpLine({ traceId, spans }: DraftTrace, release: string): string {
  const value = (raw: string | number | string[]) => {
    if (Array.isArray(raw)) return { arrayValue: { values: raw.map((item) => ({ stringValue: item })) } }
    if (typeof raw === 'string') return { stringValue: raw }
    return Number.isInteger(raw) ? { intValue: String(raw) } : { doubleValue: raw }
  }
  const attributes = (record: DraftSpan['attributes']) =>
    Object.entries(record).map(([key, raw]) => ({ key, value: value(raw) }))
  return JSON.stringify({
    resourceSpans: [
      {
        resource: {
          attributes: attributes({
            'service.name': 'support-bot',
            'service.version': release,
            'deployment.environment.name': 'production',
          }),
        },
        scopeSpans: [
          {
            scope: { name: 'support-bot' },
            spans: spans.map((span) => ({
              traceId,
              spanId: span.id,
              ...(span.parent && { parentSpanId: span.parent }),
              name: span.name,
              kind: 1,
              startTimeUnixNano: `${span.startMs}000000`,
              endTimeUnixNano: `${span.endMs}000000`,
              attributes: attributes(span.attributes),
              status: span.error ? { code: 2, message: span.error } : {},
            })),
          },
        ],
      },
    ],
  })
}
