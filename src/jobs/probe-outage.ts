import type { LoadedConfig } from '../config/load.js'
import type { OutageConfig } from '../config/sections/probe-outage.js'
import { nearest } from '../config/suggest.js'
import { PilotError } from '../core/errors.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import type { Control, OutageLimits, OutageResult, SampleKind, Sampling, WorkloadRun } from '../core/probes/outage.js'
import { controlOf, samplingOf } from '../core/probes/outage-control.js'
import type { ControlRequest } from '../core/probes/outage-lateness.js'
import { type FaultFigures, isWorthRepeating, judgeFault } from '../core/probes/outage-verdict.js'
import { type OutagePlan, runUnderFault } from '../probes/outage.js'
import { readyLine } from '../probes/outage-http.js'
import { keepProbe } from './keep-probe.js'
import { requirePlatform } from './platforms.js'
import { workspaceOf } from './workspace.js'

export interface OutageOptions {
  platform: string | undefined
  /** Only these of the faults of pilot.yaml; all of them, if undefined. */
  faults: readonly string[] | undefined
  nowMs(): number
  signal: AbortSignal
  /** Before each run: what it is, and how many are done of all. */
  onProgress(what: string, done: number, all: number): void
}

/**
 * Walks the outage matrix and keeps what it found; of a run that is interrupted what was done till then, as incomplete.
 * Throws `PilotError` where the application cannot be run, or where its runs without a fault are no measure.
 */
export async function probeOutage(loaded: LoadedConfig, options: OutageOptions): Promise<ProbeRun<OutageResult>> {
  const { config, directory } = loaded
  const settings = config.probes.outage
  if (settings === undefined)
    throw new PilotError('pilot.yaml has no probes.outage.', {
      hint: 'Say how the application is started: probes: { outage: { command: [node, app.js], env: { … } } }; pilot.yaml.example shows all of it.',
    })
  const platform = requirePlatform(config, options.platform, 'Say whose SDK the application uses')
  const wanted = wantedFaults(settings, options.faults)
  const startedMs = options.nowMs()
  // Opened first: a store that cannot be written is told before minutes are spent.
  const db = workspaceOf(loaded).open('write')
  try {
    const result = await walk(settings, wanted, { directory, options })
    const run = { probe: 'outage' as const, platform, startedMs, endedMs: options.nowMs(), result }
    return { id: keepProbe(loaded, db, run), ...run }
  } finally {
    db.close()
  }
}

function wantedFaults({ faults }: OutageConfig, named: readonly string[] | undefined): string[] {
  for (const name of named ?? [])
    if (!faults.includes(name)) {
      const near = nearest(name, faults)
      const suggestion = near === undefined ? '' : `Did you mean ${near}? `
      throw new PilotError(`There is no fault ${name} to walk.`, {
        hint: `${suggestion}There are ${faults.join(', ')}.`,
      })
    }
  return faults.filter((name) => named === undefined || named.includes(name))
}

interface Ground {
  directory: string
  options: OutageOptions
}

async function walk(settings: OutageConfig, wanted: readonly string[], ground: Ground): Promise<OutageResult> {
  const { options } = ground
  const rest = wanted.length + (settings.volume === undefined ? 0 : 1)
  const run = (name: string, done: number, what: Partial<{ requests: number; usualMs: number }> = {}) => {
    options.onProgress(name, done, rest + 2)
    return runUnderFault(name === 'control' || name === 'volume' ? 'ok' : name, planOf(settings, ground, what))
  }
  const limits = limitsOf(settings)
  const { control, pairs } = requireControl(await run('control', 0), await run('control', 1))
  const result = { limits, wanted: settings.faults, control }
  const faults: FaultFigures[] = []
  let volume: Sampling | undefined
  try {
    if (settings.volume !== undefined)
      volume = await sample(settings.volume, (requests) => run('volume', 2, { requests }))
    const usualMs = control.kind === 'process' ? control.totalMs : undefined
    for (const name of wanted) {
      const place = rest + 2 - wanted.length + faults.length
      const once = async () =>
        judgeFault(name, await run(name, place, usualMs === undefined ? {} : { usualMs }), { control, pairs, limits })
      faults.push(await quietest(once))
    }
  } catch (error) {
    if (!options.signal.aborted) throw error
    return { ...result, ...(volume && { volume }), faults, isComplete: false, stopped: 'interrupted' }
  }
  const isComplete = wanted.length === settings.faults.length
  const stopped = isComplete ? {} : { stopped: 'only the faults that were named' }
  return { ...result, ...(volume && { volume }), faults, isComplete, ...stopped }
}

/** More runs than one where the machine may have been busy. */
const mostRuns = 3

/** The run with the fewest late requests, of as many as it takes to tell. */
async function quietest(once: () => Promise<FaultFigures>): Promise<FaultFigures> {
  let best = await once()
  for (let runs = 2; runs <= mostRuns && isWorthRepeating(best); runs += 1) {
    const next = await once()
    best = { ...(next.requests.late < best.requests.late ? next : best), runs }
  }
  return best
}

async function sample(volume: number, run: (requests: number) => Promise<WorkloadRun>): Promise<Sampling> {
  const { requests, received } = await run(volume)
  return samplingOf(requests.length, received.traces)
}

type KindOfRun = WorkloadRun & { kind: SampleKind }

function requireControl(
  first: KindOfRun,
  second: KindOfRun,
): { control: Control; pairs: ReadonlyMap<number, ControlRequest> } {
  const found = controlOf(first.kind, first, second)
  if (typeof found !== 'string') return found
  const said = first.lastError === '' ? '' : ` It said: ${first.lastError}`
  throw new PilotError(`Without a fault the application is no measure: ${found}.${said}`, {
    hint: 'It has to answer its requests, to send its traces to {endpoint}, and to end by itself; or by SIGTERM, where probes.outage.url is called.',
  })
}

function limitsOf({ expect, exit_budget, latency_budget, memory_budget_mb }: OutageConfig): OutageLimits {
  return {
    expect,
    exitBudgetMs: exit_budget,
    latencyBudget: latency_budget,
    memoryBudgetBytes: memory_budget_mb * 1e6,
  }
}

function planOf(
  settings: OutageConfig,
  { directory, options }: Ground,
  { requests = settings.requests, usualMs }: Partial<{ requests: number; usualMs: number }>,
): OutagePlan {
  const { command, env, url, body, ready, timeout, path, answer, recover_after } = settings
  return {
    workload: {
      ...{ command, env, cwd: directory, requests, limitMs: timeout },
      callee: url === undefined ? undefined : { url: new URL(url), body, watch: readyLine(ready) },
      signal: options.signal,
    },
    endpoint: { path, answer, recoverAfterMs: recover_after },
    usualMs,
  }
}
