import type { Preview } from '../core/preview.js'
import type { Span } from '../core/span.js'
import { clip, visible } from './text.js'
import { feedbackText, scoreText, spanDetails } from './trace-details.js'

/** What the first records of a file would be stored as, field by field; what is absent is unknown. */
export function formatPreview(preview: Preview, width: number): string {
  const head = `${visible(preview.path)}: ${preview.format ?? 'no known format'}, ${preview.records} records read, nothing stored`
  const left = [
    ...preview.scores.map((score) => `score ${clip(scoreText(score), width - 8)}`),
    ...preview.feedback.map((feedback) => `feedback ${clip(feedbackText(feedback), width - 11)}`),
    ...Object.entries(preview.skipped).map(([reason, times]) => `skipped ${times}: ${visible(reason)}`),
    ...preview.unexpected.map(({ key }) => `unexpected key ${visible(key)}: kept as an attribute`),
    ...preview.problems.map(({ line, message }) => `problem in line ${line}: ${visible(message)}`),
  ]
  return [
    head,
    ...preview.spans.flatMap((span) => ['', ...formatSpan(span, width)]),
    ...(left.length > 0 ? ['', ...left] : []),
  ].join('\n')
}

function formatSpan(span: Span, width: number): string[] {
  const { usage = {} } = span
  const facts: [string, string | number | undefined][] = [
    ['trace', span.traceId],
    ['span', span.spanId],
    ['parent', span.parentId],
    ['kind', span.kind],
    ['start', timeText(span.startMs)],
    ['end', timeText(span.endMs)],
    ['status', span.status],
    ...(['input', 'output', 'cachedInput', 'cacheWrite', 'reasoning'] as const).map(
      (part): [string, number | undefined] => [`tokens.${part}`, usage[part]],
    ),
    ['cost USD', span.costUsd],
    ...(['user', 'tenant', 'session', 'request', 'environment', 'release', 'workflow', 'service'] as const).map(
      (field): [string, string | undefined] => [field, span[field]],
    ),
    ...spanDetails({ ...span, fields: 0 }, span.content),
    ['attributes', span.content.attributes && Object.keys(span.content.attributes).join(', ')],
  ]
  const known = facts.filter(([, value]) => value !== undefined && value !== '')
  return [
    span.isRollup ? `${visible(span.name)} (a row about the whole trace)` : visible(span.name),
    ...known.map(([label, value]) => `  ${label.padEnd(18)} ${clip(String(value), width - 21)}`),
  ]
}

function timeText(ms: number | undefined): string | undefined {
  return ms === undefined || Math.abs(ms) > 8.64e15 ? undefined : new Date(ms).toISOString()
}
