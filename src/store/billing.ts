import { hash } from 'node:crypto'
import type { BilledLine, BillingLine } from '../core/billing.js'
import type { Store } from './open.js'
import type { Outcome } from './span-writer.js'

const facts = ['shape', 'id', 'start_ms', 'end_ms', 'provider', 'model'] as const
const figures = [
  'cost_usd',
  'calls',
  'input_tokens',
  'output_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
] as const

/**
 * Writes the lines of a bill, each once however many files hold it. Of a line that comes again each figure is the larger one,
 * whichever came first: a bucket that was exported before it was over has grown since. Of equal lines in one file that are
 * several (`mayRepeat`), the second is another line than the first. Call it inside a transaction.
 */
export function billingWriter(db: Store, source: number) {
  const find = db.prepare(`SELECT pass, times, ${figures} FROM billing WHERE key = ?`).raw()
  const insert = db.prepare(
    `INSERT INTO billing (key, ${facts}, ${figures}, pass, times, source) VALUES (?, ${[...facts, ...figures].map(() => '?')}, ?, 1, ?)`,
  )
  const countAnother = db.prepare('UPDATE billing SET times = ? WHERE key = ?')
  const update = db.prepare(
    `UPDATE billing SET ${figures.map((name) => `${name} = ?`)}, pass = ?, times = ? WHERE key = ?`,
  )
  // One reading of one file: what the rows of an earlier one were has to be told from what this one has brought.
  const pass = db.prepare('SELECT coalesce(max(pass), 0) + 1 FROM billing').pluck().get() as number

  function writeOnce(key: string, line: BillingLine): Outcome {
    const stored = find.get(key) as Cells | undefined
    if (!stored) {
      insert.run(key, factCells(line), figureCells(line), pass, source)
      return 'added'
    }
    const merged = figureCells(line).map((value, index) => larger(value, stored[index + 2] ?? null))
    update.run(merged, pass, 1, key)
    return merged.every((value, index) => value === stored[index + 2]) ? 'unchanged' : 'updated'
  }

  /** How often this reading of the file has met the key; 0 where it has not. */
  function timesMet(key: string): number {
    const [metIn, times] = (find.get(key) as Cells | undefined) ?? []
    return metIn === pass ? Number(times) : 0
  }

  return {
    write(line: BillingLine): Outcome {
      const key = keyOf(line)
      const met = line.mayRepeat ? timesMet(key) : 0
      if (met === 0) return writeOnce(key, line)
      countAnother.run(met + 1, key)
      return writeOnce(`${key} ${met + 1}`, line)
    },
  }
}

type Cells = readonly (string | number | null)[]

/** A call is known by its id, whichever export bills it; a bucket by a hash, so that names of keys and users are not kept. */
function keyOf({ id, shape, identity }: BillingLine): string {
  return id === undefined ? hash('sha256', JSON.stringify([shape, identity]), 'hex') : `id ${id.toWellFormed()}`
}

function factCells({ shape, id, startMs, endMs, provider, model }: BillingLine): Cells {
  return [shape, id, startMs, endMs, provider, model].map((value) =>
    typeof value === 'string' ? value.toWellFormed() : (value ?? null),
  )
}

function figureCells({ costUsd, calls, usage }: BillingLine): Cells {
  const { input, output, cachedInput, cacheWrite, reasoning } = usage ?? {}
  return [costUsd, calls, input, output, cachedInput, cacheWrite, reasoning].map((value) => value ?? null)
}

/** The one further from 0, so that a credit too is kept whole. */
function larger(a: Cells[number], b: Cells[number]): Cells[number] {
  if (a === null || b === null) return a ?? b
  return Math.abs(Number(a)) >= Math.abs(Number(b)) ? a : b
}

/** All lines in order of time, one at a time. */
export function* eachBilledLine(db: Store): Generator<BilledLine> {
  const rows = db
    .prepare(`SELECT ${[...facts, ...figures]} FROM billing ORDER BY start_ms, key`)
    .raw()
    .iterate() as IterableIterator<Cells>
  for (const row of rows) yield lineOf(row)
}

/** A line from the cells of its facts and figures, in their order; the schema types what stands in them. */
function lineOf(row: Cells): BilledLine {
  const [shape, id, startMs, endMs, provider, model, costUsd, calls, ...tokens] = row.map((cell) => cell ?? undefined)
  const [input, output, cachedInput, cacheWrite, reasoning] = tokens
  const usage = { input, output, cachedInput, cacheWrite, reasoning }
  return { shape, id, startMs, endMs, provider, model, costUsd, calls, usage } as BilledLine
}

/** How many lines of bills the store holds, or how many of them one source brought first. */
export function countBilledLines(db: Store, source?: number): number {
  return db
    .prepare('SELECT count(*) FROM billing WHERE ? IS NULL OR source = ?')
    .pluck()
    .get(source ?? null, source ?? null) as number
}
