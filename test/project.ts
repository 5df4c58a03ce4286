import { join } from 'node:path'
import { openStore, type Store } from '../src/store/open.js'
import { pilot, temporaryFolder } from './pilot.js'

/** A pilot of one candidate, and what is added at the end of its pilot.yaml. */
const configOf = (more = '', candidates = '[{ id: lantern }]') => `version: 1
pilot:
  name: Answers
  owner: jane
  start: 2026-03-02
  end: 2026-03-29
  candidates: ${candidates}
workflow:
  name: answer
  match: { root: answer }
  volume: { min: 2, max: 10 }
criteria:
  - { id: trace-coverage, target: '>= 95 %', must: true }
${more}`

/** A folder with such a pilot and these files. */
export function project(files: Readonly<Record<string, string | Buffer>>, more?: string, candidates?: string): string {
  return temporaryFolder({ 'pilot.yaml': configOf(more, candidates), ...files })
}

export const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** A span in pilot's own format. */
export function span(trace: string, id: string, more: object = {}) {
  return { trace_id: trace, span_id: id, name: 'answer', start: '2026-03-02T10:00:00Z', ...more }
}

/** What `--json` printed. */
export async function json(cwd: string, ...argv: string[]) {
  const { out } = await pilot(cwd, [...argv, '--json'])
  return JSON.parse(out)
}

/** What a read of the store gives. */
export function stored<T>(cwd: string, read: (db: Store) => T): T {
  const db = openStore(join(cwd, '.pilot/pilot.db'), 'read')
  try {
    return read(db)
  } finally {
    db.close()
  }
}
