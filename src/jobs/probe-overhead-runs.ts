import type { OverheadConfig } from '../config/sections/probe-overhead.js'
import type { Arm, KeptRun, OverheadSettings, RunPair } from '../core/probes/overhead.js'
import { figuresOf } from '../core/probes/overhead-figures.js'
import { checkPairs, pairOrders } from '../core/probes/overhead-stats.js'
import { type App, runArm } from '../probes/overhead-run.js'
import { startSink } from '../probes/overhead-traffic.js'
import type { ProgramCommand } from '../probes/started.js'

const endpointMark = '{endpoint}'

interface Surroundings {
  directory: string
  env: Readonly<Record<string, string | undefined>>
}

/** The application as pilot.yaml describes it, with a sink where its traffic is to go to one. */
export async function openApp(config: OverheadConfig, { directory, env }: Surroundings): Promise<App> {
  const written = {
    off: config.off,
    on: { env: config.on.env, command: config.on.command ?? config.off.command },
  }
  const texts = Object.values(written).flatMap(({ env: own, command }) => [...Object.values(own), ...command])
  const wantsSink = texts.some((text) => text.includes(endpointMark))
  const sink = wantsSink ? await startSink() : undefined
  const fill = (text: string) => text.replaceAll(endpointMark, sink?.endpoint ?? endpointMark)
  const ready = (arm: Arm): ProgramCommand => ({
    command: written[arm].command.map(fill),
    env: { ...env, ...Object.fromEntries(Object.entries(written[arm].env).map(([key, value]) => [key, fill(value)])) },
    cwd: directory,
  })
  return {
    way: config.samples ?? (config.url === undefined ? 'lines' : 'http'),
    arms: { off: ready('off'), on: ready('on') },
    serves:
      config.url === undefined
        ? undefined
        : {
            url: new URL(config.url),
            body: config.body,
            ready: config.ready.url === undefined ? undefined : new URL(config.ready.url),
            readyMs: config.ready.within,
          },
    timeoutMs: config.timeout,
    sink,
  }
}

type Part = 'warm-up' | KeptRun['part']

interface PairsToRun {
  app: App
  settings: OverheadSettings
  concurrency: number
  part: Part
  onRun(): void
}

/** How many runs a probe has in all. */
export function plannedRuns(settings: OverheadSettings): number {
  const pairs = pairsOf('warm-up', settings) + pairsOf('check', settings) + pairsOf('pairs', settings)
  return 2 * pairs * settings.concurrency.length
}

/** A warm-up is one pair that nobody looks at: it fills the caches of the disk. */
function pairsOf(part: Part, { pairs }: OverheadSettings): number {
  if (part === 'warm-up') return 1
  return part === 'check' ? checkPairs(pairs) : pairs
}

/** Runs pairs one after the other, in the order of the seed. In a check both runs are without instrumentation. */
export async function runPairs({ app, settings, concurrency, part, onRun }: PairsToRun): Promise<{
  pairs: RunPair[]
  runs: KeptRun[]
}> {
  const { requests, warmup, seed } = settings
  const pairs: RunPair[] = []
  const runs: KeptRun[] = []
  for (const [at, first] of pairOrders(pairsOf(part, settings), seed).entries()) {
    const load = { requests, warmup, concurrency, seed: seed + at }
    const once = async (arm: Arm) => {
      const run = await runArm(app, part === 'check' ? 'off' : arm, load)
      onRun()
      if (part !== 'warm-up')
        runs.push({ concurrency, part, pair: at + 1, arm, isFirst: arm === first, figures: figuresOf(run) })
      return run
    }
    const one = await once(first)
    const other = await once(first === 'off' ? 'on' : 'off')
    pairs.push(first === 'off' ? { first, off: one, on: other } : { first, off: other, on: one })
  }
  return { pairs, runs }
}
