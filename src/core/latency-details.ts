import type { Run } from './run.js'
import { type Spikes, spikeTally } from './spikes.js'
import { type CriticalPath, criticalPathTally } from './step-times.js'

/** What of latency takes more work per run than the breakdowns, and is read where it is asked for. */
export interface LatencyDetails {
  criticalPath?: CriticalPath
  spikes?: Spikes
}

interface Wanted {
  criticalPath: boolean
  spikes: boolean
  /** Milliseconds above which a run is slow; its p95 where absent. */
  overMs: number | undefined
}

/** Collects these details of the runs of several platforms. */
export function latencyDetails({ criticalPath, spikes, overMs }: Wanted) {
  const platforms = new Map<string, ReturnType<typeof tallies>>()
  const tallies = () => ({
    path: criticalPath ? criticalPathTally() : undefined,
    slow: spikes ? spikeTally() : undefined,
  })
  const of = (platform: string) => {
    const found = platforms.get(platform) ?? tallies()
    platforms.set(platform, found)
    return found
  }
  return {
    add(platform: string, run: Run): void {
      const { path, slow } = of(platform)
      path?.add(run)
      slow?.add(run)
    },
    result(platform: string): LatencyDetails {
      const { path, slow } = of(platform)
      return { ...(path && { criticalPath: path.result() }), ...(slow && { spikes: slow.result(overMs) }) }
    },
  }
}
