import { recordOfCells } from '../formats/cells.js'
import { detectForeign } from '../formats/foreign.js'
import { detectFormat } from '../formats/index.js'
import type { ByteReader } from '../io/byte-reader.js'
import { type Framed, noTotals } from '../io/parse-block.js'
import { readTable } from '../io/table.js'
import { createReader } from './block-pool.js'
import type { BlockRows, RecordRows } from './read-block.js'
import type { BlockReaderSetup } from './reader-thread.js'

/** How much of what is not JSON is looked at: a row of a table may hold a long text. */
const headBytes = 1024 * 1024
const rowsPerPiece = 500

/** True when a file is a table (CSV) of records that are known, by its first row; nothing is taken of it. */
export async function isKnownTable(source: ByteReader): Promise<boolean> {
  const first = /[^\s\ufeff]/.exec((await source.peek(256)).toString('utf8'))?.[0]
  if (first === undefined || first === '{' || first === '[') return false
  for await (const entry of readTable(only(await source.peek(headBytes)))) {
    if ('problem' in entry) return false
    const record = recordOfCells(entry.row)
    return detectFormat(record) !== undefined || detectForeign(record) !== undefined
  }
  return false
}

async function* only(head: Buffer): AsyncGenerator<Buffer> {
  yield head
}

/** The rows of a table of records. */
export async function* readTableRows(
  chunks: AsyncIterable<Buffer>,
  setup: BlockReaderSetup,
): AsyncGenerator<BlockRows> {
  const records = await createReader(setup)
  let batch: Framed[] = []
  const piece = (read: RecordRows): BlockRows => ({ shape: 'cuts', totals: noTotals(), ...read })
  for await (const entry of readTable(chunks)) {
    const { line } = entry
    const framed: Framed =
      'problem' in entry
        ? { line, offset: 0, problem: entry.problem }
        : { line, bytes: 0, value: recordOfCells(entry.row) }
    batch.push(framed)
    if (batch.length < rowsPerPiece) continue
    yield piece(records.read(batch))
    batch = []
  }
  yield piece(records.read(batch))
  yield piece(records.end())
}
