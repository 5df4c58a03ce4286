import type { Feedback, Json, Score } from '../../core/span.js'
import { readFeedback } from '../dialects/feedback.js'
import type { Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { readMoment } from '../time.js'
import { timeOfTransaction } from './memory.js'

/** The span that a row judges. */
export interface Judged {
  traceId: string
  spanId: string
}

/**
 * The scores of a row. Those that a person gave (the row is feedback itself, or a review, or its audit names them) are feedback;
 * who gave the others, a model or code, the row does not say.
 */
export function readRowScores(row: JsonObject, judged: Judged, isReview: boolean, reading: Reading, at: string): void {
  const { scores } = row
  if (scores === undefined || scores === null || scores === '') return
  if (!isObject(scores)) {
    reading.problems.push(`${at}scores: expected an object`)
    return
  }
  const judge = judgeOf(row)
  const reviewed = reviewedScores(row.audit_data)
  for (const name of Object.keys(scores)) {
    const given = scores[name]!
    if (given === null) continue
    const value = typeof given === 'boolean' ? Number(given) : given
    if (typeof value !== 'number') {
      reading.problems.push(`${at}scores: expected numbers`)
      continue
    }
    const score: Score = { id: idOf(row, name), ...judged, name, value, timeMs: timeOfTransaction(row._xact_id) }
    const person = judge ?? (isReview || reviewed.has(name) ? 'human' : undefined)
    const user = judge === undefined ? reviewed.get(name) : userOf(row)
    if (person === undefined) reading.scores.push(score)
    else reading.feedback.push(readFeedback({ ...score, source: person }, user))
  }
}

/** `logFeedback` of the SDKs says where it comes from: the application (`external`, `api`), or the reviewer in the web app. */
function judgeOf(row: JsonObject): 'user' | 'human' | undefined {
  if (row._audit_source === 'app') return 'human'
  return row._audit_source === undefined || row._audit_source === null ? undefined : 'user'
}

function giverOf(row: JsonObject): Feedback['source'] {
  const judge = judgeOf(row)
  return judge === 'human' ? 'annotator' : judge
}

/** A row holds each of its judgements once, so that a later version of the row replaces them. */
function idOf(row: JsonObject, name: string): string | undefined {
  return typeof row.id === 'string' && row.id !== '' ? `${row.id}:${name}` : undefined
}

/** The scores that people changed in the web app or through feedback, by the row's audit: name → who, where that is told. */
function reviewedScores(audit: Json | undefined): ReadonlyMap<string, string | undefined> {
  if (!Array.isArray(audit)) return nobody
  const names = new Map<string, string | undefined>()
  for (const entry of audit) {
    if (!isObject(entry)) continue
    const change = isObject(entry.audit_data) ? entry.audit_data : entry
    const source = entry._audit_source ?? entry.source
    const [field, name] = Array.isArray(change.path) ? change.path : []
    if (field === 'scores' && typeof name === 'string' && (source === 'app' || source === 'external'))
      names.set(name, userOf(entry))
  }
  return names
}

const nobody: ReadonlyMap<string, string | undefined> = new Map()

/** What people wrote on a row. `expected` that comes as feedback is their correction of the answer. */
export function readRemarks(row: JsonObject, judged: Judged, reading: Reading): void {
  const { comments, comment, expected } = row
  for (const one of [...(Array.isArray(comments) ? comments : []), ...(isObject(comment) ? [row] : [])]) {
    const text = commentIn(one)
    if (text === undefined || !isObject(one)) continue
    const timeMs = readMoment(one.created).ms
    const id = typeof one.id === 'string' && one.id !== '' ? one.id : undefined
    reading.feedback.push({
      id,
      ...judged,
      kind: 'comment',
      comment: text,
      user: userOf(one),
      timeMs,
      source: giverOf(one),
    })
  }
  if (judgeOf(row) === undefined || expected === undefined || expected === null || expected === '') return
  const corrected = typeof expected === 'string' ? expected : JSON.stringify(expected)
  const edit = { ...judged, kind: 'edit', comment: corrected, user: userOf(row), source: giverOf(row) } as const
  reading.feedback.push({ id: idOf(row, 'expected'), ...edit })
}

function commentIn(one: Json): string | undefined {
  if (typeof one === 'string') return one || undefined
  if (!isObject(one)) return undefined
  const inner = isObject(one.comment) ? one.comment.text : (one.comment ?? one.text)
  return typeof inner === 'string' && inner !== '' ? inner : undefined
}

function userOf(row: JsonObject): string | undefined {
  const told = row._audit_metadata ?? row.user
  const metadata = isObject(told) ? told : {}
  const user = metadata.user_id ?? metadata.userId ?? metadata.user ?? metadata.email ?? metadata.id
  return typeof user === 'string' && user !== '' ? user : undefined
}
