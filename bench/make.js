import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

const words =
  'the customer asks about an order that was sent last week and wants to know when it arrives because the page shows no date while the invoice says paid so please check the carrier and answer in a short friendly text with a link'.split(
    ' ',
  )

/** Writes OTLP/JSON lines of realistic LLM spans (about 1.8 KB each, ten to a trace and line) until `spans` are written. */
export async function makeOtlp(path, spans) {
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  const hex = (digits) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
  const prose = (count) => Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join(' ')
  const out = createWriteStream(path)
  for (let trace = 0; trace * 10 < spans; trace++) {
    const line = `${JSON.stringify(otlpTrace(trace, hex, prose, random))}\n`
    if (!out.write(line)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

function otlpTrace(trace, hex, prose, random) {
  const traceId = hex(32)
  const root = hex(16)
  const startMs = 1_772_000_000_000 + trace * 900
  const attribute = (key, value) => ({ key, value })
  const text = (key, value) => attribute(key, { stringValue: value })
  const spans = Array.from({ length: 10 }, (_, index) => {
    const isRoot = index === 9
    return {
      traceId,
      spanId: isRoot ? root : hex(16),
      ...(!isRoot && { parentSpanId: root }),
      name: isRoot ? 'support.answer' : `step ${index}`,
      kind: 1,
      startTimeUnixNano: `${startMs + index * 40}${String(Math.floor(random() * 1e6)).padStart(6, '0')}`,
      endTimeUnixNano: `${startMs + index * 40 + 35}${String(Math.floor(random() * 1e6)).padStart(6, '0')}`,
      attributes: [
        text('gen_ai.operation.name', isRoot ? 'invoke_agent' : 'chat'),
        text('gen_ai.provider.name', 'openai'),
        text('gen_ai.request.model', 'gpt-4.1'),
        text('gen_ai.response.model', 'gpt-4.1-2025-04-14'),
        text('gen_ai.response.id', `chatcmpl-${hex(24)}`),
        attribute('gen_ai.request.temperature', { doubleValue: 0.2 }),
        attribute('gen_ai.usage.input_tokens', { intValue: String(300 + Math.floor(random() * 900)) }),
        attribute('gen_ai.usage.output_tokens', { intValue: String(40 + Math.floor(random() * 200)) }),
        text('tenant.id', `tenant-${trace % 40}`),
        text('user.id', `user-${trace % 900}`),
        text('session.id', hex(16)),
        text(
          'gen_ai.input.messages',
          JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: prose(100) }] }]),
        ),
        text(
          'gen_ai.output.messages',
          JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: prose(40) }] }]),
        ),
      ],
      status: {},
    }
  })
  const resource = [text('service.name', 'support-bot'), text('service.version', '4c1d9e2')]
  return { resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: 'bench' }, spans }] }] }
}
