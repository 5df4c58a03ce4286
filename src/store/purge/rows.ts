import type { Drill } from '../../core/drill/drill.js'
import { readDrills, saveDrill } from '../drills.js'
import { readRuns, saveRun } from '../evals.js'
import type { Store } from '../open.js'
import { isGone } from './gone.js'

const inCases = '(run, case_id) IN (SELECT run, id FROM temp.gone_case)'

/** What goes, as it is shown → the rows of a table. */
const kinds = [
  ['spans', 'span', isGone('gone_span', 'id')],
  ['texts of spans', 'span_content', isGone('gone_span', 'id')],
  ['earlier versions of spans', 'span_version', isGone('gone_span', 'id')],
  ['findings', 'finding', isGone('gone_span', 'span')],
  ['scores', 'score', isGone('gone_score', 'key')],
  ['feedback', 'feedback', isGone('gone_feedback', 'key')],
  ['requests', 'request', isGone('gone_request', 'id')],
  ['labels', 'label', isGone('gone_label', 'key')],
  ['eval cases', 'eval_case', inCases],
  ['eval outputs', 'eval_output', inCases],
  ['eval results', 'eval_result', inCases],
  // Nothing tells which output an answer is about; a judge can be asked again.
  ['answers of judges', 'judge_answer', 'EXISTS (SELECT 1 FROM temp.gone_case)'],
  ['events of attempts', 'attempt_event', isGone('gone_attempt', 'attempt')],
  // A probe about a run quotes its id; what it found is told again by another run of it.
  ['runs of probes', 'probe_run', `EXISTS (SELECT 1 FROM json_tree(body) WHERE ${isGone('gone_trace', 'atom')})`],
  ['deleted records', 'deleted_record', isGone('gone_record', 'record_id')],
] as const

/** What goes → how many; what does not is left out. */
export type GoneRows = Record<string, number>

/** What goes, and how many traces of which platform. */
export interface Gone {
  traces: number
  /** A trace that two platforms have counts for each. */
  platforms: Record<string, number>
  rows: GoneRows
}

/** Counts what `selectGone` has found. */
export function countGone(db: Store): Gone {
  const count = (sql: string) => db.prepare(sql).pluck().get() as number
  const platforms = db
    .prepare(
      `SELECT platform, count(DISTINCT trace_id) FROM span WHERE ${isGone('gone_span', 'id')} GROUP BY platform ORDER BY platform`,
    )
    .raw()
    .all() as [string, number][]
  const counts = kinds.map(
    ([name, table, where]) => [name, count(`SELECT count(*) FROM ${table} WHERE ${where}`)] as const,
  )
  const incidents = ['incidents of drills', count('SELECT count(*) FROM temp.gone_incident')] as const
  return {
    traces: count(`SELECT count(DISTINCT trace_id) FROM span WHERE ${isGone('gone_span', 'id')}`),
    platforms: Object.fromEntries(platforms),
    rows: Object.fromEntries([...counts, incidents].filter(([, rows]) => rows > 0)),
  }
}

/** Takes out what `selectGone` has found; runs of evals say how many cases they lost. Call it inside a transaction. */
export function deleteGone(db: Store, day: string): void {
  noteLostCases(db, day)
  // Links first, since they are found by the spans.
  db.exec(`DELETE FROM span_source WHERE ${isGone('gone_span', 'span')}`)
  for (const [, table, where] of kinds) db.exec(`DELETE FROM ${table} WHERE ${where}`)
  const isGoneIncident = db.prepare('SELECT 1 FROM temp.gone_incident WHERE drill = ? AND id = ?').pluck()
  for (const drill of readDrills(db))
    withoutIncidents(db, drill, (id) => isGoneIncident.get(drill.id, id) !== undefined)
}

function noteLostCases(db: Store, day: string): void {
  const lost = new Map(
    db.prepare('SELECT run, count(*) FROM temp.gone_case GROUP BY run').raw().all() as [string, number][],
  )
  for (const run of readRuns(db)) {
    const cases = lost.get(run.id)
    if (cases !== undefined)
      saveRun(db, { ...run, notes: [...run.notes, `${cases} ${cases === 1 ? 'case' : 'cases'} purged on ${day}`] })
  }
}

function withoutIncidents(db: Store, drill: Drill, isGoneOne: (id: string) => boolean): void {
  const incidents = drill.incidents.filter(({ id }) => !isGoneOne(id))
  if (incidents.length === drill.incidents.length) return
  if (incidents.length === 0) db.prepare('DELETE FROM drill WHERE id = ?').run(drill.id)
  else saveDrill(db, { ...drill, incidents })
}
