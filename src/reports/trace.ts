import type { Feedback, Score, SpanContent } from '../core/span.js'
import type { Trace, TraceSpan } from '../core/trace.js'
import { formatCount, formatDuration, formatTime, formatUsd } from './number.js'
import type { TerminalOptions } from './section-terminal.js'
import { type Cell, formatTable } from './table.js'
import { clip, wrap } from './text.js'
import { feedbackText, scoreText, spanDetails } from './trace-details.js'
import { type Branch, treeOf } from './trace-tree.js'

export interface TraceView {
  trace: Trace
  /** By span id; a span without an entry has no text stored. */
  contents: ReadonlyMap<string, SpanContent>
  feedback: readonly Feedback[]
  scores: readonly Score[]
}

interface TraceOptions extends TerminalOptions {
  /** Every text to its end; else the first lines of each. */
  full: boolean
}

/** Lines of one text that are shown unless all is wanted. */
const fewLines = 6
/** Levels that are indented; deeper ones stand at the same place. */
const deepest = 12

/** One trace to read from top to bottom: what it belongs to, the tree with its numbers, then each span's prompt, context, tools and text. */
export function formatTrace({ trace, contents, feedback, scores }: TraceView, options: TraceOptions): string {
  const branches = treeOf(trace.spans)
  const spanIds = new Set(trace.spans.map(({ spanId }) => spanId))
  const ofTrace = ({ spanId }: Feedback | Score) => spanId === undefined || !spanIds.has(spanId)
  const whole = judgementLines(feedback.filter(ofTrace), scores.filter(ofTrace), options)
  return [
    options.color.bold(
      clip(`Trace ${trace.traceId} on ${trace.platform}, ${formatCount(trace.spans.length)} spans`, options.width),
    ),
    ...belongings(trace).flatMap((line) => wrap(line, options.width)),
    '',
    treeTable(branches, options),
    '',
    ...(whole.length > 0 ? ['of the trace', ...whole, ''] : []),
    ...branches.flatMap(({ span }) => {
      const own = ({ spanId }: Feedback | Score) => spanId === span.spanId
      const judged = judgementLines(feedback.filter(own), scores.filter(own), options)
      return spanLines(span, contents.get(span.spanId) ?? {}, judged, options)
    }),
  ].join('\n')
}

/** Tenant, user, request … as far as any span states them, and when the trace began. */
function belongings({ spans }: Trace): string[] {
  const keys = ['tenant', 'user', 'session', 'request', 'release', 'environment', 'workflow', 'service'] as const
  const facts = keys.flatMap((key) => {
    const values = [...new Set(spans.map((span) => span[key]).filter((value) => value !== undefined))]
    return values.length === 0 ? [] : [`${key} ${values.join(', ')}`]
  })
  const start = spans.find(({ startMs }) => startMs !== undefined)?.startMs
  const began = start === undefined ? 'start unknown' : `started ${formatTime(start)}`
  return [[began, ...facts].join(' · ')]
}

function treeTable(branches: readonly Branch[], { width, color }: TraceOptions): string {
  const rows = branches.map(({ span, depth, fault }): Cell[] => {
    const place = `${'  '.repeat(Math.min(depth, deepest))}${span.name}${fault === undefined ? '' : ` (${fault})`}`
    const { usage, costUsd, status } = span
    const outcome = status === 'error' ? { text: status, paint: color.red } : status
    const tokens = [formatCount(usage?.input), formatCount(usage?.output)]
    return [place, span.kind, formatDuration(durationMs(span)), ...tokens, formatUsd(costUsd), outcome]
  })
  const head = ['span', 'kind', 'latency', 'tokens in', 'out', 'cost', 'status']
  return formatTable(rows, { head, align: 'llrrrrl', width, paintHead: color.dim })
}

function durationMs({ startMs, endMs }: TraceSpan): number | undefined {
  return startMs === undefined || endMs === undefined ? undefined : endMs - startMs
}

function spanLines(span: TraceSpan, content: SpanContent, judged: string[], options: TraceOptions): string[] {
  const details = spanDetails(span, content).flatMap(([label, text]) => labelled(label, text, options))
  if (details.length + judged.length === 0) return []
  const title = clip(`${span.name} (${span.kind}, span ${span.spanId})`, options.width)
  return [options.color.bold(title), ...details, ...judged, '']
}

function judgementLines(feedback: readonly Feedback[], scores: readonly Score[], options: TraceOptions): string[] {
  return [
    ...feedback.flatMap((each) => labelled('feedback', feedbackText(each), options)),
    ...scores.flatMap((each) => labelled('score', scoreText(each), options)),
  ]
}

const labelColumns = 12

/** A label with its text beside it, wrapped under itself. */
function labelled(label: string, text: string, { width, full, color }: TraceOptions): string[] {
  const lines = wrap(full ? text : text.slice(0, width * fewLines), width - labelColumns)
  const isCut = !full && (lines.length > fewLines || text.length > width * fewLines)
  const shown = isCut
    ? [...lines.slice(0, fewLines), `… ${formatCount(text.length)} characters, --full shows all`]
    : lines
  return shown.map(
    (line, index) => (index === 0 ? color.dim(`  ${label.padEnd(labelColumns - 2)}`) : ' '.repeat(labelColumns)) + line,
  )
}
