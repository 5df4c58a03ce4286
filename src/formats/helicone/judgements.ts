import type { Json } from '../../core/span.js'
import { readNumber } from '../dialects/documents.js'
import type { Reading } from '../format.js'
import { isObject, unpack } from '../json.js'
import type { PlatformRow } from '../platform-row.js'
import { msOfMoment } from '../time.js'

/** Under this name the feedback of users also stands among the scores. */
const feedbackScore = 'helicone-score-feedback'

/** Takes the scores and the feedback of a request; who scored is not told, feedback is the end user's thumb. */
export function readJudgements(
  row: PlatformRow,
  ids: { traceId: string; spanId: string },
  user: string | undefined,
  reading: Reading,
): void {
  const scores = unpack(row.take('scores') ?? null)
  const rating = row.take('feedback_rating')
  const id = textOf(row.take('feedback_id'))
  const timeMs = msOfMoment(row.take('feedback_created_at'))
  if (scores === null && rating === undefined) return
  const about = { traceId: ids.traceId, spanId: ids.spanId, id, user, source: 'user' as const, timeMs }
  const thumb = thumbOf(rating)
  if (thumb !== undefined) reading.feedback.push({ ...about, kind: 'thumbs', value: thumb })
  else if (rating !== undefined) reading.problems.push('feedback_rating: expected true or false')
  if (scores === null) return
  if (!isObject(scores)) {
    reading.problems.push('scores: expected an object')
    return
  }
  for (const name of Object.keys(scores)) {
    const given = scores[name]!
    const value = readNumber(isObject(given) ? given.value : given)
    if (value === undefined || name === '') reading.problems.push('scores: expected numbers; one left out')
    else if (name !== feedbackScore) reading.scores.push({ ...ids, name, value })
    else if (thumb === undefined) reading.feedback.push({ ...about, kind: 'thumbs', value: value > 0 ? 1 : -1 })
  }
}

/** ClickHouse and CSV write booleans as numbers and words. */
function thumbOf(rating: Json | undefined): number | undefined {
  if (rating === true || rating === 1 || rating === 'true' || rating === 't') return 1
  return rating === false || rating === 0 || rating === 'false' || rating === 'f' ? -1 : undefined
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
