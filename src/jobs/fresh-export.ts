import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../config/load.js'
import { PilotError } from '../core/errors.js'
import type { FileReport } from '../core/ingest-report.js'
import { openStore, type Store } from '../store/open.js'
import { ingest } from './ingest.js'
import { requireFormat } from './ingest-traces.js'
import { platformsOf } from './platforms.js'
import { unknownRecord } from './read-block.js'
import { workspaceOf } from './workspace.js'

export interface ExportRequest {
  files: readonly string[]
  platform: string
  format: string | undefined
  nowMs: number
  stdin: Readable
  cwd: string
}

export interface FreshExport {
  db: Store
  reports: FileReport[]
  /** Reads the same files once more. Not for standard input, which is gone. */
  again(): Promise<FileReport[]>
}

/**
 * Reads an export under the privacy rules of today into a store of its own, which is gone afterwards; the pilot's own store is not
 * touched. Throws `PilotError` where a file cannot be read or holds nothing.
 */
export async function withExport<T>(
  loaded: LoadedConfig,
  { files, platform, format, nowMs, stdin, cwd }: ExportRequest,
  use: (fresh: FreshExport) => T | Promise<T>,
): Promise<T> {
  const { config } = loaded
  requireFormat(format, config.inputs.traces)
  const workspace = workspaceOf(loaded)
  dropDeadExports(workspace.databasePath)
  const folder = mkdtempSync(join(dirname(workspace.databasePath), `export-${process.pid}-`))
  try {
    const db = openStore(join(folder, 'export.db'), 'write')
    const read = async () => {
      const reports = await ingest(files, {
        ...{ db, kind: 'traces', platform, format, nowMs, stdin, cwd, thread: undefined, onProgress: () => {} },
        platforms: platformsOf(config).map((each) => each.platform),
        keys: config.capture.keys,
        mapping: config.inputs.traces,
        columns: {},
        privacy: config.capture.privacy ?? [],
        saltPath: workspace.saltPath,
        policyHash: workspace.policyHash,
      })
      const isWhole = reports.some(({ error }) => error === null)
      const failed = reports.find((report) => report.error !== null && !(isWhole && holdsDataset(report)))?.error
      if (failed) throw new PilotError(failed.message, { ...(failed.hint && { hint: failed.hint }), exitCode: 3 })
      return reports
    }
    try {
      return await use({ db, reports: await read(), again: read })
    } finally {
      db.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Takes away what probes that were killed have left of exports beside a store: texts that no other command knows of. */
export function dropDeadExports(databasePath: string): void {
  const folder = dirname(databasePath)
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const pid = /^export-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // another user's
  }
}

/** A dataset beside the traces is no fault of an export. */
function holdsDataset({ skipped }: FileReport): boolean {
  return Object.keys(skipped).some((reason) => /dataset/i.test(reason))
}

/** Records of an export that may have held anything: bad ones, one that breaks off, and those of no known format. */
export function unreadIn(reports: readonly FileReport[]): number {
  return reports.reduce(
    (sum, { problems, problemsOmitted, pending, skipped }) =>
      sum + problems.length + problemsOmitted + pending + (skipped[unknownRecord] ?? 0),
    0,
  )
}
