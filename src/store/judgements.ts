import type { Feedback, Score } from '../core/span.js'
import { known } from './known.js'
import type { Store } from './open.js'

const scoreFields = [
  'platform',
  'trace_id',
  'span_id',
  'name',
  'value',
  'label',
  'comment',
  'source',
  'time_ms',
] as const
const feedbackFields = [
  'platform',
  'id',
  'trace_id',
  'span_id',
  'request',
  'kind',
  'value',
  'comment',
  'user',
  'time_ms',
] as const

/** Writes scores and feedback, each once: the same judgement in the same or another file is known by its content. */
export function judgementWriter(db: Store, platform: string, source: number) {
  const insert = (table: string, fields: readonly string[]) =>
    db.prepare(`INSERT OR IGNORE INTO ${table} (key, ${fields}, origin) VALUES (?, ${fields.map(() => '?')}, ?)`)
  const insertScore = insert('score', scoreFields)
  const insertFeedback = insert('feedback', feedbackFields)
  const changeFeedback = db.prepare(
    `UPDATE feedback SET ${feedbackFields.map((name) => `${name} = coalesce(?, ${name})`)} WHERE key = ? AND time_ms < ?`,
  )

  return {
    /** True when it was new. */
    score(score: Score): boolean {
      const cells = [
        score.traceId,
        score.spanId,
        score.name,
        score.value,
        score.label,
        score.comment,
        score.source,
        score.timeMs,
      ]
      const row = [platform, ...cells.map((value) => value ?? null)]
      return insertScore.run(JSON.stringify(row), row, source).changes === 1
    },
    /** True when it was new. One that has an id may be changed by a later one with the same id. */
    feedback(feedback: Feedback): boolean {
      const { id, traceId, spanId, request, kind, value, comment, user, timeMs } = feedback
      const row = [
        platform,
        ...[id, traceId, spanId, request, kind, value, comment, user, timeMs].map((cell) => cell ?? null),
      ]
      const key = id === undefined ? JSON.stringify(row) : JSON.stringify([platform, id, kind])
      const isNew = insertFeedback.run(key, row, source).changes === 1
      if (!isNew && timeMs !== undefined) changeFeedback.run(row, key, timeMs)
      return isNew
    },
  }
}

/** The scores of a platform, or of one of its traces. */
export function readScores(db: Store, platform: string, traceId?: string): Score[] {
  return read<Score>(
    db,
    'score',
    ['trace_id', 'span_id', 'name', 'value', 'label', 'comment', 'source', 'time_ms'],
    platform,
    traceId,
  )
}

/** Feedback that came with a platform's export, or from the application's own log (platform ''). */
export function readFeedback(db: Store, platform: string, traceId?: string): Feedback[] {
  const fields = ['id', 'trace_id', 'span_id', 'request', 'kind', 'value', 'comment', 'user', 'time_ms']
  return read<Feedback>(db, 'feedback', fields, platform, traceId)
}

function read<T>(
  db: Store,
  table: 'score' | 'feedback',
  fields: string[],
  platform: string,
  traceId: string | undefined,
): T[] {
  const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const rows = db
    .prepare(
      `SELECT ${fields.map((name) => `${name} AS ${camel(name)}`)} FROM ${table}
       WHERE platform = ? ${traceId === undefined ? '' : 'AND trace_id = ?'} ORDER BY time_ms, key`,
    )
    .all(...(traceId === undefined ? [platform] : [platform, traceId])) as object[]
  return rows.map((row) => known<T>(row))
}
