/** The application of the demo, as a program for the probes: it needs nothing but Node. */
export const workload = `// Stands in for an application: answers as many questions as its argument says, one after the other, and prints a line of JSON
// for each, as the probes of pilot read them. Where OTEL_EXPORTER_OTLP_ENDPOINT names a platform, a span of each is sent there
// as OTLP JSON, in the background. It fails open: what cannot be sent within a second is dropped.
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

const count = Number(process.argv[2] ?? 20)
const platform = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
const mostWaiting = 100
const patienceMs = 1000
const waiting = new Set()

for (let request = 1; request <= count; request += 1) {
  const startedMs = performance.now()
  const answer = await answerTo(request)
  trace(request)
  const ms = Math.round((performance.now() - startedMs) * 1000) / 1000
  console.log(JSON.stringify({ request, ms, ok: true, answer }))
}
await Promise.all(waiting)

async function answerTo(request) {
  await wait(5)
  return createHash('sha256').update(\`question \${request}\`).digest('hex').slice(0, 8)
}

function trace(request) {
  if (platform === undefined || waiting.size >= mostWaiting) return
  const sending = send(request).catch(() => {}).finally(() => waiting.delete(sending))
  waiting.add(sending)
}

async function send(request) {
  const nowMs = Date.now()
  const span = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'support.answer',
    startTimeUnixNano: \`\${nowMs - 5}000000\`,
    endTimeUnixNano: \`\${nowMs}000000\`,
    attributes: [{ key: 'request.id', value: { stringValue: \`req-\${request}\` } }],
  }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'support-bot' } }] }
  const answer = await fetch(\`\${platform}/v1/traces\`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
    signal: AbortSignal.timeout(patienceMs),
  })
  await answer.arrayBuffer()
}
`
