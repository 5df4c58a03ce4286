// A workload that waits BASE_MS for each request and states it on a line. What instrumentation would do to it is planted:
// PLANT_MS of work in each request, PLANT_MB of memory, EXIT_MS of waiting at the end, a post for each request to EXPORT_TO.
// With STATE_MS it states that time, whatever passed: for what has to come out the same each time.
import { env } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'

const number = (name, fallback = 0) => Number(env[name] ?? fallback)
const requests = number('PILOT_REQUESTS', 1)
const kept = Buffer.alloc(number('PLANT_MB') * 1_000_000, 1)
const posts = []
// A timer may fire late, the more so on a busy machine. The rest is waited for with the processor, until a moment by the
// monotonic clock, so that a request takes BASE_MS and exactly PLANT_MS more.
const timerJitterMs = 10
let next = 0

await Promise.all(Array.from({ length: number('PILOT_CONCURRENCY', 1) }, worker))
await Promise.all(posts)
await wait(number('EXIT_MS'))

async function worker() {
  while (next < requests) {
    const request = next++
    const startedMs = performance.now()
    await wait(Math.max(0, number('BASE_MS', 1) - timerJitterMs))
    workUntil(startedMs + number('BASE_MS', 1) + number('PLANT_MS'))
    if (env.EXPORT_TO) post(request)
    const ms = env.STATE_MS ? number('STATE_MS') : performance.now() - startedMs
    const ok = request % number('FAIL_EVERY', Number.POSITIVE_INFINITY) !== 0 || !env.FAIL_EVERY
    console.log(JSON.stringify({ request, ms, ok, ...(env.LOOP_MS && { loopMs: number('LOOP_MS') }) }))
    if (env.COMPLAIN) console.error(`export failed ${kept.length}`)
  }
}

/** Keeps the processor until then by the monotonic clock. */
function workUntil(untilMs) {
  while (performance.now() < untilMs);
}

function post(request) {
  const body = JSON.stringify({ resourceSpans: [{ request, text: 'x'.repeat(1000) }] })
  posts.push(
    fetch(env.EXPORT_TO, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then((answer) =>
      answer.text(),
    ),
  )
}
