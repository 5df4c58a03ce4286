import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { LoadedConfig } from '../../config/load.js'
import { exitCodes, PilotError } from '../../core/errors.js'
import { beginWholeFile, refuseTarget, type WholeFile } from '../../io/whole-file.js'
import { csvRow } from '../../reports/csv.js'
import { countOthers, platformsWithData } from '../../store/export-counts.js'
import type { Store } from '../../store/open.js'
import { countSpans } from '../../store/spans.js'
import { workspaceOf } from '../workspace.js'
import { exportParts, type Part } from './parts.js'
import { exportTables } from './tables.js'

export type ExportFormat = 'jsonl' | 'csv'

export interface ExportedFile {
  name: string
  records: number
  /** Records that come back otherwise than they are, or not at all. */
  inexact: number
  bytes: number
  sha256: string
  /** The command that reads it back; null for a table that is not for that. */
  read: string | null
}

/** What an export holds: the content of its manifest.json. */
export interface Manifest {
  pilot: 'export'
  version: 1
  /** ISO 8601, UTC. */
  madeAt: string
  format: ExportFormat
  files: ExportedFile[]
  /** What the store holds beside them, which no file can bring back: how many. */
  notCarried: Record<string, number>
}

export interface ExportRequest {
  out: string
  format: ExportFormat
  /** Replaces files that are there. */
  force: boolean
  nowMs: number
  cwd: string
  onProgress(done: number, all: number): void
}

const manifestName = 'manifest.json'

/** Writes all that is stored into a folder, from one moment of the store; the manifest last. Throws `PilotError` (exit 3). */
export function exportStore(loaded: LoadedConfig, request: ExportRequest): Manifest {
  const db = workspaceOf(loaded).open('read')
  const folder = resolve(request.cwd, request.out)
  try {
    db.exec('BEGIN') // one moment of the store, whoever writes meanwhile
    makeFolder(folder, request.out)
    refuseTarget(join(folder, manifestName), request.force)
    dropLeftovers(folder)
    const platforms = platformsWithData(db)
    const files =
      request.format === 'csv'
        ? writeTables(db, { ...request, folder, platforms })
        : exportParts(db, loaded.config, platforms).flatMap((part) => writePart(part, { ...request, folder, db }))
    const manifest: Manifest = {
      ...{ pilot: 'export', version: 1, madeAt: new Date(request.nowMs).toISOString(), format: request.format },
      files,
      notCarried: countOthers(db),
    }
    dropStale(folder, files)
    const file = beginWholeFile(join(folder, manifestName), { replaces: request.force })
    wholly(file, () => file.write(`${JSON.stringify(manifest, null, 2)}\n`))
    return manifest
  } finally {
    db.close()
  }
}

interface Target extends ExportRequest {
  folder: string
}

function writePart(part: Part, { folder, force, onProgress, db }: Target & { db: Store }): ExportedFile[] {
  const name = `${part.name}.jsonl`
  const all = part.kind === 'traces' ? countSpans(db) : 0
  let file: WholeFile | undefined
  let records = 0
  let inexact = 0
  try {
    for (const { row, record } of part.records()) {
      file ??= beginWholeFile(join(folder, name), { replaces: force })
      const line = JSON.stringify(row)
      // What ingest will read is the line, not the row.
      const read = part.read(JSON.parse(line) as typeof row)
      if (!isDeepStrictEqual(plain(read), plain(record))) inexact += 1
      file.write(`${line}\n`)
      records += 1
      if (all > 0 && records % 500 === 0) onProgress(records, all)
    }
    if (file === undefined) return []
    return [{ name, records, inexact, ...file.finish(), read: readCommand(part, name) }]
  } finally {
    file?.abandon()
  }
}

/** Without what is undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function readCommand({ kind, platform }: Part, name: string): string {
  const words = [
    ...(kind === 'traces' ? ['--from native'] : [`--as ${kind}`]),
    ...(platform === '' ? [] : [`--platform ${platform}`]),
  ]
  return `pilot ingest ${words.join(' ')} ${name}`
}

function writeTables(
  db: Store,
  { folder, force, platforms }: Target & { platforms: readonly string[] },
): ExportedFile[] {
  return exportTables(db, platforms).map(({ name, head, rows }) => {
    const file = beginWholeFile(join(folder, `${name}.csv`), { replaces: force })
    let records = 0
    const written = wholly(file, () => {
      file.write(csvRow(head))
      for (const row of rows()) {
        file.write(csvRow(row))
        records += 1
      }
    })
    return { name: `${name}.csv`, records, inexact: 0, ...written, read: null }
  })
}

function wholly(file: WholeFile, work: () => void): ReturnType<WholeFile['finish']> {
  try {
    work()
    return file.finish()
  } finally {
    file.abandon()
  }
}

function makeFolder(folder: string, shown: string): void {
  const there = lstatSync(folder, { throwIfNoEntry: false })
  if (there !== undefined && !there.isDirectory())
    throw new PilotError(`${shown} is no folder: nothing is written there.`, {
      hint: 'Name another with --out.',
      exitCode: exitCodes.io,
    })
  try {
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(folder, 0o700)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new PilotError(`Cannot make the folder ${shown}: ${error.code}.`, {
      hint: 'Check the permissions of the folder above it.',
      exitCode: exitCodes.io,
    })
  }
}

/** What an export that was killed has left behind. */
function dropLeftovers(folder: string): void {
  for (const name of readdirSync(folder))
    if (/^\.[\w-]+\.(?:jsonl|csv|json)\.\d+\.tmp$/.test(name)) rmSync(join(folder, name))
}

/** Files of the export that is replaced which this one has no part of: what was purged since must not stay in them. */
function dropStale(folder: string, files: readonly Pick<ExportedFile, 'name'>[]): void {
  const kept = new Set(files.map(({ name }) => name))
  for (const name of manifestNames(join(folder, manifestName)))
    if (!kept.has(name) && lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
      rmSync(join(folder, name))
}

/** The files that a manifest of ours names, none of them elsewhere; none where there is no such manifest. */
function manifestNames(path: string): string[] {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return []
  let manifest: unknown
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return [] // cut off, or another's
    throw error
  }
  const { pilot, files } = (manifest ?? {}) as Partial<Manifest> // tested below
  if (pilot !== 'export' || !Array.isArray(files)) return []
  return files.flatMap((file) => (/^[\w-]+\.(?:jsonl|csv)$/.test(String(file?.name)) ? [String(file.name)] : []))
}
