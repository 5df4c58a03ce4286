import type { ProbeName, ProbeRun } from '../core/probes/evidence.js'
import { known } from './known.js'
import type { Store } from './open.js'

interface Row {
  id: number
  probe: ProbeName
  platform: string
  startedMs: number
  endedMs: number
  body: string
}

const columns = 'id, probe, platform, started_ms AS startedMs, ended_ms AS endedMs, body'

/** Keeps what a probe found; nothing of an earlier run is changed. */
export function keepProbeRun(
  db: Store,
  { probe, platform, startedMs, endedMs, result }: Omit<ProbeRun<object>, 'id'>,
): number {
  const { lastInsertRowid } = db
    .prepare('INSERT INTO probe_run (probe, platform, started_ms, ended_ms, body) VALUES (?, ?, ?, ?, ?)')
    .run(probe, platform, startedMs, endedMs, JSON.stringify(result))
  return Number(lastInsertRowid)
}

/** Every run of a probe, of one platform or of all, the oldest first. */
export function readProbeRuns<Result>(db: Store, probe: ProbeName, platform?: string): ProbeRun<Result>[] {
  const rows = db
    .prepare(`SELECT ${columns} FROM probe_run WHERE probe = ? AND (? IS NULL OR platform = ?) ORDER BY id`)
    .all(probe, platform ?? null, platform ?? null) as object[]
  return rows.map((row) => {
    const { body, ...run } = known<Row>(row)
    return { ...run, result: JSON.parse(body) as Result }
  })
}

/** The last run of a probe of one platform. */
export function lastProbeRun<Result>(db: Store, probe: ProbeName, platform: string): ProbeRun<Result> | undefined {
  return readProbeRuns<Result>(db, probe, platform).at(-1)
}
