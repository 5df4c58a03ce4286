import type { Readable } from 'node:stream'
import type { PilotError } from '../core/errors.js'
import type { FileReport } from '../core/ingest-report.js'
import type { Columns } from '../formats/row.js'
import type { Written } from '../store/batches.js'
import type { Store } from '../store/open.js'
import type { SourceKind } from '../store/sources.js'
import type { BlockReaderSetup, ReaderThread } from './reader-thread.js'

/** What one run of ingest is told. */
export interface IngestOptions extends BlockReaderSetup {
  db: Store
  kind: SourceKind
  /** The platform under pilot; '' for the application's own logs. */
  platform: string
  /** All that pilot.yaml names. */
  platforms: readonly string[]
  columns: Columns
  /** The hash of the privacy rules, kept with the source. */
  policyHash: string
  nowMs: number
  /** Lets in what was purged. */
  restoresPurged?: boolean
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
  chunks: AsyncIterable<Buffer>
  sizeBytes: number | undefined
}

/** What a file turns out to hold, piece by piece. */
export interface Reading<Piece> {
  pieces: AsyncIterable<Piece>
  /** What stores the pieces of a source, one at a time, and counts them in the report; runs inside a transaction. */
  writer(source: number): (piece: Piece) => Written
  /** How many things of ours the file has held so far. */
  kept(): number
  /** Why a file that was read to its end and held nothing is an error. */
  refusal(): PilotError
}
