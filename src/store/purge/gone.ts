import type { Incident } from '../../core/drill/drill.js'
import { readDrills } from '../drills.js'
import type { Store } from '../open.js'

/** What a purge is asked to take out. */
export type PurgeSelector =
  | { kind: 'trace'; ids: readonly string[] }
  /** In every form in which the privacy rules may have stored them. */
  | { kind: 'user' | 'tenant'; values: readonly string[] }
  /** Traces that began before this moment, epoch milliseconds. */
  | { kind: 'older-than'; beforeMs: number }

const tables = {
  gone_trace: 'id TEXT PRIMARY KEY',
  gone_span: 'id INTEGER PRIMARY KEY',
  gone_request: 'id TEXT PRIMARY KEY',
  gone_score: 'id TEXT PRIMARY KEY',
  gone_feedback: 'id TEXT PRIMARY KEY',
  gone_record: 'id TEXT PRIMARY KEY',
  gone_case: 'run TEXT, id TEXT, PRIMARY KEY (run, id)',
  gone_incident: 'drill TEXT, id TEXT, PRIMARY KEY (drill, id)',
  gone_attempt: 'id TEXT PRIMARY KEY',
  gone_label: 'id TEXT PRIMARY KEY',
} as const

/** True for a row of a table that has this id of something that goes. */
export const isGone = (table: keyof typeof tables, column: string): string =>
  `${column} IN (SELECT id FROM temp.${table})`

/** Fills tables in memory (`gone_…`) with all that goes; changes nothing of the store. `dropGone` takes them away. */
export function selectGone(db: Store, selector: PurgeSelector): void {
  dropGone(db)
  for (const [name, columns] of Object.entries(tables)) db.exec(`CREATE TEMP TABLE ${name} (${columns})`)
  selectTraces(db, selector)
  fill(db, 'gone_span', `SELECT id FROM span WHERE ${isGone('gone_trace', 'trace_id')}`)
  fill(db, 'gone_record', `SELECT record_id FROM span WHERE ${isGone('gone_span', 'id')} AND record_id IS NOT NULL`)
  selectRequests(db, selector)
  selectJudgements(db, selector)
  selectCases(db)
  selectIncidents(db, selector)
  selectAttempts(db)
  selectLabels(db)
}

/** Forgets what `selectGone` has found. */
export function dropGone(db: Store): void {
  for (const name of Object.keys(tables)) db.exec(`DROP TABLE IF EXISTS temp.${name}`)
}

function fill(db: Store, table: keyof typeof tables, select: string, parameters: Record<string, unknown> = {}): void {
  db.prepare(`INSERT OR IGNORE INTO temp.${table} ${select}`).run(parameters)
}

const given = 'SELECT value FROM json_each(@values)'

/** The same trace id on several platforms is the same run: it goes everywhere. */
function selectTraces(db: Store, selector: PurgeSelector): void {
  if (selector.kind === 'trace') {
    fill(db, 'gone_trace', given, { values: JSON.stringify(selector.ids) })
    // Another platform may have given the run another id.
    const named = `SELECT platform, request FROM span WHERE ${isGone('gone_trace', 'trace_id')} AND request IS NOT NULL`
    fill(
      db,
      'gone_trace',
      `SELECT span.trace_id FROM span JOIN (${named}) AS named ON span.request = named.request AND span.platform <> named.platform`,
    )
  } else if (selector.kind === 'older-than') fill(db, 'gone_trace', startedBefore, selector)
  else {
    const { kind } = selector
    const values = { values: JSON.stringify(selector.values) }
    fill(db, 'gone_trace', `SELECT trace_id FROM span WHERE ${kind} IN (${given})`, values)
    fill(
      db,
      'gone_trace',
      `SELECT trace_id FROM request WHERE ${kind} IN (${given}) AND trace_id IS NOT NULL
       UNION SELECT trace_id FROM span WHERE request IN (SELECT id FROM request WHERE ${kind} IN (${given}))`,
      values,
    )
  }
}

/** To the nanosecond, where a span has them; a row about a whole trace counts only where nothing else has a time. */
const startedBefore = `SELECT trace_id FROM (
  SELECT trace_id, is_rollup, CASE WHEN start_rest_ns IS NULL THEN start_ms ELSE round(start_ms - start_rest_ns / 1e6) END AS began, platform
  FROM span) GROUP BY platform, trace_id
  HAVING coalesce(min(CASE WHEN is_rollup IS NULL THEN began END), min(began)) < @beforeMs`

/** How many traces of a platform have no time at all: nobody can tell how old they are. */
export function countUndated(db: Store): number {
  return db
    .prepare('SELECT count(*) FROM (SELECT 1 FROM span GROUP BY platform, trace_id HAVING max(start_ms) IS NULL)')
    .pluck()
    .get() as number
}

const keptTraces = `SELECT trace_id FROM span WHERE NOT ${isGone('gone_trace', 'trace_id')}`
const keptRequests = `SELECT request FROM span WHERE request IS NOT NULL AND NOT ${isGone('gone_trace', 'trace_id')}`

function selectRequests(db: Store, selector: PurgeSelector): void {
  fill(
    db,
    'gone_request',
    `SELECT request FROM span WHERE ${isGone('gone_span', 'id')} AND request IS NOT NULL
     UNION SELECT id FROM request WHERE ${isGone('gone_trace', 'trace_id')}`,
  )
  if (selector.kind === 'older-than')
    fill(
      db,
      'gone_request',
      `SELECT id FROM request WHERE time_ms < @beforeMs AND id NOT IN (${keptRequests})
       AND (trace_id IS NULL OR trace_id NOT IN (${keptTraces}))`,
      selector,
    )
  else if (selector.kind !== 'trace')
    fill(db, 'gone_request', `SELECT id FROM request WHERE ${selector.kind} IN (${given})`, {
      values: JSON.stringify(selector.values),
    })
}

function selectJudgements(db: Store, selector: PurgeSelector): void {
  fill(db, 'gone_score', `SELECT key FROM score WHERE ${isGone('gone_trace', 'trace_id')}`)
  fill(
    db,
    'gone_feedback',
    `SELECT key FROM feedback WHERE ${isGone('gone_trace', 'trace_id')} OR ${isGone('gone_request', 'request')}`,
  )
  if (selector.kind === 'user')
    fill(db, 'gone_feedback', `SELECT key FROM feedback WHERE user IN (${given})`, {
      values: JSON.stringify(selector.values),
    })
  if (selector.kind !== 'older-than') return
  const isOld = `time_ms < @beforeMs AND (trace_id IS NULL OR trace_id NOT IN (${keptTraces}))`
  fill(db, 'gone_score', `SELECT key FROM score WHERE ${isOld}`, selector)
  fill(
    db,
    'gone_feedback',
    `SELECT key FROM feedback WHERE ${isOld} AND (request IS NULL OR request NOT IN (${keptRequests}))`,
    selector,
  )
}

/** Cases made from what goes, under its id too, and outputs recorded in it. */
function selectCases(db: Store): void {
  const trace = "body ->> '$.trace.traceId'"
  // Of two platforms that keep one trace, a case of the second is called `<platform>/<id>`.
  const ids = ['case_id', "substr(case_id, instr(case_id, '/') + 1)"]
  const named = ids.flatMap((id) => [isGone('gone_trace', id), isGone('gone_request', id)]).join(' OR ')
  for (const table of ['eval_case', 'eval_output', 'eval_result'] as const) {
    const where = table === 'eval_result' ? named : `${named} OR ${isGone('gone_trace', trace)}`
    fill(db, 'gone_case', `SELECT run, case_id FROM ${table} WHERE ${where}`)
  }
}

function selectIncidents(db: Store, selector: PurgeSelector): void {
  const isTrace = db.prepare('SELECT 1 FROM temp.gone_trace WHERE id = ?').pluck()
  const isRequest = db.prepare('SELECT 1 FROM temp.gone_request WHERE id = ?').pluck()
  const insert = db.prepare('INSERT OR IGNORE INTO temp.gone_incident VALUES (?, ?)')
  const isOfGone = (incident: Incident) =>
    incident.traces.some(({ traceId }) => isTrace.get(traceId) !== undefined) ||
    (incident.requestId !== undefined && isRequest.get(incident.requestId) !== undefined) ||
    ((selector.kind === 'user' || selector.kind === 'tenant') &&
      selector.values.includes(incident[selector.kind] ?? '')) ||
    (selector.kind === 'older-than' && incident.timeMs !== undefined && incident.timeMs < selector.beforeMs)
  for (const { id, incidents } of readDrills(db))
    for (const incident of incidents) if (isOfGone(incident)) insert.run(id, incident.id)
}

/** Attempts at those incidents, and those that were timed by hand at the request or the trace itself. */
function selectAttempts(db: Store): void {
  fill(
    db,
    'gone_attempt',
    `SELECT attempt FROM attempt_event WHERE (body ->> '$.drill', body ->> '$.incident') IN (SELECT drill, id FROM temp.gone_incident)
     OR ${isGone('gone_trace', "body ->> '$.incident'")} OR ${isGone('gone_request', "body ->> '$.incident'")}`,
  )
}

function selectLabels(db: Store): void {
  const cases = "SELECT run || '/' || id FROM temp.gone_case"
  fill(
    db,
    'gone_label',
    `SELECT key FROM label WHERE ${isGone('gone_trace', 'item')} OR ${isGone('gone_request', 'item')}
     OR item IN (${cases}) OR ${itemCase} IN (${cases})`,
  )
}

/** `<run>/<case>` of an item that names a repeat too. */
const itemCase = "rtrim(rtrim(item, '0123456789'), '/')"
