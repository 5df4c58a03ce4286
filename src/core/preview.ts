import type { FileReport } from './ingest-report.js'
import type { Feedback, Score, Span } from './span.js'

/** What the first records of one file would be stored as, after the privacy rules; the shape of one file in `pilot ingest --preview --json`. */
export interface Preview
  extends Pick<FileReport, 'path' | 'format' | 'records' | 'skipped' | 'problems' | 'unexpected'> {
  spans: Span[]
  scores: Score[]
  feedback: Feedback[]
}
