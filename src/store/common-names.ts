import type { SpanKind } from '../core/span.js'
import type { Store } from './open.js'

/** Columns whose values are names and versions, not somebody's. */
const columns = [
  'request_model',
  'response_model',
  'prompt_name',
  'prompt_version',
  'release',
  'environment',
  'workflow',
] as const

/** Names beyond these are none that a person reads; and a longer one is a text. */
const most = 2000
const longest = 80

/** Names of spans, with their kind, that at least so many traces have. */
export function commonSpanNames(db: Store, fewest: number): { name: string; kind: SpanKind }[] {
  return db
    .prepare(
      `SELECT name, kind FROM span WHERE length(name) <= ${longest}
       GROUP BY name, kind HAVING count(*) >= @fewest AND count(DISTINCT trace_id) >= @fewest LIMIT ${most}`,
    )
    .all({ fewest }) as { name: string; kind: SpanKind }[]
}

/** Models, prompts, versions, releases, environments, workflows and scores that at least so many traces have. */
export function commonNames(db: Store, fewest: number): string[] {
  const ofColumn = (table: string, column: string) =>
    db
      .prepare(
        `SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL AND length(${column}) <= ${longest}
         GROUP BY ${column} HAVING count(*) >= @fewest AND count(DISTINCT trace_id) >= @fewest LIMIT ${most}`,
      )
      .pluck()
      .all({ fewest }) as string[]
  return [...columns.flatMap((column) => ofColumn('span', column)), ...ofColumn('score', 'name')]
}

/** Those of the names that are also a user's, a tenant's or a session's. */
export function namesOfPeople(db: Store, names: readonly string[]): Set<string> {
  const found = db
    .prepare(
      `SELECT value FROM json_each(@names) WHERE value IN
         (SELECT user FROM span UNION SELECT tenant FROM span UNION SELECT session FROM span)`,
    )
    .pluck()
    .all({ names: JSON.stringify(names) }) as string[]
  return new Set(found)
}
