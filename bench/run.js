import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { makeCases, makeRuns, makeSpans, runDays, suite, usual } from './make.js'
import { overheads, sinkTime } from './overhead.js'
import { writers } from './writers.js'

// Ratios of whole processes, taken pair by pair in one run: they hold when the machine's speed drifts.
const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const pilot = here('../bin/pilot.js')
const pairs = Number(argv.find((word) => /^\d+$/.test(word)) ?? 3)
const formatBytes = 40_000_000
const folder = mkdtempSync(join(tmpdir(), 'pilot-bench-'))

try {
  await (argv.includes('--overhead') ? probes() : everything())
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Twenty probes of each kind take about 25 minutes. */
async function probes() {
  await sinkTime()
  await overheads(folder, Number(argv.find((word) => /^\d+$/.test(word)) ?? 20))
}

async function everything() {
  const file = join(folder, 'spans.jsonl')
  await makeSpans(file, { spans: 100_000 })
  console.log(`100,000 OTLP spans, ${megabytes(statSync(file).size)}; ${pairs} pairs, median (min–max)`)
  for (const way of ['readline', 'bytes'])
    await compare(
      `ingest / bare read-split-parse loop (${way})`,
      5,
      () => ingest(file),
      () => run([here('bare.js'), way, file]),
    )
  await compare(
    'pilot --version / node -e 0',
    3,
    () => run([pilot, '--version']),
    () => run(['-e', '0']),
  )
  await everyFormat()
  await evals()
  await answers()
  if (argv.includes('--full')) await memory()
}

async function compare(title, limit, subject, reference) {
  await reference()
  const ratios = []
  let peak = 0
  for (let pair = 0; pair < pairs; pair++) {
    const measured = await subject()
    peak = Math.max(peak, measured.peakBytes)
    ratios.push(measured.ms / (await reference()).ms)
  }
  console.log(`${title}: ${spread(ratios)}; wanted: at most ${limit}; peak memory ${megabytes(peak)}`)
}

/** What a byte of each format costs, against a byte of OTLP, measured turn by turn. */
async function everyFormat() {
  const reference = join(folder, 'reference.jsonl')
  await makeSpans(reference, { bytes: formatBytes, words: usual })
  const perByte = async (file) => {
    const { ms, peakBytes } = await ingest(file)
    return { perByte: ms / statSync(file).size, peakBytes }
  }
  await perByte(reference)
  console.log(
    `a byte of each format / a byte of OTLP, ${megabytes(formatBytes)} of each with equal texts; wanted: at most 1.5`,
  )
  for (const name of Object.keys(writers)) {
    const file = join(folder, `${name}.jsonl`)
    await makeSpans(file, { bytes: formatBytes, format: name, words: usual })
    const ratios = []
    let peak = 0
    for (let pair = 0; pair < pairs; pair++) {
      const measured = await perByte(file)
      peak = Math.max(peak, measured.peakBytes)
      ratios.push(measured.perByte / (await perByte(reference)).perByte)
    }
    console.log(`  ${name}: ${spread(ratios)}; peak memory ${megabytes(peak)}`)
    rmSync(file)
  }
}

/** What checking costs beside starting the program in a folder with a suite. */
async function evals() {
  const project = mkdtempSync(join(folder, 'evals-'))
  await run([pilot, 'init', '--yes', '--template', 'support-agent'], project)
  writeFileSync(join(project, 'cases.jsonl'), makeCases(300))
  appendFileSync(join(project, 'pilot.yaml'), suite)
  const suiteRun = () => run([pilot, 'eval', 'run', '--quiet'], project)
  const start = () => run([pilot, 'eval', 'list', '--quiet'], project)
  await suiteRun()
  const [seconds, ratios] = [[], []]
  for (let pair = 0; pair < pairs; pair++) {
    const { ms } = await suiteRun()
    const reference = await start()
    seconds.push((ms - reference.ms) / 1000)
    ratios.push(ms / reference.ms)
  }
  console.log(
    `eval run of 300 cases × 4 checks / eval list: ${spread(ratios)}; wanted: at most 2; ${spread(seconds)} s more`,
  )
}

/** What the answers over a large store take, against what SQLite takes to read it. */
async function answers() {
  const project = mkdtempSync(join(folder, 'answers-'))
  const file = join(folder, 'runs.jsonl')
  await makeRuns(file, 100_000)
  await run([pilot, 'init', '--yes', '--template', 'support-agent'], project)
  const config = join(project, 'pilot.yaml')
  const { start, end } = runDays
  writeFileSync(
    config,
    readFileSync(config, 'utf8')
      .replace(/start: \S+/, `start: ${start}`)
      .replace(/end: \S+/, `end: ${end}`),
  )
  await run([pilot, 'ingest', '--quiet', file], project)
  rmSync(file)
  const sql = (way) => () => run([here('sql.js'), way, join(project, '.pilot', 'pilot.db')])
  const command = (words) => () => run([pilot, ...words, '--quiet'], project)
  console.log('answers over 1,000,000 spans')
  const grouped = [['cost'], ['latency'], ['prompts', 'list'], ['releases'], ['releases', '9b07aa1']]
  for (const words of grouped) await compare(`${words.join(' ')} / GROUP BY trace`, 5, command(words), sql('group'))
  for (const words of [['ask'], ['map']])
    await compare(`${words.join(' ')} / one ordered read`, 3, command(words), sql('ordered'))
  rmSync(project, { recursive: true, force: true })
}

async function memory() {
  const file = join(folder, 'large.jsonl')
  await makeSpans(file, { spans: 560_000 })
  const { peakBytes } = await ingest(file)
  console.log(`ingest of ${megabytes(statSync(file).size)}: peak memory ${megabytes(peakBytes)}; wanted: under 256 MB`)
}

/** Median, least and most. */
function spread(ratios) {
  const sorted = ratios.toSorted((a, b) => a - b)
  const [low, middle, high] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map((ratio) => ratio.toFixed(2))
  return `${middle} (${low}–${high})`
}

async function ingest(file) {
  const project = mkdtempSync(join(folder, 'project-'))
  await run([pilot, 'init', '--yes', '--template', 'support-agent'], project)
  const measured = await run([pilot, 'ingest', '--quiet', file], project)
  rmSync(project, { recursive: true, force: true })
  return measured
}

/** Milliseconds from start to end and the peak resident memory (Linux; elsewhere 0) of one process. */
async function run(words, cwd = folder) {
  const started = performance.now()
  const log = join(folder, 'stderr.log')
  const child = spawn(execPath, words, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  let peakBytes = 0
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, highWater(child.pid))
  }, 20)
  const code = await new Promise((resolve) => child.on('close', resolve))
  clearInterval(watch)
  writeFileSync(log, stderr)
  if (code !== 0) throw new Error(`${words.join(' ')} exited ${code}: ${stderr}`)
  return { ms: performance.now() - started, peakBytes }
}

function highWater(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    // No /proc here, or the process has just ended.
    return 0
  }
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`
}
