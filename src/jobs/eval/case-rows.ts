import type { Readable } from 'node:stream'
import { PilotError } from '../../core/errors.js'
import type { LineProblem } from '../../core/ingest-report.js'
import type { Json } from '../../core/span.js'
import { caseColumns } from '../../formats/cases.js'
import { unpack } from '../../formats/json.js'
import type { Row } from '../../formats/row.js'
import { decompress } from '../../io/decompress.js'
import { openInput } from '../../io/input.js'
import { type NumberedRow, readRows } from '../read-rows.js'

/** The rows of a dataset, and what keeps it from being whole. */
interface CaseRows {
  rows: NumberedRow[]
  problems: LineProblem[]
}

/** The rows of JSON lines, JSON, CSV or (by its name) YAML, packed or not. Throws `PilotError` where there is nothing to read. */
export async function readCaseRows(path: string, world: { stdin: Readable; cwd: string }): Promise<CaseRows> {
  const { chunks } = await openInput(path, world)
  const unpacked = decompress(chunks)
  const read = isYaml(path) ? yamlRows : tableRows
  const { rows, problems } = await read(unpacked.chunks, path)
  const outcome = unpacked.outcome()
  return outcome.complete
    ? { rows, problems }
    : { rows, problems: [...problems, { line: 0, message: `the file breaks off: ${outcome.reason}` }] }
}

const isYaml = (path: string) => /\.ya?ml(\.gz|\.zst)?$/i.test(path)

const largestYaml = 1024 * 1024

async function yamlRows(chunks: AsyncIterable<Buffer>, path: string): Promise<CaseRows> {
  const { readYamlRows } = await import('./yaml-rows.js')
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > largestYaml)
      throw new PilotError(`${path}:1:1: larger than 1 MiB.`, { hint: 'Keep as many cases as JSON lines.' })
    pieces.push(chunk)
  }
  return { rows: readYamlRows(Buffer.concat(pieces).toString('utf8'), path, casesIn), problems: [] }
}

async function tableRows(chunks: AsyncIterable<Buffer>): Promise<CaseRows> {
  const { format, batches, totals } = await readRows(chunks, { containers: new Set(containers), rows: casesIn })
  const rows: NumberedRow[] = []
  for await (const batch of batches)
    for (const entry of batch)
      rows.push(format === 'csv' && 'row' in entry ? { ...entry, row: ofCells(entry.row) } : entry)
  const { pending, replacedUtf8 } = totals()
  return {
    rows,
    problems: [
      ...(pending > 0 ? [{ line: 0, message: 'the last line breaks off' }] : []),
      ...(replacedUtf8 > 0
        ? [{ line: 0, message: `${replacedUtf8} records are no UTF-8; � stands for what was not` }]
        : []),
    ],
  }
}

const containers = ['cases', 'examples', 'data'] as const
const ofCase: ReadonlySet<string> = new Set([...caseColumns.inputs, ...caseColumns.reference, ...caseColumns.output])

/** The cases of a document that holds a list of them; a record with columns of a case is one itself. */
function casesIn(record: Row): readonly Json[] {
  const name = containers.find((each) => Array.isArray(record[each]))
  if (name === undefined || Object.keys(record).some((key) => ofCase.has(key))) return [record]
  return record[name] as Json[] // found above
}

const opensList = /^\s*[[{]/

/** Cells that hold a JSON list or object are those; numbers stay text. */
function ofCells(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && opensList.test(value) ? unpack(value) : value,
    ]),
  )
}
