// The OpenTelemetry SDK with its OTLP exporter: `batch`, with the defaults of both, or `blocking`, each request waiting for its export.
import { setTimeout as wait } from 'node:timers/promises'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'

const [how, count] = process.argv.slice(2)
const exporter = new OTLPTraceExporter()
const processor = how === 'batch' ? new BatchSpanProcessor(exporter) : new SimpleSpanProcessor(exporter)
const provider = new NodeTracerProvider({ spanProcessors: [processor] })
const tracer = provider.getTracer('workload')

for (let request = 1; request <= Number(count); request += 1) {
  const startedMs = performance.now()
  const span = tracer.startSpan('answer')
  await wait(5)
  span.end()
  if (how === 'blocking') await provider.forceFlush().catch(() => {})
  const ms = performance.now() - startedMs
  process.stdout.write(`${JSON.stringify({ request, ms, ok: true, answer: `answer ${request}` })}\n`)
}
await provider.shutdown().catch(() => {})
