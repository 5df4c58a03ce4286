import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { pilot, temporaryFolder } from './pilot.js'
import { randomOf, seeded } from './seed.js'

const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))
const spans = 60_000
const cycles = 25

/** Ten spans a trace, one a line, large enough that a second thread helps and that there are several transactions. */
function exportLines(): string {
  const line = (index: number) =>
    JSON.stringify({
      trace_id: (1 + Math.floor(index / 10)).toString(16).padStart(32, '0'),
      span_id: (1 + index).toString(16).padStart(16, '0'),
      name: 'step',
      kind: 'llm',
      start: 1_772_000_000_000 + index,
      usage: { input_tokens: 3, output_tokens: 1 },
    })
  return `${Array.from({ length: spans }, (_, index) => line(index)).join('\n')}\n`
}

interface Found {
  lost: number
  duplicated: number
  integrity: unknown
}

/** What became of `expected` spans in a database, however it was written. */
function examine(path: string, expected: number): Found {
  const db = new Database(path, { readonly: true })
  const [all, distinct] = db
    .prepare('SELECT count(*), count(DISTINCT trace_id || span_id) FROM span')
    .raw()
    .get() as number[]
  const integrity = db.pragma('integrity_check', { simple: true })
  db.close()
  return { lost: expected - distinct!, duplicated: all! - distinct!, integrity }
}

/** How many spans have their text, how many their source, and what is said of it. */
function withTheirs(path: string): unknown {
  const db = new Database(path, { readonly: true })
  const found = db
    .prepare(
      `SELECT (SELECT count(*) FROM span JOIN span_content USING (id)),
       (SELECT count(*) FROM span JOIN span_source ON span_source.span = span.id), (SELECT group_concat(state) FROM source)`,
    )
    .raw()
    .get()
  db.close()
  return found
}

function committed(path: string): number {
  if (!existsSync(path)) return 0
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare('SELECT count(*) FROM span').pluck().get() as number
  } catch {
    return 0 // the store is being made
  } finally {
    db.close()
  }
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('an ingest that is killed', () => {
  it(`and run again loses and duplicates nothing, in ${cycles} cycles`, async () => {
    const random = randomOf(seeded('kill'))
    const folder = temporaryFolder({ 'export.jsonl': exportLines() })
    await pilot(folder, ['init', '--yes', '--template', 'rag'])
    const database = join(folder, '.pilot', 'pilot.db')
    const start = () =>
      spawn(process.execPath, [bin, 'ingest', '--quiet', 'export.jsonl'], { cwd: folder, stdio: 'ignore' })
    let midway = 0
    for (let cycle = 0; cycle < cycles; cycle++) {
      rmSync(join(folder, '.pilot'), { recursive: true, force: true })
      const target = Math.floor(random() * 0.5 * spans)
      const child = start()
      const end = ended(child)
      while (child.exitCode === null && committed(database) < target) await pause(5)
      await pause(random() * 40)
      child.kill('SIGKILL')
      await end
      const rows = committed(database)
      if (rows > 0 && rows < spans) midway += 1
      expect(await ended(start()), `cycle ${cycle}`).toBe(0)
      expect(examine(database, spans), `cycle ${cycle}`).toEqual({ lost: 0, duplicated: 0, integrity: 'ok' })
      expect(withTheirs(database), `cycle ${cycle}`).toEqual([spans, spans, 'complete'])
    }
    expect(midway).toBeGreaterThanOrEqual(0.8 * cycles)
  }, 240_000)
})

describe('the check above', () => {
  const broken = (order: string) => `
    import Database from ${JSON.stringify(import.meta.resolve('better-sqlite3'))}
    const db = new Database('broken.db')
    db.exec('CREATE TABLE IF NOT EXISTS span (trace_id TEXT, span_id TEXT); CREATE TABLE IF NOT EXISTS progress (done INTEGER)')
    const isFirst = db.prepare('SELECT count(*) FROM span').pluck().get() === 0
    const insert = db.prepare("INSERT INTO span VALUES ('t', ?)")
    const write = (from) => db.transaction(() => { for (let id = from; id < from + 10; id++) insert.run(String(id)) })()
    const note = (done) => db.prepare('INSERT INTO progress VALUES (?)').run(done)
    const die = (from) => { if (isFirst && from === 50) process.kill(process.pid, 'SIGKILL') }
    let from = db.prepare('SELECT max(done) FROM progress').pluck().get() ?? 0
    for (; from < 100; from += 10) { ${order} }
  `
  it.each([
    [
      'loses what a writer noted as done before it was written',
      'note(from + 10); die(from); write(from)',
      { lost: 10, duplicated: 0 },
    ],
    [
      'sees twice what a writer without identity wrote before it was noted',
      'write(from); die(from); note(from + 10)',
      { lost: 0, duplicated: 10 },
    ],
  ])('%s', async (_, order, found) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'broken.mjs'), broken(order))
    const run = () => ended(spawn(process.execPath, ['broken.mjs'], { cwd: folder, stdio: 'ignore' }))
    expect(await run()).toBe(null)
    expect(await run()).toBe(0)
    expect(examine(join(folder, 'broken.db'), 100)).toEqual({ ...found, integrity: 'ok' })
  })
})
