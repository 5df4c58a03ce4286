import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { PilotError } from '../core/errors.js'
import { emptyReport, type FileReport } from '../core/ingest-report.js'
import { createPolicy } from '../core/privacy/policy.js'
import { decompress } from '../io/decompress.js'
import { openInput } from '../io/input.js'
import { loadHash } from '../io/salt.js'
import { openBatches, type Written } from '../store/batches.js'
import type { Store } from '../store/open.js'
import { applyRegistry } from '../store/registry.js'
import { beginSource, finishSource } from '../store/sources.js'
import type { IngestOptions, Reading } from './file-run.js'
import { readBilling } from './ingest-billing.js'
import { readGitHistory } from './ingest-git.js'
import { rowReaders } from './ingest-rows.js'
import { readTraces } from './ingest-traces.js'
import { noteRestored } from './purged.js'

/** Reads every file into the store, one after the other; a file that cannot be read does not stop the next. */
export async function ingest(files: readonly string[], options: IngestOptions): Promise<FileReport[]> {
  const reports: FileReport[] = []
  for (const path of files) {
    const report = emptyReport(path === '-' ? '<stdin>' : path, options.platform)
    reports.push(report)
    try {
      await ingestFile(path, report, options)
    } catch (error) {
      if (!(error instanceof PilotError)) throw error
      if (report.state !== 'incomplete') report.state = 'refused'
      report.error = { message: error.message, hint: error.hint ?? null }
    }
  }
  return reports
}

const readers = { ...rowReaders, billing: readBilling }

/** The way of one file: bytes → plain bytes → pieces → store; a kill loses only the open transaction. */
async function ingestFile(path: string, report: FileReport, options: IngestOptions): Promise<void> {
  const { db, kind, platform } = options
  const file = resolve(options.cwd, path)
  if (kind === 'deployments' && path !== '-' && isFolder(file)) return ingestFolder(file, report, options)
  const input = await openInput(path, options)
  const plain = decompress(input.chunks)
  const run = { report, options, chunks: plain.chunks, sizeBytes: input.sizeBytes }
  const stored = await storedPath(report.path, options)
  const begun = { kind, platform, path: stored, policy: options.policyHash, ingestedMs: options.nowMs }
  const finish = (source: number) => {
    applyRegistry(db, platform)
    noteRestored(options, report)
    const outcome = plain.outcome()
    finishSource(db, source, {
      format: report.format ?? undefined,
      sha256: input.sha256(),
      bytes: input.bytesRead(),
      state: outcome.complete ? 'complete' : 'incomplete',
      reason: outcome.complete ? undefined : outcome.reason,
      records: report.records,
      problems: report.problems.length + report.problemsOmitted,
      skipped: report.skipped,
      redacted: report.redacted,
    })
  }
  const work: FileWork = {
    db,
    begin: () => beginSource(db, begun),
    isComplete: () => plain.outcome().complete,
    finish,
    onPiece: () => options.onProgress(report.path, input.bytesRead(), input.sizeBytes),
  }
  if (kind === 'traces') await writeAll(readTraces(run), work)
  else await writeAll(await readers[kind](run), work)

  const outcome = plain.outcome()
  report.state = outcome.complete ? 'complete' : 'incomplete'
  if (!outcome.complete)
    throw new PilotError(`${report.path}: ${outcome.reason}; what was readable is kept.`, {
      hint: 'Ingest the whole file when you have it: what is stored already is not counted twice.',
      exitCode: 3,
    })
}

/** The history of a folder under git; there are no bytes of it to tell it by. */
async function ingestFolder(folder: string, report: FileReport, options: IngestOptions): Promise<void> {
  const { db, kind, platform, policyHash: policy, nowMs: ingestedMs } = options
  const stored = await storedPath(report.path, options)
  await writeAll(await readGitHistory(report, options, folder), {
    db,
    begin: () => beginSource(db, { kind, platform, path: stored, policy, ingestedMs }),
    isComplete: () => true,
    finish: (source) =>
      finishSource(db, source, {
        format: report.format ?? undefined,
        sha256: undefined,
        bytes: undefined,
        state: 'complete',
        reason: undefined,
        records: report.records,
        problems: report.problems.length + report.problemsOmitted,
        skipped: report.skipped,
        redacted: report.redacted,
      }),
    onPiece: () => {},
  })
  report.state = 'complete'
}

/** A name as the rules allow it to be kept; files whose names they made alike are told apart by a hash. */
async function storedPath(path: string, { privacy, saltPath }: IngestOptions): Promise<string> {
  const hash = loadHash(saltPath)
  const kept = (await createPolicy(privacy, hash)).applyText(path)
  return kept === path ? path : `${kept} ${hash(path)}`
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false // missing, a circle of links, …: who opens it says so
  }
}

interface FileWork {
  db: Store
  begin(): number
  isComplete(): boolean
  finish(source: number): void
  onPiece(): void
}

/** Source and rows stand or fall together: a file that fails before its first commit, or holds nothing, leaves no trace. */
async function writeAll<Piece>(reading: Reading<Piece>, work: FileWork): Promise<void> {
  const batches = openBatches(work.db)
  let opened: { source: number; write(piece: Piece): Written } | undefined
  const open = () => {
    const source = work.begin()
    opened = { source, write: reading.writer(source) }
    return opened
  }
  try {
    for await (const piece of reading.pieces) {
      batches.write(() => (opened ?? open()).write(piece))
      work.onPiece()
    }
    if (work.isComplete() && reading.kept() === 0) throw reading.refusal()
    batches.write(() => {
      work.finish((opened ?? open()).source)
      return { records: 0, bytes: 0 }
    })
    batches.commit()
  } catch (error) {
    batches.rollback()
    throw error
  }
}
