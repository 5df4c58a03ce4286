import type { Json, Score } from '../../core/span.js'
import { readFeedback } from '../dialects/feedback.js'
import type { Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { judgedValue, personsValue } from '../judged-value.js'
import { msOfMoment } from '../time.js'
import { plainOf, textOf } from './values.js'

const sources = new Map<Json | undefined, Score['source']>([
  ['HUMAN', 'human'],
  ['LLM_JUDGE', 'model'],
  ['AI_JUDGE', 'model'],
  ['CODE', 'code'],
  ['SOURCE_TYPE_UNSPECIFIED', undefined],
])

/** A trace, and who asked in it. */
interface Asked {
  traceId: string
  user: Json | undefined
}

/** The assessments of a trace: people's are feedback, all others scores; what a later one replaced is counted and left out. */
export function readMlflowAssessments(value: Json | undefined, { traceId, user }: Asked, reading: Reading): void {
  if (value === undefined || value === null || value === '') return
  const items = Array.isArray(value) ? value.filter(isObject) : []
  if (!Array.isArray(value) || items.length < value.length)
    reading.problems.push('assessments: expected a list of objects; others left out')
  for (const assessment of items) {
    if (assessment.valid === false)
      reading.skipped['superseded assessments'] = (reading.skipped['superseded assessments'] ?? 0) + 1
    else readAssessment(assessment, { traceId, user }, reading)
  }
}

function readAssessment(assessment: JsonObject, { traceId, user: asker }: Asked, reading: Reading): void {
  const name = textOf(assessment.assessment_name) ?? textOf(assessment.name)
  const { feedback, expectation, source: from } = assessment
  if (name === undefined || (!isObject(feedback) && !isObject(expectation) && assessment.error === undefined)) {
    reading.problems.push('assessments: expected a name, and feedback or an expectation; left out')
    return
  }
  const type = isObject(from) ? from.source_type : undefined
  if (type !== undefined && type !== null && !sources.has(type))
    reading.problems.push('assessments: source_type: expected HUMAN, LLM_JUDGE or CODE')
  const user = isObject(from) ? textOf(from.source_id) : undefined
  // A person who judges an answer to a question of their own is no annotator.
  const source = type === 'HUMAN' && user !== undefined && user === asker ? 'user' : sources.get(type)
  const base = {
    id: textOf(assessment.assessment_id),
    traceId,
    spanId: readId(assessment.span_id, 8),
    timeMs: msOfMoment(assessment.last_update_time ?? assessment.create_time ?? assessment.create_time_ms),
  }
  const isPerson = source === 'human' || source === 'user'
  if (isObject(expectation)) readExpectation({ ...base, name, source }, expectation, user, reading)
  else {
    const isError = isObject(feedback) ? isObject(feedback.error) : true
    const verdict = isObject(feedback) && !isError ? (feedback.value ?? null) : null
    const judged = isPerson ? personsValue(verdict) : judgedValue(verdict)
    const failed = isObject(feedback) && isObject(feedback.error) ? feedback.error : assessment.error
    const score: Score = {
      ...base,
      name,
      source,
      ...judged,
      ...(isError ? { label: 'error' } : {}),
      comment: textOf(assessment.rationale) ?? (isObject(failed) ? textOf(failed.error_message) : undefined),
    }
    if (isPerson) reading.feedback.push(readFeedback(score, user))
    else reading.scores.push(score)
  }
}

/** What the answer should have been: of a person, a correction. */
function readExpectation(score: Score, expectation: JsonObject, user: string | undefined, reading: Reading): void {
  const packed = isObject(expectation.serialized_value) ? expectation.serialized_value.value : undefined
  const value = expectation.value ?? (packed === undefined ? undefined : plainOf(packed))
  const judged = judgedValue(value)
  if (score.source !== 'human' && score.source !== 'user') reading.scores.push({ ...score, ...judged })
  else {
    const comment = judged.label ?? (judged.value === undefined ? undefined : String(judged.value))
    reading.feedback.push({ ...readFeedback(score, user), kind: 'edit', comment })
  }
}
