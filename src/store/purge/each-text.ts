import type { Store } from '../open.js'

/** Every text of every table, where it stands, and of a span its trace. */
export function* eachText(db: Store): Generator<{ table: string; column: string; text: string; traceId?: string }> {
  const names = db
    .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[]
  for (const table of names) {
    const all = (db.pragma(`table_info(${table})`) as { name: string; type: string }[]).filter(
      ({ type }) => type === 'TEXT',
    )
    if (all.length === 0) continue
    const hasId = table === 'span_content' || table === 'span_version'
    const trace = table === 'span' ? 'trace_id' : hasId ? '(SELECT trace_id FROM span WHERE span.id = each.id)' : 'NULL'
    const rows = db
      .prepare(`SELECT ${trace}, ${all.map(({ name }) => `"${name}"`)} FROM main.${table} AS each`)
      .raw()
      .iterate() as IterableIterator<(string | null)[]>
    for (const [traceId, ...cells] of rows)
      for (const [index, text] of cells.entries())
        if (text !== null) yield { table, column: all[index]!.name, text, ...(traceId != null && { traceId }) }
  }
}

/**
 * Every row of every table and index as one text, cells side by side as the file has them: there two short ids may look like a
 * third. A number between them is a space.
 */
export function* eachRecord(db: Store): Generator<string> {
  const tables = db
    .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[]
  for (const table of tables) {
    const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name)
    const indexes = (db.pragma(`index_list(${table})`) as { name: string }[]).map(({ name }) =>
      (db.pragma(`index_info('${name}')`) as { name: string | null }[]).flatMap((column) => column.name ?? []),
    )
    for (const names of [columns, ...indexes]) {
      const list = names.map((name) => `"${name}"`)
      if (list.length < 2) continue
      const rows = db.prepare(`SELECT ${list} FROM main.${table}`).raw().iterate() as IterableIterator<unknown[]>
      for (const cells of rows) yield cells.map((cell) => (typeof cell === 'number' ? ' ' : (cell ?? ''))).join('')
    }
  }
}
