import { PilotError } from '../core/errors.js'
import { addProblem } from '../core/ingest-report.js'
import { createPolicy, type Policy } from '../core/privacy/policy.js'
import type { Json } from '../core/span.js'
import { readDeployment } from '../formats/deployments.js'
import { readFeedback as feedbackOf } from '../formats/dialects/feedback.js'
import { readFeedbackRow } from '../formats/feedback.js'
import { readRequest } from '../formats/requests.js'
import { isRow, type Row } from '../formats/row.js'
import { readScoreRow } from '../formats/scores.js'
import { readRecords } from '../io/records.js'
import { loadHash } from '../io/salt.js'
import { readTable } from '../io/table.js'
import { deploymentWriter } from '../store/deployments.js'
import { judgementWriter } from '../store/judgements.js'
import { requestWriter } from '../store/requests.js'
import type { SourceKind } from '../store/sources.js'
import type { FileRun, Reading } from './file-run.js'

/** A row of a log at its line, or what is wrong with it. */
export type NumberedRow = { line: number; row: Row } | { line: number; problem: string }

/** Stores one row, or says what is wrong with it. */
type KeepRow = (row: Row) => string | undefined

type RowKind = Exclude<SourceKind, 'traces' | 'billing'>

/** What reads the rows of a file of each kind. */
export const rowReaders: Readonly<Record<RowKind, (run: FileRun) => Promise<Reading<NumberedRow[]>>>> = {
  requests: readRequests,
  feedback: readFeedback,
  scores: readScores,
  deployments: readDeployments,
}

/** The application's own log of requests: the ground truth for coverage. */
function readRequests(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'requests', (policy, source) => {
    const requests = requestWriter(run.options.db, source)
    return (row) => {
      const request = readRequest(row, run.options.columns)
      if (typeof request === 'string') return request
      run.report.requests[requests.write(policy.applyRequest(request))] += 1
      return undefined
    }
  })
}

/** What users said of outputs. */
function readFeedback(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'feedback', (policy, source) => {
    const judgements = judgementWriter(run.options.db, run.options.platform, source)
    return (row) => {
      const feedback = readFeedbackRow(row, run.options.columns)
      if (typeof feedback === 'string') return feedback
      if (judgements.feedback(policy.applyFeedback(feedback))) run.report.feedback += 1
      return undefined
    }
  })
}

/** JSON records that hold several rows. */
interface Pages {
  /** Keys whose lists hold rows, so that a document too large to hold is split there. */
  containers: ReadonlySet<string>
  /** The rows of one record. */
  rows(record: Row): readonly Json[]
}

const itself = (record: Row): readonly Json[] => [record]
/** Judgements from wherever they were made; what users said of outputs is feedback. */
function readScores(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'scores', (policy, source) => {
    const judgements = judgementWriter(run.options.db, run.options.platform, source)
    return (row) => {
      const score = readScoreRow(row, run.options.columns)
      if (typeof score === 'string') return score
      if (score.source === 'user') {
        const feedback = feedbackOf(score)
        if (judgements.feedback(policy.applyFeedback(feedback))) run.report.feedback += 1
      } else if (judgements.score(policy.applyScore(score))) run.report.scores += 1
      return undefined
    }
  })
}

/** What went live, when. */
function readDeployments(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'deployments', (policy, source) => {
    const deployments = deploymentWriter(run.options.db, source)
    return (row) => {
      const deployment = readDeployment(row, run.options.columns)
      if (typeof deployment === 'string') return deployment
      run.report.deployments[deployments.write(policy.applyDeployment(deployment))] += 1
      return undefined
    }
  })
}

/** A log as JSON lines or CSV, whichever its first character says. */
export async function readLog(
  run: FileRun,
  kind: Exclude<SourceKind, 'traces'>,
  keeper: (policy: Policy, source: number) => KeepRow,
  pages?: Pages,
): Promise<Reading<NumberedRow[]>> {
  const { report, options } = run
  const policy = await createPolicy(options.privacy, loadHash(options.saltPath))
  const [isJson, chunks] = await startsAsJson(run.chunks)
  const records = isJson ? readRecords(chunks, { containers: pages?.containers ?? new Set() }) : undefined
  report.format = records ? 'jsonl' : 'csv'
  let kept = 0
  return {
    pieces: records ? jsonRows(records.batches, pages?.rows ?? itself) : tableRows(chunks),
    writer: (source) => {
      const keep = keeper(policy, source)
      return (rows) => {
        const keptBefore = kept
        for (const entry of rows) {
          report.records += 1
          const problem = 'problem' in entry ? entry.problem : keep(entry.row)
          if (problem === undefined) kept += 1
          else addProblem(report, entry.line, problem)
        }
        const { pending, replacedUtf8 } = records?.totals() ?? { pending: 0, replacedUtf8: 0 }
        Object.assign(report, { pending, replacedUtf8, redacted: policy.counts() })
        // Rows are short: their number alone says when to commit.
        return { records: kept - keptBefore, bytes: 0 }
      }
    },
    kept: () => kept,
    refusal: () =>
      new PilotError(`${report.path} holds no usable row: ${report.problems[0]?.message ?? 'it has none'}.`, {
        hint: `Map its columns in pilot.yaml under inputs.${kind}.columns.`,
        exitCode: 3,
      }),
  }
}

/** Whether the first character is that of JSON, and the stream with its head put back. */
async function startsAsJson(chunks: AsyncIterable<Buffer>): Promise<[boolean, AsyncIterable<Buffer>]> {
  const iterator = chunks[Symbol.asyncIterator]()
  const head: Buffer[] = []
  let first: string | undefined
  while (first === undefined) {
    const next = await iterator.next()
    if (next.done) break
    head.push(next.value)
    first = /[^\s\ufeff]/.exec(next.value.toString('utf8', 0, 4096))?.[0]
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield* head
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  }
  return [first === '{' || first === '[', whole()]
}

async function* jsonRows(
  batches: ReturnType<typeof readRecords>['batches'],
  rowsOf: Pages['rows'],
): AsyncGenerator<NumberedRow[]> {
  for await (const batch of batches)
    yield batch.flatMap((framed): NumberedRow[] => {
      const { line } = framed
      if ('problem' in framed) return [{ line, problem: framed.problem }]
      const rows = isRow(framed.value) ? rowsOf(framed.value) : [framed.value]
      return rows.map((row) => (isRow(row) ? { line, row } : { line, problem: 'expected an object with columns' }))
    })
}

async function* tableRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<NumberedRow[]> {
  let batch: NumberedRow[] = []
  for await (const entry of readTable(chunks)) {
    batch.push(entry)
    if (batch.length < 1000) continue
    yield batch
    batch = []
  }
  yield batch
}
