import type { Feedback, Json, Score } from '../../core/span.js'
import { readNumber } from '../dialects/documents.js'
import { readFeedback } from '../dialects/feedback.js'
import type { Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { scoreColumns } from './columns.js'
import { type LangfuseRow, openLangfuseRow } from './row.js'

const sources: ReadonlySet<string> = new Set(['EVAL', 'ANNOTATION', 'API'])
const dataTypes: ReadonlySet<string> = new Set(['NUMERIC', 'BOOLEAN', 'CATEGORICAL', 'TEXT', 'CORRECTION'])

/** True for the words by which Langfuse names who gave a score. */
export function isScoreSource(word: Json | undefined): boolean {
  return typeof word === 'string' && sources.has(word)
}

/**
 * Reads one score: evaluators' are scores, annotators' and end users' are feedback, corrections are edits. Scores of the API
 * that no name tells to be a user's are of an unknown source.
 */
export function readScore(
  given: JsonObject,
  at: string,
  reading: Reading,
  known: { traceId?: string | undefined },
): void {
  const row = openLangfuseRow(given, scoreColumns, reading, at)
  const name = row.text('name')
  if (name === undefined) {
    row.complain('name: expected text; score left out')
    return
  }
  const target = targetOf(row, known.traceId)
  if (target === undefined) {
    reading.skipped['scores of dataset runs'] = (reading.skipped['scores of dataset runs'] ?? 0) + 1
    return
  }
  row.rest() // for its unknown columns alone: a score keeps no attributes
  const type = row.word('dataType', dataTypes, 'NUMERIC, BOOLEAN, CATEGORICAL, TEXT or CORRECTION')
  const source = row.word('source', sources, 'EVAL, ANNOTATION or API')
  const score: Score = {
    id: row.text('id'),
    ...target,
    name,
    ...readJudgement(row, type),
    source: judgeOf(row, source, name),
    timeMs: timeOf(row, source),
  }
  if (type === 'CORRECTION') reading.feedback.push(readCorrection(score, authorOf(row)))
  else if ((score.value ?? score.label ?? score.comment) === undefined)
    row.complain('value: expected a number or text; score left out')
  else if (score.source === 'human') reading.feedback.push(readFeedback(score, authorOf(row)))
  else if (score.source === 'user') reading.feedback.push(readFeedback(score, endUserOf(row)))
  else reading.scores.push(score)
}

function judgeOf(row: LangfuseRow, source: string | undefined, name: string): Score['source'] {
  if (source === 'ANNOTATION') return 'human'
  if (source === 'EVAL') return isByCode(row) ? 'code' : 'model'
  return isUserFeedback(name) ? 'user' : undefined
}

/** What the output should have been, in somebody's words. */
function readCorrection(
  { id, traceId, spanId, label, comment, source, timeMs }: Score,
  user: string | undefined,
): Feedback {
  const by = source === 'human' ? 'annotator' : undefined
  return { id, traceId, spanId, kind: 'edit', comment: label ?? comment, user, source: by, timeMs }
}

/** Names that applications give to what their users say. */
export function isUserFeedback(name: string): boolean {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.split(/[^a-z]+/).some((word) => feedbackWords.has(word))
}

const feedbackWords: ReadonlySet<string> = new Set([
  ...[
    'feedback',
    'thumb',
    'thumbs',
    'rating',
    'ratings',
    'like',
    'likes',
    'liked',
    'dislike',
    'dislikes',
    'vote',
    'votes',
  ],
  ...['upvote', 'upvotes', 'downvote', 'downvotes', 'csat', 'nps', 'satisfaction', 'star', 'stars', 'reaction'],
])

/** What is judged: `traceId` and `observationId`, or the `subject` of version 3 of the API. A session's scores belong to no trace. */
function targetOf(row: LangfuseRow, inTrace: string | undefined): Pick<Score, 'traceId' | 'spanId'> | undefined {
  const { columns } = row
  const subject = columns.subject
  if (isObject(subject)) {
    if (subject.kind === 'experiment') return undefined
    if (subject.kind === 'trace') return { traceId: readId(subject.id, 16) }
    if (subject.kind === 'observation') return { traceId: readId(subject.traceId, 16), spanId: readId(subject.id, 8) }
    return {}
  }
  const traceId = readId(columns.traceId, 16)
  const isOfRun = typeof columns.datasetRunId === 'string' && columns.datasetRunId !== ''
  if (traceId === undefined && isOfRun) return undefined
  const isOfSession = typeof columns.sessionId === 'string' && columns.sessionId !== ''
  return { traceId: traceId ?? (isOfSession ? undefined : inTrace), spanId: readId(columns.observationId, 8) }
}

/** The value as number, label or text. A category's number means something only where a configuration maps it. */
function readJudgement(row: LangfuseRow, type: string | undefined): Pick<Score, 'value' | 'label' | 'comment'> {
  const { columns } = row
  const given = columns.value
  const comment = row.text('comment')
  const words = [columns.stringValue, columns.longStringValue, given].find(
    (text) => typeof text === 'string' && text !== '',
  )
  const number = typeof given === 'boolean' ? Number(given) : readNumber(given)
  if (type === 'CORRECTION') return { label: typeof words === 'string' ? words : undefined, comment }
  if (type === 'TEXT')
    return { comment: [words, comment].filter((text) => typeof text === 'string').join('\n') || undefined }
  const label = typeof words === 'string' && readNumber(words) === undefined ? words : undefined
  const isUnmapped = type === 'CATEGORICAL' && !(typeof columns.configId === 'string' && columns.configId !== '')
  return { value: isUnmapped && label !== undefined ? undefined : number, label, comment }
}

/** An annotation that is changed keeps its first time, and the change is told by `updatedAt` alone. */
function timeOf(row: LangfuseRow, source: string | undefined): number | undefined {
  const changed = source === 'ANNOTATION' ? row.moment('updatedAt').ms : undefined
  return changed ?? row.moment('timestamp').ms ?? row.moment('createdAt').ms
}

/** Langfuse's code evaluators name the language that they run in. */
function isByCode(row: LangfuseRow): boolean {
  const metadata = unpack(row.columns.metadata ?? null)
  return isObject(metadata) && typeof metadata.code_eval_runtime === 'string'
}

function authorOf(row: LangfuseRow): string | undefined {
  return row.text('authorUserId') ?? row.text('authorUserName')
}

/** The user of the trace, where the row names them. */
function endUserOf(row: LangfuseRow): string | undefined {
  const trace = row.columns.trace
  const user = isObject(trace) ? trace.userId : undefined
  return row.text('authorUserId') ?? row.text('userId') ?? (typeof user === 'string' && user !== '' ? user : undefined)
}
