import type { Store } from './open.js'

/** A row of a table with the texts that it holds, as one line of JSON: a text that the file spreads over its pages is whole here. */
export interface StoredTexts {
  table: string
  line: string
}

/** The texts of every row of every table; spans by trace, each with its content. */
export function* eachStoredText(db: Store): Generator<StoredTexts> {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[]
  for (const table of tables) {
    if (table === 'span_content') continue
    const rows = db.prepare(table === 'span' ? spans : `SELECT * FROM "${table}"`).iterate() as Iterable<object>
    for (const row of rows) {
      const texts = Object.entries(row).filter(([, cell]) => typeof cell === 'string')
      if (texts.length > 0) yield { table, line: `${JSON.stringify(Object.fromEntries(texts))}\n` }
    }
  }
}

const spans =
  'SELECT span.*, body FROM span LEFT JOIN span_content USING (id) ORDER BY trace_id, platform, start_ms, span_id'
