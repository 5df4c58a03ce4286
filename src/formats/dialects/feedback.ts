import type { Feedback, Score } from '../../core/span.js'

/** What a person said, from a score of theirs: thumbs where the words say so, a rating where there is a number, else a comment. */
export function readFeedback(score: Score, user?: string): Feedback {
  const { id, traceId, spanId, name, timeMs, comment } = score
  const source = score.source === 'user' ? 'user' : score.source === 'human' ? 'annotator' : undefined
  const target = { id, traceId, spanId, name, timeMs, user, source } as const
  const thumbs = thumbsOf(score)
  if (thumbs !== undefined) return { ...target, kind: 'thumbs', value: thumbs, comment }
  if (score.value !== undefined) return { ...target, kind: 'rating', value: score.value, comment }
  return { ...target, kind: 'comment', comment: comment ?? score.label }
}

const up = /^(?:thumbs?[ _-]?up|up|positive|good|like|liked|correct|helpful|👍)$/i
const down = /^(?:thumbs?[ _-]?down|down|negative|bad|dislike|disliked|incorrect|unhelpful|👎)$/i

function thumbsOf({ name, label, value }: Score): number | undefined {
  if (label !== undefined && up.test(label)) return 1
  if (label !== undefined && down.test(label)) return -1
  if (!/thumb|feedback|like/i.test(name)) return undefined
  if (value === 1) return 1
  return value === 0 || value === -1 ? -1 : undefined
}
