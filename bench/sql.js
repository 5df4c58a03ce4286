import { argv } from 'node:process'
import Database from 'better-sqlite3'

// What SQLite itself takes for the spans of a store: `group` by trace with its numbers, or `ordered` rows of what tells structure.
const [, , way, path] = argv
const db = new Database(path, { readonly: true })
const sql = {
  group: 'SELECT trace_id, count(*), min(start_ms), max(end_ms), sum(input_tokens) FROM span GROUP BY trace_id',
  ordered: 'SELECT trace_id, span_id, parent_id, name, kind, start_ms, end_ms, status FROM span ORDER BY trace_id',
}[way]
let rows = 0
for (const _ of db.prepare(sql).raw().iterate()) rows += 1
console.log(rows)
