import type { Readable } from 'node:stream'
import { exitCodes, PilotError } from '../../core/errors.js'
import type { Case } from '../../core/eval/case.js'
import { changeText } from '../../core/eval/dataset.js'
import type { LineProblem } from '../../core/ingest-report.js'
import { readCase } from '../../formats/cases.js'
import { clip } from '../../reports/text.js'
import { type NumberedRow, placeInFile } from '../read-rows.js'
import { readCaseRows } from './case-rows.js'
import { casesHash, type DatasetLock, datasetChange, readDatasetLock } from './dataset-lock.js'

/** A dataset as it stands. */
export interface ReadCases {
  cases: Case[]
  problems: LineProblem[]
  /** Of the ids, inputs and references of all cases. */
  hash: string
}

/** A dataset that is as it was frozen, or that never was. */
export interface LoadedCases extends ReadCases {
  frozen: boolean
}

/** The files and the folder that paths start from. */
interface World {
  stdin: Readable
  cwd: string
}

/**
 * The cases of a dataset: JSON lines, JSON, CSV or YAML, packed or not. Throws `PilotError`: exit 3 where it holds no case, 2 where
 * it differs from its lock.
 */
export async function loadCases(path: string, world: World): Promise<LoadedCases> {
  const lock = path === '-' ? undefined : readDatasetLock(path, world.cwd)
  const read = await readCases(path, world)
  if (lock !== undefined) refuseChange(path, lock, read)
  return { ...read, frozen: lock !== undefined }
}

/** As `loadCases`, whatever the lock says. */
export async function readCases(path: string, world: World): Promise<ReadCases> {
  const { rows, problems: ofFile } = await readCaseRows(path, world)
  const place = placeInFile()
  const lines = new Map<string, number>()
  const where = itemsByLine(rows)
  const cases: Case[] = []
  const problems: LineProblem[] = []
  for (const entry of rows) {
    const { line } = entry
    const item = where(line)
    const made = 'problem' in entry ? entry.problem : readCase(entry.row, {}, (content) => place(content).slice(0, 12))
    const earlier = typeof made === 'string' ? undefined : lines.get(made.id)
    if (typeof made === 'string') problems.push({ line, message: item + made })
    else if (earlier !== undefined)
      problems.push({ line, message: `${item}the id ${clip(made.id, 60)} stands in line ${earlier} too` })
    else {
      lines.set(made.id, line)
      cases.push(made)
    }
  }
  if (cases.length === 0) throw noCase(path, rows, problems[0] ?? ofFile[0])
  return { cases, problems: [...problems, ...ofFile], hash: casesHash(cases) }
}

/** Says of a row which item it is, where its line begins a document of several; asked once for each row. */
function itemsByLine(rows: readonly NumberedRow[]): (line: number) => string {
  const total = new Map<number, number>()
  const asked = new Map<number, number>()
  for (const { line } of rows) total.set(line, (total.get(line) ?? 0) + 1)
  return (line) => {
    const item = (asked.get(line) ?? 0) + 1
    asked.set(line, item)
    return (total.get(line) ?? 0) > 1 ? `item ${item}: ` : ''
  }
}

function refuseChange(path: string, lock: DatasetLock, { cases, hash }: ReadCases): void {
  if (lock.hash === hash) return
  const day = new Date(lock.frozenMs).toISOString().slice(0, 10)
  const change = changeText(datasetChange(lock, cases)) ?? 'its lock was edited'
  throw new PilotError(`${path} differs from what was frozen on ${day}: ${change}.`, {
    hint: `pilot dataset freeze ${path}`,
  })
}

const mostColumns = 12

function noCase(path: string, rows: readonly NumberedRow[], problem: LineProblem | undefined): PilotError {
  const columns = [...new Set(rows.flatMap((entry) => ('row' in entry ? Object.keys(entry.row) : [])))]
  const seen = columns.slice(0, mostColumns).map((name) => clip(name, 40))
  const more = columns.length > mostColumns ? ' …' : ''
  const reason = problem?.message ?? 'it has no rows'
  return new PilotError(`${path} holds no case: ${reason}${reason.endsWith('…') ? '' : '.'}`, {
    hint: `${seen.length === 0 ? 'No columns seen.' : `Columns seen: ${seen.join(', ')}${more}.`} Usual ones: id, input, expected, tags.`,
    exitCode: exitCodes.io,
  })
}
