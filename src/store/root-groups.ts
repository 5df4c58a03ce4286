import type { TraceSpan } from '../core/trace.js'
import { known } from './known.js'
import type { Store } from './open.js'

/** The root spans of a platform, counted by what a workflow is selected by. */
export interface RootGroups {
  /** How many traces there are. */
  traces: number
  /** True when each trace has exactly one root span, so that the groups stand for the traces. */
  isOnePerTrace: boolean
  /** Which of these any span states at all, root or not. */
  stated: { service: boolean; environment: boolean; workflow: boolean }
  groups: (Pick<TraceSpan, 'name' | 'service' | 'environment' | 'workflow'> & { count: number })[]
}

/** What the roots of a platform's traces are called, and how often; far less to read than the traces. */
export function rootGroups(db: Store, platform: string): RootGroups {
  const one = (sql: string) => db.prepare(sql).pluck().get(platform) as number
  const traces = one('SELECT count(DISTINCT trace_id) FROM span WHERE platform = ?')
  // A row about a whole trace is a root only where no span of the trace is stored.
  const isRoot = `parent_id IS NULL AND (is_rollup IS NULL OR NOT EXISTS
    (SELECT 1 FROM span AS other WHERE other.trace_id = span.trace_id AND other.platform = span.platform AND other.id <> span.id))`
  const rooted = one(`SELECT count(DISTINCT trace_id) FROM span WHERE platform = ? AND ${isRoot}`)
  const rows = db
    .prepare(
      `SELECT name, service, environment, workflow, count(*) AS count FROM span
       WHERE platform = ? AND ${isRoot} GROUP BY name, service, environment, workflow`,
    )
    .all(platform) as object[]
  const groups = rows.map((row) => known<RootGroups['groups'][number]>(row))
  const roots = groups.reduce((sum, { count }) => sum + count, 0)
  const counts = db
    .prepare(
      'SELECT count(service) AS service, count(environment) AS environment, count(workflow) AS workflow FROM span WHERE platform = ?',
    )
    .get(platform) as Record<keyof RootGroups['stated'], number>
  const stated = { service: counts.service > 0, environment: counts.environment > 0, workflow: counts.workflow > 0 }
  return { traces, isOnePerTrace: rooted === traces && roots === traces, stated, groups }
}
