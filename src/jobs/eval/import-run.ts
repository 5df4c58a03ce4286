import type { Readable } from 'node:stream'
import { exitCodes, PilotError } from '../../core/errors.js'
import type { EvalRun } from '../../core/eval/run.js'
import type { LineProblem } from '../../core/ingest-report.js'
import type { Json } from '../../core/span.js'
import { recordOfTable } from '../../formats/evals/cells.js'
import type { EvalFormat } from '../../formats/evals/format.js'
import { detectEvalFormat, evalFormats } from '../../formats/evals/index.js'
import type { Row } from '../../formats/row.js'
import { decompress } from '../../io/decompress.js'
import { openInput } from '../../io/input.js'
import type { Store } from '../../store/open.js'
import { wholeOrNothing } from '../../store/transaction.js'
import { readRows, refuseTruncated } from '../read-rows.js'
import type { EditText } from './imported-text.js'
import { createImport } from './save-imported.js'

/** A file of results, and how to take it. */
export interface ImportFile {
  /** `-` is standard input. */
  path: string
  /** The name of one of the formats; undefined: told by content. */
  format: string | undefined
  /** Whose runs they become; undefined: the name of the format. */
  suite: string | undefined
  /** A score without a verdict or threshold passes from here on. */
  passFrom: number
  world: { stdin: Readable; cwd: string }
  nowMs: number
  /** The privacy policy. */
  applyText: EditText
}

/** Most problems that are listed; the last of them says how many more there are. */
const mostProblems = 1000

/**
 * Runs of ours from the results of another runner, all of them or none. A bad line is a problem, and the rest goes on. Throws
 * `PilotError` for a format that is not known (exit 2), and for a file without a usable row (exit 3).
 */
export async function importRun(
  db: Store,
  { path, format: name, suite, passFrom, world, nowMs, applyText }: ImportFile,
): Promise<{ runs: EvalRun[]; results: number; problems: LineProblem[] }> {
  const reader = createReader(name === undefined ? undefined : formatNamed(name))
  const { chunks } = await openInput(path, world)
  const unpacked = decompress(chunks)
  const { format: shape, batches, totals } = await readRows(unpacked.chunks, reader)
  const problems = createProblems()
  return wholeOrNothing(db, async () => {
    let runs: ReturnType<typeof createImport> | undefined
    for await (const entries of batches)
      for (const entry of entries) {
        if ('problem' in entry) {
          problems.add(entry.line, entry.problem)
          continue
        }
        const row = shape === 'csv' ? recordOfTable(entry.row) : entry.row
        const format = reader.formatOf(row)
        const read = format === undefined ? unknownRow(row) : format.read(row)
        if (typeof read === 'string') problems.add(entry.line, read)
        if (format === undefined || read === undefined || typeof read === 'string') continue
        runs ??= createImport(db, {
          importedFrom: format.name,
          suite: suite ?? format.name,
          passFrom,
          nowMs,
          applyText,
        })
        for (const problem of runs.add(read)) problems.add(entry.line, problem)
      }
    refuseTruncated(path, unpacked.outcome())
    if (totals().pending > 0) problems.add(0, 'the last line breaks off: left out')
    const saved = runs?.save(problems.count())
    if (saved === undefined || saved.runs.length === 0) throw nothingUsable(path, reader.format(), problems.list()[0])
    for (const problem of saved.problems) problems.add(0, problem)
    return { runs: saved.runs, results: saved.results, problems: problems.list() }
  })
}

function formatNamed(name: string): EvalFormat {
  const format = evalFormats.find((each) => each.name === name)
  if (format) return format
  throw new PilotError(`The eval format ${JSON.stringify(name)} is not known.`, { hint: `One of: ${formatNames()}.` })
}

function formatNames(): string {
  return evalFormats.map(({ name }) => name).join(', ')
}

/** Splits records into rows; the first record that a format knows decides for the file. */
function createReader(given: EvalFormat | undefined) {
  let format = given
  const formatOf = (record: Row): EvalFormat | undefined => {
    format ??= detectEvalFormat(record)
    return format
  }
  return {
    containers: new Set((given ? [given] : evalFormats).flatMap(({ containers }) => [...containers])),
    rows: (record: Row): readonly Json[] => formatOf(record)?.rows(record) ?? [record],
    formatOf,
    format: () => format,
  }
}

function unknownRow(row: Row): string {
  const keys = Object.keys(row)
  const named = keys.slice(0, 12).join(', ')
  return keys.length === 0 ? 'it has no keys' : `no eval result that is known has the keys ${named}`
}

function nothingUsable(path: string, format: EvalFormat | undefined, first: LineProblem | undefined): PilotError {
  const what = format === undefined ? 'eval result' : `usable result of ${format.name}`
  return new PilotError(`${path} holds no ${what}: ${first?.message ?? 'no row tells of one'}.`, {
    hint: `Formats: ${formatNames()}; rows takes a table with the columns case and pass or score.`,
    exitCode: exitCodes.io,
  })
}

function createProblems() {
  const listed: LineProblem[] = []
  let count = 0
  return {
    add(line: number, message: string): void {
      count += 1
      if (count <= mostProblems) listed.push({ line, message })
    },
    count: () => count,
    list: (): LineProblem[] =>
      count > mostProblems ? [...listed, { line: 0, message: `${count - mostProblems} more problems` }] : listed,
  }
}
