import { recordOfCells } from '../formats/cells.js'
import { detectForeign } from '../formats/foreign.js'
import { formatsWith } from '../formats/index.js'
import type { Mapping } from '../formats/mapped.js'
import type { ByteReader } from '../io/byte-reader.js'
import { type Framed, noTotals } from '../io/parse-block.js'
import { readTable } from '../io/table.js'
import { createReader } from './block-pool.js'
import type { BlockRows, RecordRows } from './read-block.js'
import type { BlockReaderSetup } from './reader-thread.js'

/** How much of what is not JSON is looked at: a row of a table may hold a long text. */
const headBytes = 1024 * 1024
/** A piece of rows is held in memory: few where they are long. */
const rowsPerPiece = 500
const lettersPerPiece = 1024 * 1024

/**
 * True when a file is a table (CSV), by its first rows; nothing is taken of it. One whose records nobody knows must have several
 * columns and no line that begins like JSON: what comes before JSON lines may hold commas too.
 */
export async function isTable(source: ByteReader, mapping: Mapping | undefined): Promise<boolean> {
  const first = /[^\s\ufeff]/.exec((await source.peek(256)).toString('utf8'))?.[0]
  if (first === undefined || first === '{' || first === '[') return false
  const head = await source.peek(headBytes)
  for await (const entry of readTable(only(head))) {
    if ('problem' in entry) return false
    const record = recordOfCells(entry.row)
    if (formatsWith(mapping).some((format) => format.detects(record)) || detectForeign(record) !== undefined)
      return true
    return Object.keys(entry.row).length > 1 && !/^\s*[[{]/m.test(head.toString('utf8'))
  }
  return false
}

async function* only(head: Buffer): AsyncGenerator<Buffer> {
  yield head
}

/** The rows of a table as records. */
export async function* readTableRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<Framed> {
  for await (const entry of readTable(chunks)) {
    const { line } = entry
    if ('problem' in entry) yield { line, offset: 0, problem: entry.problem }
    else yield { line, bytes: lettersOf(entry.row), value: recordOfCells(entry.row) }
  }
}

function lettersOf(row: Readonly<Record<string, string>>): number {
  let letters = 0
  for (const name in row) letters += row[name]!.length
  return letters
}

/** What the rows of a table of records hold, ready to be stored. */
export async function* readTableRows(
  chunks: AsyncIterable<Buffer>,
  setup: BlockReaderSetup,
): AsyncGenerator<BlockRows> {
  const records = await createReader(setup)
  let batch: Framed[] = []
  let letters = 0
  const piece = (read: RecordRows): BlockRows => ({ shape: 'cuts', totals: noTotals(), ...read })
  for await (const framed of readTableRecords(chunks)) {
    batch.push(framed)
    letters += 'bytes' in framed ? framed.bytes : 0
    if (batch.length < rowsPerPiece && letters < lettersPerPiece) continue
    yield piece(records.read(batch))
    batch = []
    letters = 0
  }
  yield piece(records.read(batch))
  yield piece(records.end())
}
