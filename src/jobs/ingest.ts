import type { Readable } from 'node:stream'
import { PilotError } from '../core/errors.js'
import { emptyReport, type FileReport } from '../core/ingest-report.js'
import type { Columns } from '../formats/row.js'
import { decompress } from '../io/decompress.js'
import { openInput } from '../io/input.js'
import { openBatches } from '../store/batches.js'
import { guarded, type Store } from '../store/open.js'
import { beginSource, finishSource, forgetSource, type SourceKind } from '../store/sources.js'
import { readFeedback, readRequests } from './ingest-rows.js'
import { readTraces } from './ingest-traces.js'
import type { BlockReaderSetup, ReaderThread } from './reader-thread.js'

/** What one run of ingest is told. */
export interface IngestOptions extends BlockReaderSetup {
  db: Store
  kind: SourceKind
  /** The platform under pilot; '' for the application's own logs. */
  platform: string
  columns: Columns
  /** The hash of the privacy rules, kept with the source. */
  policyHash: string
  nowMs: number
  stdin: Readable
  cwd: string
  /** Started in advance for large files; else they are started when needed. */
  thread: ReaderThread | undefined
  /** Called often while reading: bytes of the file read so far, of how many (unknown for standard input). */
  onProgress(path: string, bytesRead: number, sizeBytes: number | undefined): void
}

/** One file that is being read: its plain bytes, and the report that is filled. */
export interface FileRun {
  report: FileReport
  options: IngestOptions
  /** The id of its row in the store. */
  source: number
  chunks: AsyncIterable<Buffer>
  sizeBytes: number | undefined
}

/** What a file turns out to hold, piece by piece. */
export interface Reading<Piece> {
  pieces: AsyncIterable<Piece>
  /** Stores one piece and counts it in the report; runs inside a transaction. */
  write(piece: Piece): void
  sizeOf(piece: Piece): { records: number; bytes: number }
  /** How many things of ours the file has held so far. */
  kept(): number
  /** Why a file that was read to its end and held nothing is an error. */
  refusal(): PilotError
}

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

/** The way of one file: bytes → plain bytes → pieces → store; a kill loses only the open transaction. */
async function ingestFile(path: string, report: FileReport, options: IngestOptions): Promise<void> {
  const { db, kind, platform } = options
  const input = await openInput(path, options)
  const plain = decompress(input.chunks)
  const begun = { kind, platform, path: report.path, policy: options.policyHash, ingestedMs: options.nowMs }
  const source = guarded(db, () => beginSource(db, begun))
  const run = { report, options, source, chunks: plain.chunks, sizeBytes: input.sizeBytes }
  const onPiece = () => options.onProgress(report.path, input.bytesRead(), input.sizeBytes)
  let kept: number
  let refusal: PilotError
  if (kind === 'traces') ({ kept, refusal } = await writeAll(readTraces(run), db, onPiece))
  else ({ kept, refusal } = await writeAll(await (kind === 'requests' ? readRequests : readFeedback)(run), db, onPiece))

  const outcome = plain.outcome()
  report.state = outcome.complete ? 'complete' : 'incomplete'
  if (outcome.complete && kept === 0) {
    guarded(db, () => forgetSource(db, source))
    throw refusal
  }
  guarded(db, () =>
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
    }),
  )
  if (!outcome.complete)
    throw new PilotError(`${report.path}: ${outcome.reason}; what was readable is kept.`, {
      hint: 'Ingest the whole file when you have it: what is stored already is not counted twice.',
      exitCode: 3,
    })
}

async function writeAll<Piece>(
  reading: Reading<Piece>,
  db: Store,
  onPiece: () => void,
): Promise<{ kept: number; refusal: PilotError }> {
  const transaction = openBatches(db)
  try {
    for await (const piece of reading.pieces) {
      transaction.write(reading.sizeOf(piece), () => reading.write(piece))
      onPiece()
    }
    transaction.commit()
  } catch (error) {
    transaction.rollback()
    throw error
  }
  return { kept: reading.kept(), refusal: reading.refusal() }
}
