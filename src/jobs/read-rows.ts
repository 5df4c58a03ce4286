import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { exitCodes, PilotError } from '../core/errors.js'
import type { Json } from '../core/span.js'
import { isRow, type Row } from '../formats/row.js'
import { decompress } from '../io/decompress.js'
import { openInput } from '../io/input.js'
import { readRecords } from '../io/records.js'
import { readTable } from '../io/table.js'

/** A row of a log at its line, or what is wrong with it. */
export type NumberedRow = { line: number; row: Row } | { line: number; problem: string }

/** JSON records that hold several rows. */
export interface Pages {
  /** Keys whose lists hold rows, so that a document too large to hold is split there. */
  containers: ReadonlySet<string>
  /** The rows of one record. */
  rows(record: Row): readonly Json[]
}

const itself = (record: Row): readonly Json[] => [record]
/** The rows of a file as they come, a batch at a time; of JSON also what is left half-written or was no UTF-8. */
export interface Rows {
  format: 'jsonl' | 'csv'
  batches: AsyncIterable<NumberedRow[]>
  totals(): { pending: number; replacedUtf8: number }
}

/** The rows of a file, or of standard input for '-', compressed or not, one after the other. */
export async function* readFileRows(
  path: string,
  world: { stdin: Readable; cwd: string },
  pages?: Pages,
): AsyncGenerator<NumberedRow> {
  const { chunks } = await openInput(path, world)
  const unpacked = decompress(chunks)
  const { batches } = await readRows(unpacked.chunks, pages)
  for await (const batch of batches) yield* batch
  refuseTruncated(path, unpacked.outcome())
}

/** Throws `PilotError` (exit 3) for a packed file that breaks off: half of the results may say the opposite of all. */
export function refuseTruncated(path: string, outcome: ReturnType<ReturnType<typeof decompress>['outcome']>): void {
  if (outcome.complete) return
  throw new PilotError(`${path} breaks off: ${outcome.reason}.`, {
    hint: 'Copy or export it again.',
    exitCode: exitCodes.io,
  })
}

/** The rows of JSON lines, JSON documents or CSV, whichever the first character says. */
export async function readRows(bytes: AsyncIterable<Buffer>, pages?: Pages): Promise<Rows> {
  const [isJson, chunks] = await startsAsJson(bytes)
  if (!isJson) return { format: 'csv', batches: tableRows(chunks), totals: () => ({ pending: 0, replacedUtf8: 0 }) }
  const { batches, totals } = readRecords(chunks, { containers: pages?.containers ?? new Set() })
  return { format: 'jsonl', batches: jsonRows(batches, pages?.rows ?? itself), totals }
}

/** Whether the first character is that of JSON, and the stream with its head put back. */
async function startsAsJson(chunks: AsyncIterable<Buffer>): Promise<[boolean, AsyncIterable<Buffer>]> {
  const iterator = chunks[Symbol.asyncIterator]()
  const head: Buffer[] = []
  let first: string | undefined
  while (first === undefined) {
    const next = await iterator.next()
    if (next.done) break
    head.push(next.value)
    first = /[^\s\ufeff]/.exec(next.value.toString('utf8', 0, 4096))?.[0]
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield* head
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  }
  return [first === '{' || first === '[', whole()]
}

async function* jsonRows(
  batches: ReturnType<typeof readRecords>['batches'],
  rowsOf: Pages['rows'],
): AsyncGenerator<NumberedRow[]> {
  for await (const batch of batches)
    yield batch.flatMap((framed): NumberedRow[] => {
      const { line } = framed
      if ('problem' in framed) return [{ line, problem: framed.problem }]
      const rows = isRow(framed.value) ? rowsOf(framed.value) : [framed.value]
      return rows.map((row) => (isRow(row) ? { line, row } : { line, problem: 'expected an object with columns' }))
    })
}

async function* tableRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<NumberedRow[]> {
  let batch: NumberedRow[] = []
  for await (const entry of readTable(chunks)) {
    batch.push(entry)
    if (batch.length < 1000) continue
    yield batch
    batch = []
  }
  yield batch
}

/** An id for a row that has none: its content, and how many equal rows of the file came before it; the same when the file comes again. */
export function placeInFile(): (content: string) => string {
  const seen = new Map<string, number>()
  return (content) => {
    const times = seen.get(content) ?? 0
    seen.set(content, times + 1)
    return hash('sha256', `${times} ${content}`, 'hex').slice(0, 16)
  }
}
