import { PilotError } from '../core/errors.js'
import { addProblem } from '../core/ingest-report.js'
import { createPolicy, type Policy } from '../core/privacy/policy.js'
import { readAttempt } from '../formats/attempts.js'
import { readDeployment } from '../formats/deployments.js'
import { readFeedback as feedbackOf } from '../formats/dialects/feedback.js'
import { readFeedbackRow } from '../formats/feedback.js'
import { isUnfilled, readLabel } from '../formats/labels.js'
import { readRequest } from '../formats/requests.js'
import type { Row } from '../formats/row.js'
import { readScoreRow } from '../formats/scores.js'
import { loadHash } from '../io/salt.js'
import { attemptWriter } from '../store/attempts.js'
import { deploymentWriter } from '../store/deployments.js'
import { judgementWriter } from '../store/judgements.js'
import { labelWriter } from '../store/labels.js'
import { requestWriter } from '../store/requests.js'
import type { SourceKind } from '../store/sources.js'
import type { FileRun, Reading } from './file-run.js'
import { keepLogEntry } from './ingest-log.js'
import { purgeGate } from './purged.js'
import { type NumberedRow, type Pages, placeInFile, readRows } from './read-rows.js'

/** Stores one row, or says what is wrong with it. */
type KeepRow = (row: Row) => string | undefined

type RowKind = Exclude<SourceKind, 'traces' | 'billing'>

/** What reads the rows of a file of each kind. */
export const rowReaders: Readonly<Record<RowKind, (run: FileRun) => Promise<Reading<NumberedRow[]>>>> = {
  requests: readRequests,
  feedback: readFeedback,
  scores: readScores,
  deployments: readDeployments,
  attempts: readAttempts,
  labels: readLabels,
  log: readPeopleLog,
}

/** The application's own log of requests: the ground truth for coverage. */
function readRequests(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'requests', (policy, source) => {
    const requests = requestWriter(run.options.db, source)
    const gate = purgeGate(run.options, run.report)
    return (row) => {
      const request = readRequest(row, run.options.columns)
      if (typeof request === 'string') return request
      if (!gate.refusesRequest(request)) run.report.requests[requests.write(policy.applyRequest(request))] += 1
      return undefined
    }
  })
}

/** What users said of outputs. */
function readFeedback(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'feedback', (policy, source) => {
    const judgements = judgementWriter(run.options.db, run.options.platform, source)
    const gate = purgeGate(run.options, run.report)
    return (row) => {
      const feedback = readFeedbackRow(row, run.options.columns)
      if (typeof feedback === 'string') return feedback
      const kept = policy.applyFeedback(feedback)
      if (!gate.refusesFeedback(kept) && judgements.feedback(kept)) run.report.feedback += 1
      return undefined
    }
  })
}

/** Judgements from wherever they were made; what users said of outputs is feedback. */
function readScores(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'scores', (policy, source) => {
    const judgements = judgementWriter(run.options.db, run.options.platform, source)
    const gate = purgeGate(run.options, run.report)
    return (row) => {
      const score = readScoreRow(row, run.options.columns)
      if (typeof score === 'string') return score
      if (score.source === 'user') {
        const feedback = policy.applyFeedback(feedbackOf(score))
        if (!gate.refusesFeedback(feedback) && judgements.feedback(feedback)) run.report.feedback += 1
        return undefined
      }
      const kept = policy.applyScore(score)
      if (!gate.refusesScore(kept) && judgements.score(kept)) run.report.scores += 1
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

/** What engineers did in drills: journals of attempts, and attempts that were timed by hand. */
function readAttempts(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'attempts', (policy, source) => {
    const attempts = attemptWriter(run.options.db, source)
    const gate = purgeGate(run.options, run.report)
    const place = placeInFile()
    return (row) => {
      const event = readAttempt(row, run.options.columns, place)
      if (typeof event === 'string') return event
      if (!gate.refusesAttempt(event)) run.report.attempts[attempts.write(policy.applyAttempt(event))] += 1
      return undefined
    }
  })
}

/** What people judged; rows of a form that wait for their value are counted. */
function readLabels(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'labels', (policy, source) => {
    const labels = labelWriter(run.options.db, source)
    const gate = purgeGate(run.options, run.report)
    return (row) => {
      if (isUnfilled(row, run.options.columns)) {
        run.report.skipped[noValue] = (run.report.skipped[noValue] ?? 0) + 1
        return undefined
      }
      const label = readLabel(row, run.options.columns)
      if (typeof label === 'string') return label
      if (!gate.refusesLabel(label.item)) run.report.labels[labels.write(policy.applyLabel(label))] += 1
      return undefined
    }
  })
}

const noValue = 'no value yet'

/** What people logged of a pilot: hours, tasks, use. */
function readPeopleLog(run: FileRun): Promise<Reading<NumberedRow[]>> {
  return readLog(run, 'log', (policy, source) => keepLogEntry(run, policy, source))
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
  const { format, batches, totals } = await readRows(run.chunks, pages)
  report.format = format
  let kept = 0
  return {
    pieces: batches,
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
        const { pending, replacedUtf8 } = totals()
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
