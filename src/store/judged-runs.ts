import type { FeedbackKind } from '../core/span.js'
import type { Store } from './open.js'

/** A score of a trace without its texts. */
export interface TraceScore {
  traceId: string
  name: string
  value: number | null
  label: string | null
}

/** The scores of a platform that name their trace, one at a time. */
export function eachTraceScore(db: Store, platform: string): IterableIterator<TraceScore> {
  return db
    .prepare(
      `SELECT trace_id AS traceId, name, value, CASE WHEN value IS NULL THEN label END AS label FROM score
       WHERE platform = ? AND trace_id IS NOT NULL`,
    )
    .iterate(platform) as IterableIterator<TraceScore>
}

/** The scores of one name on a platform that name their trace, with value and label, one at a time. */
export function eachScoreNamed(db: Store, platform: string, name: string): IterableIterator<Omit<TraceScore, 'name'>> {
  return db
    .prepare(
      `SELECT trace_id AS traceId, value, label FROM score WHERE platform = ? AND name = ? AND trace_id IS NOT NULL`,
    )
    .iterate(platform, name) as IterableIterator<Omit<TraceScore, 'name'>>
}

/** Feedback of some kinds by what it names: a trace, a request or both. */
export interface RunFeedback<Kind extends FeedbackKind> {
  traceId: string | null
  request: string | null
  kind: Kind
  /** What the platform calls it, such as `stars`. */
  name: string | null
  value: number | null
}

/** That of a platform and of the application's own log, one at a time. */
export function eachRunFeedback<Kind extends FeedbackKind>(
  db: Store,
  platform: string,
  kinds: readonly Kind[],
): IterableIterator<RunFeedback<Kind>> {
  return db
    .prepare(
      `SELECT trace_id AS traceId, request, kind, name, value FROM feedback
       WHERE platform IN ('', ?) AND kind IN (${kinds.map(() => '?')})`,
    )
    .iterate(platform, ...kinds) as IterableIterator<RunFeedback<Kind>>
}

/**
 * What the checks of the last whole run of each suite on recorded outputs found, as scores `suite/check`; an error and an output
 * that had nothing to be judged by are left out.
 */
export function eachEvalScore(db: Store, platform: string): IterableIterator<TraceScore> {
  return db
    .prepare(
      `WITH last AS (
         SELECT suite, id, max(started_ms) FROM eval_run
         WHERE finished_ms IS NOT NULL AND body ->> '$.target' LIKE 'recorded%' GROUP BY suite
       )
       SELECT eval_case.body ->> '$.trace.traceId' AS traceId, last.suite || '/' || check_id AS name,
         outcome = 'pass' AS value, NULL AS label
       FROM last JOIN eval_case ON eval_case.run = last.id
       JOIN eval_result ON eval_result.run = last.id AND eval_result.case_id = eval_case.case_id
       WHERE eval_case.body ->> '$.trace.platform' = ? AND outcome IN ('pass', 'fail')`,
    )
    .iterate(platform) as IterableIterator<TraceScore>
}
