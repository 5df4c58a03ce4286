// The SDK of Langfuse, each request a trace with one generation; flushed at the end, as its documentation says.
import { setTimeout as wait } from 'node:timers/promises'
import { Langfuse } from 'langfuse'

const langfuse = new Langfuse({ publicKey: 'pk-lf-test', secretKey: 'sk-lf-test' })

for (let request = 1; request <= Number(process.argv[2]); request += 1) {
  const startedMs = performance.now()
  const trace = langfuse.trace({ name: 'answer', input: `question ${request}` })
  const generation = trace.generation({ name: 'draft', model: 'gpt-4.1' })
  await wait(5)
  generation.end({ output: `answer ${request}` })
  const ms = performance.now() - startedMs
  process.stdout.write(`${JSON.stringify({ request, ms, ok: true, answer: `answer ${request}` })}\n`)
}
await langfuse.shutdownAsync()
