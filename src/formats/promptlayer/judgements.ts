import type { Json, Score } from '../../core/span.js'
import { addSpan } from '../add-span.js'
import { readNumber } from '../dialects/documents.js'
import type { KeyPaths, RawSpan, Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import { metadataAttributes, takeText } from './fields.js'
import { idsOfRequest, type SpanIds } from './ids.js'

/** Under this name PromptLayer keeps a score that was given none. */
const unnamed = 'default'

/**
 * The scores of a request, 0 to 100; nothing says who gave them. The unnamed score of 0 is what every request starts with: no
 * judgement.
 */
export function scoresOfRow(row: PlatformRow, ids: SpanIds, problems: string[]): Score[] {
  const list = row.take('scores')
  const single = row.take('score')
  const name = takeText(row, problems, 'score_name')
  const given = list === undefined ? [] : Array.isArray(list) ? list : [list]
  const scores = given.flatMap((item) => scoresIn(item, ids, problems))
  if (single === undefined || (name === undefined && Number(single) === 0)) return scores
  const own = scoreOf(ids, name, single, problems)
  return own === undefined || scores.some((score) => score.name === own.name) ? scores : [...scores, own]
}

/** One entry of `scores`: `{name, score}`, or `{<name>: score}` as metadata is written. */
function scoresIn(item: Json, ids: SpanIds, problems: string[]): Score[] {
  if (!isObject(item)) {
    problems.push('scores: expected a list of objects')
    return []
  }
  const value = item.score ?? item.value ?? null
  const named = item.name ?? item.score_name ?? null
  const found =
    value === null && named === null
      ? Object.entries(item).map(([name, score]) => scoreOf(ids, name, score, problems))
      : [scoreOf(ids, named, value, problems)]
  return found.filter((score) => score !== undefined)
}

function scoreOf(ids: SpanIds, name: Json | undefined, value: Json, problems: string[]): Score | undefined {
  const number = readNumber(value)
  if (number === undefined || number < 0 || number > 100) {
    problems.push('score: expected a number from 0 to 100; left out')
    return undefined
  }
  return { ...ids, name: typeof name === 'string' && name !== '' ? name : unnamed, value: number }
}

/** What is given to a request afterwards: a score, or a piece of its span. */
export function readTrack(record: JsonObject, keys: KeyPaths, reading: Reading): void {
  const { problems } = reading
  const ids = idsOfRequest(record.request_id)
  if (ids === undefined) {
    problems.push('request_id: expected a number; left out')
    return
  }
  if (Object.hasOwn(record, 'score')) {
    const score = scoreOf(ids, record.name, record.score ?? null, problems)
    if (score !== undefined) reading.scores.push(score)
    return
  }
  const row = openRow(record, 'promptlayer', trackKeys, reading)
  row.take('request_id')
  row.take('api_key') // a secret
  addSpan(reading, pieceOf(row, ids, problems), keys)
}

const trackKeys = new Set(['group_id', 'label'])

/** Metadata, a prompt or a group of a request: no more than that of its span, which the request log completes in either order. */
function pieceOf(row: PlatformRow, ids: SpanIds, problems: string[]): RawSpan {
  const metadata = metadataAttributes(row.take('metadata'), problems)
  const promptName = takeText(row, problems, 'prompt_name')
  const promptVersion = takeText(row, problems, 'version')
  const promptVariables = row.take('prompt_input_variables')
  const attributes = row.rest()
  return {
    ...ids,
    name: 'request',
    status: 'unset',
    attributes: Object.assign(metadata, attributes),
    events: [],
    links: [],
    resource: Object.create(null),
    stated: { kind: 'llm', promptName, promptVersion, promptVariables },
    revision: 0, // before every row about the request
  }
}
