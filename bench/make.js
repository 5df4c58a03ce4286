import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { writers } from './writers.js'

const vocabulary =
  'the customer asks about an order that was sent last week and wants to know when it arrives because the page shows no date while the invoice says paid so please check the carrier and answer in a short friendly text with a link'.split(
    ' ',
  )

/**
 * Writes traces of realistic spans, ten each, until there are `spans` or more, or `bytes` or more: as OTLP/JSON, or as another
 * format. Prompts and answers have as many words as `words` says.
 */
export async function makeSpans(
  path,
  { spans = Number.POSITIVE_INFINITY, bytes = Number.POSITIVE_INFINITY, format = 'otlp', words = short },
) {
  const random = randomOf(7)
  const out = createWriteStream(path)
  let written = 0
  for (let number = 0; number * 10 < spans && written < bytes; number++) {
    const trace = makeTrace(number, random, words)
    const records = format === 'otlp' ? [otlpTrace(trace, random)] : writers[format](trace)
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
    written += text.length
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

/**
 * Writes production runs of ten steps each, with little text: one in a hundred steps fails, and from the middle on another release
 * and prompt version run.
 */
export async function makeRuns(path, count) {
  const random = randomOf(11)
  const out = createWriteStream(path)
  for (let number = 0; number < count; number++) {
    if (!out.write(`${JSON.stringify(productionRun(number, { random, isAfter: number >= count / 2 }))}\n`))
      await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

/** The days in which these runs begin. */
export const runDays = { start: '2026-02-20', end: '2026-03-30' }

function productionRun(number, { random, isAfter }) {
  const trace = makeTrace(number, random, { prompt: 4, answer: 4 })
  const message = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }])
  const shared = [text('tenant.id', trace.tenant), text('user.id', trace.user), text('session.id', trace.session)]
  const call = (span) => [
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.provider.name', 'openai'),
    text('gen_ai.request.model', span.model),
    number64('gen_ai.usage.input_tokens', span.inTokens),
    number64('gen_ai.usage.output_tokens', span.outTokens),
    text('gen_ai.prompt.name', 'answer'),
    text('gen_ai.prompt.version', isAfter ? '2' : '1'),
    text('gen_ai.input.messages', message('user', span.input)),
    text('gen_ai.output.messages', message('assistant', span.output)),
  ]
  const spans = trace.spans.map((span, index) => {
    const isTool = index > 1 && index % 3 === 0
    const step = span.isRoot
      ? 'support.answer'
      : index === 1
        ? 'retrieve'
        : isTool
          ? `execute_tool look_${index}`
          : 'chat'
    const operation = span.isRoot ? 'invoke_agent' : index === 1 ? 'retrieval' : 'execute_tool'
    const own = step === 'chat' ? call(span) : [text('gen_ai.operation.name', operation)]
    const endMs = span.isRoot ? span.startMs + 400 + Math.floor(random() * 300) : span.endMs
    return {
      ...{ traceId: trace.id, spanId: span.id, ...(!span.isRoot && { parentSpanId: trace.spans[0].id }) },
      ...{ name: step === 'chat' ? `chat ${span.model}` : step, kind: 1 },
      ...{ startTimeUnixNano: `${span.startMs}000000`, endTimeUnixNano: `${endMs}000000` },
      attributes: [...own, ...shared],
      status: random() < 0.01 ? { code: 2 } : {},
    }
  })
  const resource = [
    text('service.name', 'support-bot'),
    text('service.version', isAfter ? '9b07aa1' : '4c1d9e2'),
    text('deployment.environment.name', 'production'),
  ]
  return { resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: 'bench' }, spans }] }] }
}

/** For pilot.yaml: four checks that need no model, on the dataset below. */
export const suite = `evals:
  suites:
    - id: answers
      dataset: cases.jsonl
      checks:
        - { check: not-empty }
        - { check: contains }
        - { check: citations-resolve }
        - { check: max-latency, max: 2s }
`

/** A dataset with its outputs as JSON lines: answers of a usual length that cite what was retrieved; one in ten is wrong. */
export function makeCases(count) {
  const random = randomOf(7)
  const prose = (words) =>
    Array.from({ length: words }, () => vocabulary[Math.floor(random() * vocabulary.length)]).join(' ')
  return Array.from({ length: count }, (_, number) => {
    const documents = [0, 1, 2].map((rank) => ({ id: `faq-${number + rank}`, content: prose(usual.prompt / 3) }))
    const output = `${prose(usual.answer)} [faq-${number % 10 === 0 ? number + 9 : number}].`
    const latency_ms = 400 + Math.floor(random() * 1800)
    return `${JSON.stringify({ id: `c-${number}`, input: prose(12), expected: 'order', output, documents, latency_ms })}\n`
  }).join('')
}

/** Short texts, of which a span is hardest to read per byte; and those of a prompt with some context, about 400 tokens. */
const short = { prompt: 100, answer: 40 }
export const usual = { prompt: 300, answer: 80 }

function randomOf(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

function makeTrace(number, random, length) {
  const hex = (digits) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
  const uuid = () => [8, 4, 4, 4, 12].map(hex).join('-')
  const prose = (count) =>
    Array.from({ length: count }, () => vocabulary[Math.floor(random() * vocabulary.length)]).join(' ')
  const startMs = 1_772_000_000_000 + number * 900
  return {
    ...{ id: hex(32), uuid: uuid(), tenant: `tenant-${number % 40}`, user: `user-${number % 900}`, session: hex(16) },
    spans: Array.from({ length: 10 }, (_, index) => ({
      ...{ id: hex(16), uuid: uuid(), number: number * 10 + index + 1, isRoot: index === 0, model: 'gpt-4.1' },
      ...{
        startMs: startMs + index * 40,
        endMs: startMs + index * 40 + 35,
        input: prose(length.prompt),
        output: prose(length.answer),
      },
      ...{ inTokens: 300 + Math.floor(random() * 900), outTokens: 40 + Math.floor(random() * 200) },
    })),
  }
}

const text = (key, value) => ({ key, value: { stringValue: value } })
const number64 = (key, value) => ({ key, value: { intValue: String(value) } })

function otlpTrace({ id, tenant, user, session, spans }, random) {
  const nanos = (ms) => `${ms}${String(Math.floor(random() * 1e6)).padStart(6, '0')}`
  const message = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }])
  const resource = [text('service.name', 'support-bot'), text('service.version', '4c1d9e2')]
  const written = spans.map((span, index) => ({
    ...{ traceId: id, spanId: span.id, ...(!span.isRoot && { parentSpanId: spans[0].id }) },
    ...{ name: span.isRoot ? 'support.answer' : `step ${index}`, kind: 1 },
    ...{ startTimeUnixNano: nanos(span.startMs), endTimeUnixNano: nanos(span.endMs) },
    attributes: [
      text('gen_ai.operation.name', span.isRoot ? 'invoke_agent' : 'chat'),
      text('gen_ai.provider.name', 'openai'),
      text('gen_ai.request.model', span.model),
      text('gen_ai.response.model', `${span.model}-2025-04-14`),
      text('gen_ai.response.id', `chatcmpl-${span.id}`),
      { key: 'gen_ai.request.temperature', value: { doubleValue: 0.2 } },
      number64('gen_ai.usage.input_tokens', span.inTokens),
      number64('gen_ai.usage.output_tokens', span.outTokens),
      text('tenant.id', tenant),
      text('user.id', user),
      text('session.id', session),
      text('gen_ai.input.messages', message('user', span.input)),
      text('gen_ai.output.messages', message('assistant', span.output)),
    ],
    status: {},
  }))
  return {
    resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: 'bench' }, spans: written }] }],
  }
}
