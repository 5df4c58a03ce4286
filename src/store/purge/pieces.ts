import type { Store } from '../open.js'
import { isGone } from './gone.js'

/** What a search for leftovers looks for; kept in memory alone. */
export interface Pieces {
  ids: string[]
  texts: string[]
  /** Names too short to be told from chance in a file; every row is asked for them as words. */
  words: string[]
}

/** Fewer letters stand anywhere by chance. */
const shortestId = 8
const shortestWord = 3
const shortestRun = 16
const pieceLetters = 48
const mostIds = 1000
const textsPerColumn = 200
const runsPerText = 4

const columns: readonly [table: string, column: string, where: string][] = [
  ['span_content', 'body', isGone('gone_span', 'id')],
  ['span_version', 'body', isGone('gone_span', 'id')],
  ['span', 'status_message', isGone('gone_span', 'id')],
  ['score', 'comment', isGone('gone_score', 'key')],
  ['feedback', 'comment', isGone('gone_feedback', 'key')],
  ['label', 'note', isGone('gone_label', 'key')],
  ['attempt_event', 'body', isGone('gone_attempt', 'attempt')],
  ['eval_output', 'body', '(run, case_id) IN (SELECT run, id FROM temp.gone_case)'],
  ['eval_result', 'reason', '(run, case_id) IN (SELECT run, id FROM temp.gone_case)'],
]

/** Ids, and pieces of the longest texts, of what `selectGone` has found; `named` are the users or tenants it was asked for. */
export function collectPieces(db: Store, named: readonly string[]): Pieces {
  const ids = ['gone_trace', 'gone_request'].flatMap((table) =>
    spread(db.prepare(`SELECT id FROM temp.${table}`).pluck().all() as string[]),
  )
  const texts = new Set<string>()
  for (const [table, column, where] of columns) {
    const longest = db
      .prepare(
        `SELECT ${column} FROM ${table} WHERE (${where}) AND ${column} IS NOT NULL ORDER BY octet_length(${column}) DESC LIMIT ${textsPerColumn}`,
      )
      .pluck()
      .iterate() as IterableIterator<string>
    for (const text of longest) for (const piece of piecesOf(text)) if (tells(piece)) texts.add(piece)
  }
  const isId = (name: string) => name.length >= shortestId
  return {
    ids: [...new Set([...named, ...ids])].filter(isId),
    texts: [...texts],
    words: named.filter((name) => !isId(name) && name.length >= shortestWord),
  }
}

/** Some of many, from everywhere. */
function spread(ids: readonly string[]): string[] {
  const step = Math.max(1, Math.ceil(ids.length / mostIds))
  return ids.filter((_, index) => index % step === 0)
}

/**
 * Beginning, middle and end of the longest runs without quotes and escapes, which stand alike in the database, in JSON and in
 * text. Short, since a long text lies on several pages of the database.
 */
function piecesOf(text: string): string[] {
  const runs = (text.match(plainRun) ?? []).sort((a, b) => b.length - a.length).slice(0, runsPerText)
  return runs.flatMap((run) => {
    const last = Math.max(0, run.length - pieceLetters)
    const starts = new Set([0, Math.floor(last / 2), last])
    return [...starts].map((start) => run.slice(start, start + pieceLetters)).filter((piece) => piece.isWellFormed())
  })
}

/** A row of dashes stands in many texts, and takes long to search for. */
function tells(piece: string): boolean {
  return new Set(piece.slice(-shortestRun)).size >= 6
}

const plainRun = new RegExp(`[^"\\\\\\n\\r\\t]{${shortestRun},}`, 'g')
