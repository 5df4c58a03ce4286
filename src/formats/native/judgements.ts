import { type Feedback, feedbackKinds, type Json, type Score } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import { asNumber, asText, asTime, asWord, fieldsOf } from '../record.js'

const sources = ['human', 'model', 'code', 'user'] as const
const feedbackSources = ['user', 'annotator'] as const

/** Scores of a native line; one without a name is a problem. */
export function readScores(list: Json[], notes: string[]): Score[] {
  return readEach(list, 'scores', notes, (score, prefix) => {
    const { take } = fieldsOf(score, notes, prefix)
    const name = take('name', asText, 'text')
    if (name === undefined) return undefined
    return {
      id: take('id', asText, 'text'),
      name,
      value: take('value', asNumber, 'a number'),
      label: take('label', asText, 'text'),
      comment: take('comment', asText, 'text'),
      source: take('source', asWord(sources), `one of ${sources.join(', ')}`),
      timeMs: take('time', asTime, 'ISO 8601 or epoch milliseconds'),
    }
  })
}

/** Feedback of a native line; one without a kind is a problem. */
export function readFeedbackList(list: Json[], notes: string[]): Feedback[] {
  return readEach(list, 'feedback', notes, (feedback, prefix) => {
    const { take } = fieldsOf(feedback, notes, prefix)
    const kind = take('kind', asWord(feedbackKinds), `one of ${feedbackKinds.join(', ')}`)
    if (kind === undefined) return undefined
    return {
      id: take('id', asText, 'text'),
      kind,
      name: take('name', asText, 'text'),
      value: take('value', asNumber, 'a number'),
      comment: take('comment', asText, 'text'),
      user: take('user', asText, 'text'),
      source: take('source', asWord(feedbackSources), `one of ${feedbackSources.join(', ')}`),
      timeMs: take('time', asTime, 'ISO 8601 or epoch milliseconds'),
    }
  })
}

function readEach<T>(
  list: Json[],
  key: string,
  notes: string[],
  read: (item: JsonObject, prefix: string) => T | undefined,
): T[] {
  return list.flatMap((item, index) => {
    const found = isObject(item) ? read(item, `${key}.${index}.`) : undefined
    if (found !== undefined) return [found]
    notes.push(`${key}.${index}: expected an object with ${key === 'scores' ? 'a name' : 'a kind'}; left out`)
    return []
  })
}
