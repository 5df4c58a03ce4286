import type { Feedback, Score } from '../core/span.js'
import { known } from './known.js'
import type { Store } from './open.js'

const scoreFields = ['trace_id', 'span_id', 'name', 'value', 'label', 'comment', 'source', 'time_ms', 'id'] as const
const feedbackFields = [
  'id',
  'trace_id',
  'span_id',
  'request',
  'kind',
  'value',
  'comment',
  'user',
  'time_ms',
  'source',
  'name',
] as const

type Cells = (string | number | null)[]

/**
 * Writes scores and feedback, each once. One without an id is known by its content. Of those that share an id the latest
 * stands, whichever came first; of equal times the one whose content sorts last, a rule that no order of arrival changes.
 * Call it inside a transaction.
 */
export function judgementWriter(db: Store, platform: string, source: number) {
  const writeScore = rowWriter(db, 'score', scoreFields, { platform, source })
  const writeFeedback = rowWriter(db, 'feedback', feedbackFields, { platform, source })

  return {
    /** True when it was new. */
    score(score: Score): boolean {
      return writeScore(scoreKey(platform, score), [...scoreCells(score), score.id ?? null])
    },
    /** True when it was new. */
    feedback(feedback: Feedback): boolean {
      const { source: giver, name } = feedback
      return writeFeedback(feedbackKey(platform, feedback), [...feedbackCells(feedback), giver ?? null, name ?? null])
    },
  }
}

/** What a score is known by. */
export function scoreKey(platform: string, score: Score): string {
  return JSON.stringify(score.id === undefined ? [platform, ...scoreCells(score)] : [platform, score.id])
}

/** What a piece of feedback is known by. */
export function feedbackKey(platform: string, feedback: Feedback): string {
  const { id, kind, source, name } = feedback
  const said = [source, name].filter((part) => part !== undefined)
  return JSON.stringify(id === undefined ? [platform, ...feedbackCells(feedback), ...said] : [platform, id, kind])
}

function scoreCells({ traceId, spanId, name, value, label, comment, source, timeMs }: Score): Cells {
  return [traceId, spanId, name, value, label, comment, source, timeMs].map((cell) => cell ?? null)
}

function feedbackCells(feedback: Feedback): Cells {
  const { id, traceId, spanId, request, kind, value, comment, user, timeMs } = feedback
  return [id, traceId, spanId, request, kind, value, comment, user, timeMs].map((cell) => cell ?? null)
}

function rowWriter(
  db: Store,
  table: 'score' | 'feedback',
  fields: readonly string[],
  { platform, source }: { platform: string; source: number },
): (key: string, cells: Cells) => boolean {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO ${table} (key, platform, ${fields}, origin) VALUES (?, ?, ${fields.map(() => '?')}, ?)`,
  )
  const find = db.prepare(`SELECT ${fields} FROM ${table} WHERE key = ?`).raw()
  // What a file replaces is that file's own from then on: it goes when the file comes again under other privacy rules.
  const replace = db.prepare(`UPDATE ${table} SET ${fields.map((name) => `${name} = ?`)}, origin = ? WHERE key = ?`)
  const timeAt = fields.indexOf('time_ms')
  const timeOf = (cells: Cells) => Number(cells[timeAt] ?? Number.NEGATIVE_INFINITY)
  // What is known sorts after what is not.
  const textOf = (cells: Cells) => JSON.stringify(cells.map((cell) => cell ?? ''))
  const isLater = (cells: Cells, stored: Cells) => {
    const [ms, storedMs] = [timeOf(cells), timeOf(stored)]
    return ms === storedMs ? textOf(cells) > textOf(stored) : ms > storedMs
  }

  return (key, cells) => {
    if (insert.run(key, platform, cells, source).changes === 1) return true
    const stored = find.get(key) as Cells // the insert has just met it
    if (isLater(cells.map(storable), stored)) replace.run(cells, source, key)
    return false
  }
}

/** A lone surrogate cannot be stored: what comes back would differ from what came in. */
function storable(cell: Cells[number]): Cells[number] {
  return typeof cell === 'string' ? cell.toWellFormed() : cell
}

/** The scores of a platform, or of one of its traces. */
export function readScores(db: Store, platform: string, traceId?: string): Score[] {
  return read<Score>(db, 'score', scoreFields, platform, traceId)
}

/** Feedback that came with a platform's export, or from the application's own log (platform ''). */
export function readFeedback(db: Store, platform: string, traceId?: string): Feedback[] {
  return read<Feedback>(db, 'feedback', feedbackFields, platform, traceId)
}

function read<T>(
  db: Store,
  table: 'score' | 'feedback',
  fields: readonly string[],
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
