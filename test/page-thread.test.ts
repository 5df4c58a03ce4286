import { renameSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { eachTrace } from '../src/store/each-trace.js'
import { openStore } from '../src/store/open.js'
import { temporaryFolder } from './pilot.js'

// The thread is a file of its own, which only the build has; what stands beside it here reads in one thread.
const built = (await import(new URL('../dist/store/each-trace.js', import.meta.url).href)) as {
  eachTrace: typeof eachTrace
}

/** A store of so many spans on `lantern`, seven a trace, so that traces lie across pages; as many on another platform. */
function storeOf(spans: number): string {
  const path = join(temporaryFolder(), 'pilot.db')
  const db = openStore(path, 'write')
  const insert = db.prepare(
    `INSERT INTO span (platform, trace_id, span_id, name, kind, start_ms, status, input_tokens, fields)
     VALUES (?, ?, ?, ?, 'llm', ?, 'unset', ?, 0)`,
  )
  db.transaction(() => {
    for (let number = 0; number < spans; number++) {
      const trace = `t${String(Math.floor(number / 7)).padStart(6, '0')}`
      insert.run('lantern', trace, `s${number}`, `step "${number}"\n`, 1_772_000_000_000.123 + number, number)
      insert.run('other', trace, `s${number}`, 'other', number, 1)
    }
  })()
  db.close()
  return path
}

/** Each trace with its spans' numbers, names and starts. */
function readOf(read: typeof eachTrace, path: string) {
  const db = openStore(path, 'read')
  const traces = [...read(db, 'lantern')].map(({ traceId, spans }) => ({
    traceId,
    spans: spans.map(({ name, startMs, usage }) => [usage?.input, name, startMs]),
  }))
  db.close()
  return traces
}

const expected = (spans: number) =>
  Array.from({ length: Math.ceil(spans / 7) }, (_, trace) => ({
    traceId: `t${String(trace).padStart(6, '0')}`,
    spans: Array.from({ length: Math.min(7, spans - trace * 7) }, (_, index) => {
      const number = trace * 7 + index
      return [number, `step "${number}"\n`, 1_772_000_000_000.123 + number]
    }),
  }))

describe('the traces of a store', () => {
  it.each([0, 1, 999, 1000, 1001, 20_000, 20_001, 26_000, 27_001])('are all there once, of %i spans', (spans) => {
    const path = storeOf(spans)
    expect(readOf(eachTrace, path)).toEqual(expected(spans))
    expect(readOf(built.eachTrace, path)).toEqual(expected(spans))
  })

  it('are read on without the thread where it fails', () => {
    const path = storeOf(26_000)
    const db = openStore(path, 'read')
    const traces = built.eachTrace(db, 'lantern')
    const first = traces.next().value!
    // The thread opens the file by its name, when twenty pages are read; this connection has it open.
    renameSync(path, `${path}.moved`)
    expect([first, ...traces].map(({ traceId }) => traceId)).toEqual(expected(26_000).map(({ traceId }) => traceId))
    db.close()
  })

  it('may be left half-way', () => {
    const db = new Database(storeOf(30_000), { readonly: true })
    let met = 0
    for (const _ of built.eachTrace(db, 'lantern')) if (++met === 3500) break
    expect(met).toBe(3500)
    db.close()
  })
})
