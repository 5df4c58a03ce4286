// A workload of ten requests that sends one OTLP span each, in a way that its first argument names.
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

const [how, count = '10'] = process.argv.slice(2)
const endpoint = `${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`
const pending = new Set()
const queue = []

const hex = (bytes) => randomBytes(bytes).toString('hex')

async function send(signal) {
  const span = { traceId: hex(16), spanId: hex(8), name: 'answer' }
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    signal,
  })
  const text = await response.text()
  if (!response.ok || !text.startsWith('{')) throw new Error(`export failed: ${response.status}`)
}

const exporters = {
  // In the background, and given up after a moment.
  good() {
    const sent = send(AbortSignal.timeout(1000)).catch(() => {})
    pending.add(sent)
    void sent.finally(() => pending.delete(sent))
  },
  // An error of the exporter is nobody's.
  throws() {
    void send(AbortSignal.timeout(1000))
  },
  async awaits() {
    await send(AbortSignal.timeout(300)).catch(() => {})
  },
  // All that could not be sent is kept, with everything around it.
  async hoards() {
    await send(AbortSignal.timeout(200)).catch(() => queue.push(Buffer.alloc(10_000_000, 1)))
  },
  clings() {
    void send(AbortSignal.timeout(1000)).catch(() => setInterval(() => {}, 1000))
  },
  quits() {
    void send(AbortSignal.timeout(1000)).catch(() => process.exit(7))
  },
  // One trace in four.
  samples(request) {
    if (request % 4 === 0) exporters.good()
  },
  async fails() {
    await send(AbortSignal.timeout(1000))
  },
}

for (let request = 1; request <= Number(count); request += 1) {
  const startedMs = performance.now()
  let ok = true
  try {
    await wait(5)
    await (exporters[how] ?? exporters.good)(request)
  } catch {
    ok = false
  }
  const ms = performance.now() - startedMs
  const line = how === 'silent' ? 'one more' : JSON.stringify({ request, ms, ok, answer: `answer ${request}` })
  process.stdout.write(`${line}\n`)
  await wait(10)
}
await Promise.all(pending)
