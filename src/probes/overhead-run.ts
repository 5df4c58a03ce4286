import { exitCodes, PilotError } from '../core/errors.js'
import type { AppRun, Arm, SampleWay } from '../core/probes/overhead.js'
import { readWorkload } from '../core/probes/overhead-lines.js'
import { type AppCall, becomesReady, callOften, isListening } from './overhead-http.js'
import { type AppEnd, type RunningApp, startApp } from './overhead-process.js'
import type { Sink } from './overhead-traffic.js'
import { endedCpuMs } from './overhead-usage.js'
import type { ProgramCommand } from './started.js'

/** The application under test. */
export interface App {
  way: SampleWay
  arms: Record<Arm, ProgramCommand>
  /** Where it serves, if it does. */
  serves: (Omit<AppCall, 'timeoutMs'> & { ready: URL | undefined; readyMs: number }) | undefined
  /** Of one run. */
  timeoutMs: number
  sink: Sink | undefined
}

/** What is asked of one run. */
export interface Load {
  requests: number
  warmup: number
  concurrency: number
  /** The same for both runs of a pair. */
  seed: number
}

/** Runs an arm once. Throws `PilotError` where the application did not do what it was to do: then nothing was measured. */
export async function runArm(app: App, arm: Arm, load: Load): Promise<AppRun> {
  const cpuBefore = endedCpuMs()
  const sentBefore = await app.sink?.count()
  const run = await ways[app.way](app, arm, load)
  const sentAfter = await app.sink?.count()
  const cpuAfter = endedCpuMs()
  return {
    ...run,
    ...(cpuBefore !== undefined &&
      cpuAfter !== undefined && { cpuMs: (cpuAfter - cpuBefore) / (load.requests + load.warmup) }),
    ...(sentBefore &&
      sentAfter && {
        sent: { requests: sentAfter.requests - sentBefore.requests, bytes: sentAfter.bytes - sentBefore.bytes },
      }),
  }
}

type Way = (app: App, arm: Arm, load: Load) => Promise<AppRun>

const ways: Record<SampleWay, Way> = { lines: runLines, process: runProcesses, http: runServer }

/** A workload that makes all requests itself, and states each on a line. */
async function runLines(app: App, arm: Arm, load: Load): Promise<AppRun> {
  const end = await endOf(start(app, arm, load), arm)
  requireSuccess(end, arm)
  const lines = readWorkload(end.printed)
  const wanted = load.requests + load.warmup
  if (lines.length !== wanted)
    throw failed(arm, `stated ${lines.length} requests of ${wanted}`, {
      hint: 'It prints a line {"request": 1, "ms": 12.3, "ok": true} for each of PILOT_REQUESTS requests. Without such lines: samples: process.',
    })
  const lastMs = end.arrivedMs(lines.at(-1)!.end - 1) // there is one, and its line break may be missing
  return {
    ...samplesOf(lines.slice(load.warmup)),
    loopMs: lines.slice(load.warmup).flatMap(({ loopMs }) => loopMs ?? []),
    memoryBytes: end.peakBytes,
    exitMs: end.exitedMs - lastMs,
    perSecond: perSecond(wanted, lastMs - end.startedMs),
    errorLines: end.errorLines,
  }
}

/** A program that is one request, from its start to its exit. */
async function runProcesses(app: App, arm: Arm, load: Load): Promise<AppRun> {
  const wanted = load.requests + load.warmup
  const ends: AppEnd[] = []
  let begun = 0
  const worker = async () => {
    while (begun < wanted) {
      begun += 1
      ends.push(await endOf(start(app, arm, { ...load, requests: 1, warmup: 0 }), arm))
    }
  }
  const startedMs = performance.now()
  await Promise.all(Array.from({ length: load.concurrency }, worker))
  const tookMs = performance.now() - startedMs
  const samples = ends.map(({ exitedMs, startedMs: ownMs, exitCode }) => ({
    ms: exitedMs - ownMs,
    ok: exitCode === 0,
  }))
  if (!samples.some(({ ok }) => ok)) requireSuccess(ends[0]!, arm) // there is at least one request
  const memory = ends.flatMap(({ peakBytes }) => peakBytes ?? [])
  return {
    ...samplesOf(samples.slice(load.warmup)),
    loopMs: [],
    memoryBytes: memory.length === 0 ? undefined : Math.max(...memory),
    perSecond: perSecond(wanted, tookMs),
    errorLines: ends.reduce((sum, { errorLines }) => sum + errorLines, 0),
  }
}

/** An application that serves: started, called, and told to end. */
async function runServer(app: App, arm: Arm, load: Load): Promise<AppRun> {
  const { url, body, ready, readyMs } = app.serves! // the config has it where the way is http
  if (await isListening(url))
    throw new PilotError(`Something listens at ${url.host} already, and would be measured instead.`, {
      hint: 'End it, or give the application another port.',
    })
  const running = start(app, arm, load)
  const ended = endOf(running, arm)
  const early = ended.then((end) => {
    throw failed(arm, `ended before it was told to${lastWords(end)}`, {})
  })
  early.catch(() => {}) // whoever waits for it hears of it
  if (!(await Promise.race([becomesReady(url, { ready, withinMs: readyMs }), early]))) {
    running.terminate()
    await ended.catch(() => {})
    throw failed(arm, `was not ready at ${(ready ?? url).href} within ${readyMs / 1000} s`, {
      hint: 'probes.overhead.ready says where to look and how long to wait.',
    })
  }
  const call = { url, body, timeoutMs: app.timeoutMs }
  if (load.warmup > 0)
    await Promise.race([callOften(call, { requests: load.warmup, concurrency: load.concurrency }), early])
  const { answers, tookMs } = await Promise.race([callOften(call, load), early])
  const memoryBytes = running.peakBytes()
  const toldMs = performance.now()
  running.terminate()
  const end = await ended
  return {
    ...samplesOf(answers),
    loopMs: [],
    memoryBytes,
    exitMs: end.exitedMs - toldMs,
    perSecond: perSecond(load.requests, tookMs),
    errorLines: end.errorLines,
  }
}

function start({ arms, timeoutMs }: App, arm: Arm, { requests, warmup, concurrency, seed }: Load): RunningApp {
  const told = {
    PILOT_REQUESTS: String(requests + warmup),
    PILOT_CONCURRENCY: String(concurrency),
    PILOT_SEED: String(seed),
  }
  return startApp({ ...arms[arm], env: { ...arms[arm].env, ...told } }, timeoutMs)
}

async function endOf(running: RunningApp, arm: Arm): Promise<AppEnd> {
  try {
    return await running.ended
  } catch (error) {
    throw failed(arm, (error as Error).message, {}) // a running app rejects with nothing else
  }
}

function requireSuccess(end: AppEnd, arm: Arm): void {
  if (end.exitCode !== 0) throw failed(arm, `ended with ${exitText(end)}`, {})
}

const exitText = (end: AppEnd) =>
  `${end.exitCode === undefined ? 'a signal' : `exit code ${end.exitCode}`}${lastWords(end)}`

// What drives a terminal or hides in it is taken out: these are words of a stranger.
const lastWords = ({ lastError }: AppEnd) =>
  lastError === '' ? '' : `: ${lastError.slice(0, 200).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')}`

function failed(arm: Arm, what: string, { hint }: { hint?: string }): PilotError {
  return new PilotError(`probes.overhead.${arm}: the application ${what}.`, {
    hint: hint ?? 'Nothing was kept. Run its command by itself to see why.',
    exitCode: exitCodes.io,
  })
}

function samplesOf(samples: readonly { ms: number; ok: boolean }[]): Pick<AppRun, 'ms' | 'failed'> {
  const succeeded = samples.filter(({ ok }) => ok)
  return { ms: succeeded.map(({ ms }) => ms), failed: samples.length - succeeded.length }
}

function perSecond(requests: number, ms: number): number | undefined {
  return ms > 0 ? (requests * 1000) / ms : undefined
}
