import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { startSink } from '../dist/probes/overhead-traffic.js'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const pilot = here('../bin/pilot.js')
const workload = here('../test/workloads/overhead-lines.js')

/** How often the 95 % interval of `pilot probe overhead` holds what was planted into a request of 50 ms, and nothing where nothing was. */
export async function overheads(folder, repetitions, planted = [5, 0]) {
  for (const ms of planted) {
    const probes = []
    for (let repetition = 0; repetition < repetitions; repetition++)
      probes.push(await probe(mkdtempSync(join(folder, 'overhead-')), ms, repetition + 1))
    console.log(
      `${ms} ms planted into 50 ms, ${repetitions} probes; load average ${loadavg()[0].toFixed(1)} on ${availableParallelism()} processors`,
    )
    for (const name of ['p50', 'p95']) {
      const found = probes.map((each) => figureOf(each, name))
      // On a busy machine a request may get the processor later than it wants it: then the mean of all probes is what was added.
      const mean = found.reduce((sum, { added }) => sum + added, 0) / repetitions
      const widths = found.map(({ interval: { low, high } }) => high - low).sort((one, other) => one - other)
      console.log(
        `  ${name}: ${count(found, holds(ms))} intervals hold it (wanted: at least 18 of 20), ${count(found, holds(mean))} the mean of all, ${mean.toFixed(2)} ms; width ${widths[repetitions >> 1].toFixed(2)} ms (${widths[0].toFixed(2)}–${widths.at(-1).toFixed(2)})`,
      )
    }
    console.log(`  off against off: ${count(probes, ({ doubts }) => doubts.length > 0)} alarms; wanted: at most 5 %`)
  }
}

async function probe(project, plantedMs, seed) {
  const node = JSON.stringify(execPath)
  writeFileSync(
    join(project, 'pilot.yaml'),
    `version: 1
pilot: { name: A, owner: a, start: 2026-03-02, end: 2026-03-29, candidates: [{ id: lantern }] }
workflow: { name: a, match: { root: a }, volume: { min: 2, max: 10 } }
criteria: [{ id: overhead, target: '<= 50 ms', must: true }]
probes:
  overhead:
    off: { command: [${node}, ${JSON.stringify(workload)}], env: { BASE_MS: '50' } }
    on: { env: { BASE_MS: '50', PLANT_MS: '${plantedMs}' } }
    requests: 20
    warmup: 1
    pairs: 8
    concurrency: [1]
    seed: ${seed}
`,
  )
  const child = spawn(execPath, [pilot, 'probe', 'overhead', '--json'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (text) => {
    printed += text
  })
  await new Promise((resolve) => child.on('close', resolve))
  return JSON.parse(printed)
}

const figureOf = ({ levels }, name) => levels[0].figures.find(({ figure }) => figure === name)
const count = (items, isCounted) => items.filter(isCounted).length
const holds =
  (ms) =>
  ({ interval: { low, high } }) =>
    low <= ms && ms <= high

/** What the sink takes longer than the barest server to answer: it must not be what is measured. */
export async function sinkTime() {
  const bare = createServer((request, response) => request.resume().on('end', () => response.end()))
  await new Promise((resolve) => bare.listen(0, '127.0.0.1', resolve))
  const sink = await startSink()
  const reference = `http://127.0.0.1:${bare.address().port}`
  const differences = []
  for (let pair = 0; pair < 2000; pair++) differences.push((await post(sink.endpoint)) - (await post(reference)))
  sink.stop()
  bare.closeAllConnections()
  bare.close()
  const sorted = differences.slice(200).sort((a, b) => a - b)
  console.log(
    `an answer of the sink - one of a bare server: ${sorted[900].toFixed(3)} ms (median of 1,800 pairs); wanted: under 0.1 ms`,
  )
}

async function post(url) {
  const started = performance.now()
  await (await fetch(url, { method: 'POST', body: 'x'.repeat(2000) })).text()
  return performance.now() - started
}
