import { parse } from 'csv-parse'
import { type ByteReader, byteReader } from './byte-reader.js'

/** A row of a table by column name, without a prototype; or what is wrong with it. `line` is where the row begins, from 1. */
export type TableRow = { line: number; row: Record<string, string> } | { line: number; problem: string }

/**
 * The rows of a CSV file under the names in its first row. Its delimiter (comma, semicolon, tab or bar) is the one that
 * the first row has most of. A row with more or fewer cells is a problem, and so is one over 16 MiB; the rest goes on.
 */
export async function* readTable(chunks: AsyncIterable<Buffer>): AsyncGenerator<TableRow> {
  const source = byteReader(chunks)
  const delimiter = delimiterOf((await source.peek(sliceBytes)).toString('utf8'))
  let names: readonly string[] | undefined
  for await (const entry of readCells(source, delimiter)) {
    const { line } = entry
    if ('problem' in entry) yield { line, problem: entry.problem }
    else if (names === undefined) names = columnNames(entry.cells)
    else if (entry.cells.length !== names.length)
      yield { line, problem: `expected ${names.length} cells, found ${entry.cells.length}` }
    else yield { line, row: rowOf(names, entry.cells) }
  }
}

const largestRow = 16 * 1024 ** 2
const sliceBytes = 65_536
const newline = /\r\n|\n|\r/g

type Cells = { line: number; cells: readonly string[] } | { line: number; problem: string }

/** The cells of each row that is not empty. csv-parse's own size limit drops what follows, so rows are measured here. */
async function* readCells(source: ByteReader, delimiter: string): AsyncGenerator<Cells> {
  let parser = cellParser(delimiter)
  let line = 1
  let linesFed = 0
  let unfinished = 0
  function* located(rows: Iterable<readonly string[]>): Generator<Cells> {
    for (const cells of rows) {
      if (cells.length > 1 || cells[0] !== '') yield { line, cells }
      line += 1 + cells.reduce((count, cell) => count + (cell.match(newline)?.length ?? 0), 0)
    }
  }

  for (let slice = await source.next(sliceBytes); slice; slice = await source.next(sliceBytes)) {
    linesFed += countLines(slice)
    parser.write(slice)
    const rows = finished(parser)
    unfinished = rows.length === 0 ? unfinished + slice.length : 0
    yield* located(rows)
    if (unfinished <= largestRow) continue
    yield { line, problem: 'the row is over 16 MiB; is a quote not closed?' }
    parser = cellParser(delimiter)
    unfinished = 0
    line = linesFed + 1 + (await skipLine(source))
    linesFed = line - 1
  }
  parser.end()
  try {
    const rows: string[][] = []
    for await (const cells of parser) rows.push(cells)
    yield* located(rows)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'CSV_QUOTE_NOT_CLOSED')) throw error
    yield { line, problem: 'a quote is opened and never closed' }
  }
}

function cellParser(delimiter: string) {
  return parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
  })
}

/** The rows that the parser has finished; it parses while it is written to. */
function finished(parser: ReturnType<typeof cellParser>): string[][] {
  const rows: string[][] = []
  for (let cells: string[] | null = parser.read(); cells !== null; cells = parser.read()) rows.push(cells)
  return rows
}

function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}

/** Takes what is left of a line; 1 if it had an end. */
async function skipLine(source: ByteReader): Promise<0 | 1> {
  for (let bytes = await source.next(); bytes; bytes = await source.next()) {
    const end = bytes.indexOf(10)
    if (end === -1) continue
    source.unread(bytes.subarray(end + 1))
    return 1
  }
  return 0
}

function delimiterOf(head: string): string {
  const counts = new Map([',', ';', '\t', '|'].map((delimiter) => [delimiter, 0]))
  let isQuoted = false
  for (const character of head.replace(/^\ufeff?[\r\n]*/, '')) {
    if (character === '"') isQuoted = !isQuoted
    if (isQuoted) continue
    if (character === '\n' || character === '\r') break
    const count = counts.get(character)
    if (count !== undefined) counts.set(character, count + 1)
  }
  // The sort is stable: of equals, the more common delimiter stays first.
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0]
}

/** Names as they stand, trimmed; an empty one becomes `column 3`, a second `id` becomes `id (2)`. */
function columnNames(header: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return header.map((text, index) => {
    const name = text.trim() || `column ${index + 1}`
    let unique = name
    for (let count = 2; taken.has(unique); count++) unique = `${name} (${count})`
    taken.add(unique)
    return unique
  })
}

function rowOf(names: readonly string[], cells: readonly string[]): Record<string, string> {
  const row: Record<string, string> = Object.create(null)
  for (const [index, name] of names.entries()) row[name] = cells[index]!
  return row
}
