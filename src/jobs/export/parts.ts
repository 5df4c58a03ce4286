import type { Config } from '../../config/schema.js'
import { readAttempt } from '../../formats/attempts.js'
import { readBillingLine } from '../../formats/billing.js'
import { readDeployment } from '../../formats/deployments.js'
import {
  billingRow,
  deploymentRow,
  feedbackRow,
  labelRow,
  logEntryRow,
  requestRow,
  scoreRow,
  underColumns,
} from '../../formats/export-rows.js'
import { readFeedbackRow } from '../../formats/feedback.js'
import { readLabel } from '../../formats/labels.js'
import { readLogEntry } from '../../formats/log.js'
import { readStored, storedLine } from '../../formats/native/stored.js'
import { readRequest } from '../../formats/requests.js'
import type { Columns, Row } from '../../formats/row.js'
import { readScoreRow } from '../../formats/scores.js'
import { readAttemptEvents } from '../../store/attempts.js'
import { eachBilledLine } from '../../store/billing.js'
import { readDeployments } from '../../store/deployments.js'
import { eachStoredSpan } from '../../store/each-span.js'
import { readFeedback, readScores } from '../../store/judgements.js'
import { readLabels } from '../../store/labels.js'
import { readLogEntries } from '../../store/log.js'
import type { Store } from '../../store/open.js'
import { eachRequest } from '../../store/requests.js'
import type { SourceKind } from '../../store/sources.js'

/** One file of an export: its records as rows, and what reads a row back, so that each can be compared before it is written. */
export interface Part {
  /** Of the file, without its ending. */
  name: string
  kind: SourceKind
  /** '' for what belongs to the application. */
  platform: string
  records(): Iterable<{ row: Row; record: unknown }>
  /** The record of a row, or what is wrong with it. */
  read(row: Row): unknown
}

/** Everything that a store holds and `pilot ingest` can read back, a file for each kind and platform. */
export function exportParts(db: Store, config: Config, platforms: readonly string[]): Part[] {
  const columnsOf = (kind: Exclude<SourceKind, 'traces'>): Columns => config.inputs[kind]?.columns ?? {}
  const rows = <T>(
    part: Omit<Part, 'records' | 'read'> & { kind: Exclude<SourceKind, 'traces'> },
    { all, row, read }: { all(): Iterable<T>; row(record: T): Row; read(row: Row, columns: Columns): unknown },
  ): Part => ({
    ...part,
    *records() {
      for (const record of all()) yield { row: underColumns(row(record), columnsOf(part.kind)), record }
    },
    read: (written) => read(written, columnsOf(part.kind)),
  })
  const own = <Kind extends SourceKind>(kind: Kind) => ({ name: kind as string, kind, platform: '' })
  return [
    ...platforms.map((platform) => spanPart(db, platform)),
    ...platforms.map((platform) =>
      rows(
        { name: `scores-${fileName(platform)}`, kind: 'scores', platform },
        { all: () => readScores(db, platform), row: scoreRow, read: readScoreRow },
      ),
    ),
    ...['', ...platforms].map((platform) =>
      rows(
        { name: platform === '' ? 'feedback' : `feedback-${fileName(platform)}`, kind: 'feedback', platform },
        { all: () => readFeedback(db, platform), row: feedbackRow, read: readFeedbackRow },
      ),
    ),
    rows(own('requests'), { all: () => eachRequest(db), row: requestRow, read: readRequest }),
    rows(own('deployments'), { all: () => readDeployments(db), row: deploymentRow, read: readDeployment }),
    rows(own('billing'), {
      all: () => eachBilledLine(db),
      row: billingRow,
      read: (row, columns) => {
        const line = readBillingLine(row, columns)
        if (typeof line === 'string') return line
        const { identity: _, mayRepeat: __, ...billed } = line
        return { ...billed, usage: billed.usage ?? {} }
      },
    }),
    rows(own('attempts'), {
      all: () => readAttemptEvents(db),
      row: (event) => event as unknown as Row, // an event is the row of a journal
      read: (row) => readAttempt(row, {}, () => ''),
    }),
    rows(own('labels'), { all: () => readLabels(db), row: labelRow, read: readLabel }),
    rows(own('log'), {
      all: () => readLogEntries(db).map(({ from: _, ...entry }) => entry),
      row: logEntryRow,
      read: readLogEntry,
    }),
  ]
}

function spanPart(db: Store, platform: string): Part {
  return {
    ...{ name: `traces-${fileName(platform)}`, kind: 'traces', platform },
    *records() {
      for (const stored of eachStoredSpan(db, platform)) yield { row: storedLine(stored), record: stored }
    },
    read: (row) => readStored(row as Parameters<typeof readStored>[0]),
  }
}

/** Platforms are ids of pilot.yaml; whatever else one might be, it names a file in this folder and no other. */
function fileName(platform: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(platform)
    ? platform
    : `x${Buffer.from(platform).toString('hex').slice(0, 100)}`
}
