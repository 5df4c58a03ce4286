import { availableParallelism, loadavg } from 'node:os'
import type { LoadedConfig } from '../config/load.js'
import type { OverheadConfig } from '../config/sections/probe-overhead.js'
import { PilotError } from '../core/errors.js'
import type { Target } from '../core/measurement.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import type { OverheadResult, OverheadSettings } from '../core/probes/overhead.js'
import { measureLevel } from '../core/probes/overhead-stats.js'
import { readProbeRuns } from '../store/probes.js'
import { keepProbe } from './keep-probe.js'
import { requirePlatform, wantedPlatforms } from './platforms.js'
import { openApp, plannedRuns, runPairs } from './probe-overhead-runs.js'
import { openExisting, workspaceOf } from './workspace.js'

/** What the command line says beside pilot.yaml. */
export interface OverheadOptions {
  platform: string | undefined
  pairs: number | undefined
  requests: number | undefined
  concurrency: number[] | undefined
  /** What the application inherits. */
  env: Readonly<Record<string, string | undefined>>
  nowMs(): number
  onProgress(done: number, all: number): void
}

/** A probe that was run, and the target of its criterion. */
export interface ProbedOverhead {
  run: ProbeRun<OverheadResult>
  target: Target | undefined
}

/** Runs the application with and without instrumentation, and keeps what was measured; nothing of a probe that was cut off. Throws `PilotError`. */
export async function probeOverhead(loaded: LoadedConfig, options: OverheadOptions): Promise<ProbedOverhead> {
  const config = requireOverhead(loaded)
  const platform = requirePlatform(loaded.config, options.platform, 'Say whose instrumentation is switched on')
  const declared = settingsOf(config)
  const settings = overridden(declared, options)
  // Opened first: nobody should wait for a measurement that cannot be kept.
  const db = workspaceOf(loaded).open('write')
  try {
    const startedMs = options.nowMs()
    const load = process.platform === 'win32' ? undefined : loadavg()[0]
    const measured = await measure(loaded, config, { settings, platform, options })
    const result: OverheadResult = {
      ...measured,
      settings,
      declared,
      machine: { cores: availableParallelism(), ...(load !== undefined && { load }) },
    }
    const ended = { probe: 'overhead' as const, platform, startedMs, endedMs: options.nowMs(), result }
    return { run: { id: keepProbe(loaded, db, ended), ...ended }, target: targetOf(loaded) }
  } finally {
    db.close()
  }
}

/** Every probe of overhead that was kept, the oldest first. */
export function overheadHistory(loaded: LoadedConfig, platform: string | undefined): ProbedOverhead[] {
  const wanted = new Set(wantedPlatforms(loaded.config, platform).map((each) => each.platform))
  const db = openExisting(loaded)
  try {
    const runs = db === undefined ? [] : readProbeRuns<OverheadResult>(db, 'overhead', platform)
    return runs.filter((run) => wanted.has(run.platform)).map((run) => ({ run, target: targetOf(loaded) }))
  } finally {
    db?.close()
  }
}

function targetOf({ config }: LoadedConfig): Target | undefined {
  return config.criteria.find(({ id }) => id === 'overhead')?.target
}

function requireOverhead({ config }: LoadedConfig): OverheadConfig {
  if (config.probes.overhead !== undefined) return config.probes.overhead
  throw new PilotError('pilot.yaml does not say how the application is started without and with instrumentation.', {
    hint: 'Write it under probes.overhead; pilot.yaml.example shows how.',
  })
}

function settingsOf({ requests, warmup, pairs, concurrency, seed }: OverheadConfig): OverheadSettings {
  return { requests, warmup, pairs, concurrency, seed }
}

function overridden(declared: OverheadSettings, { pairs, requests, concurrency }: OverheadOptions): OverheadSettings {
  return {
    ...declared,
    ...(pairs !== undefined && { pairs }),
    ...(requests !== undefined && { requests }),
    ...(concurrency !== undefined && { concurrency }),
  }
}

interface Parts {
  settings: OverheadSettings
  platform: string
  options: OverheadOptions
}

/** The levels one after the other, each with its check before its pairs. */
async function measure(
  { directory }: LoadedConfig,
  config: OverheadConfig,
  { settings, platform, options }: Parts,
): Promise<Pick<OverheadResult, 'way' | 'traffic' | 'levels' | 'runs'>> {
  const app = await openApp(config, { directory, env: { ...options.env, PILOT_PLATFORM: platform } })
  const all = plannedRuns(settings)
  let done = 0
  const onRun = () => options.onProgress(++done, all)
  try {
    const levels: OverheadResult['levels'] = []
    const runs: OverheadResult['runs'] = []
    for (const concurrency of settings.concurrency) {
      const part = { app, settings, concurrency, onRun }
      await runPairs({ ...part, part: 'warm-up' })
      const check = await runPairs({ ...part, part: 'check' })
      const pairs = await runPairs({ ...part, part: 'pairs' })
      levels.push(measureLevel(concurrency, { check: check.pairs, pairs: pairs.pairs }))
      runs.push(...check.runs, ...pairs.runs)
    }
    return { way: app.way, traffic: app.sink === undefined ? 'own' : 'sink', levels, runs }
  } finally {
    app.sink?.stop()
  }
}
