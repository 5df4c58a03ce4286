import type { RunResult } from '../core/eval/run.js'
import type { Feedback, Score, SpanContent } from '../core/span.js'
import { durationMs } from '../core/structure.js'
import type { Trace, TraceSpan } from '../core/trace.js'
import type { TraceStep } from '../core/trace-roles.js'
import { formatCount, formatDuration, formatTime, formatUsd } from './number.js'
import type { TerminalOptions } from './section-terminal.js'
import { type Cell, formatTable } from './table.js'
import { clip, wrap } from './text.js'
import { courseLines } from './trace-course.js'
import { feedbackText, scoreText, spanDetails } from './trace-details.js'
import { stepNumbers, stepText } from './trace-step.js'
import { type Branch, treeOf } from './trace-tree.js'

export interface TraceView {
  trace: Trace
  /** By span id; a span without an entry has no text stored. */
  contents: ReadonlyMap<string, SpanContent>
  feedback: readonly Feedback[]
  scores: readonly Score[]
  /** What evals found of its output, by run and check. */
  evals: readonly (RunResult & { run: string })[]
  cost: {
    /** What each span's counted usage costs by the price table, US dollars, by span id. */
    computed: ReadonlyMap<string, number>
    /** Of the trace; undefined unless all of it is known. */
    total: number | undefined
  }
  tokens: { input: number | undefined; output: number | undefined }
  /** Spans whose usage is stated again by spans below them, and is not counted. */
  repeated: ReadonlySet<string>
  /** Span ids of what was done again and is not stated. */
  inferred: { retries: ReadonlySet<string>; fallbacks: ReadonlySet<string> }
  /** Its steps and what each was for, in order of time. */
  steps: readonly TraceStep[]
}

interface TraceOptions extends TerminalOptions {
  /** Every text to its end; else the first lines of each. */
  full: boolean
}

/** Lines of one text that are shown unless all is wanted. */
const fewLines = 6
/** Spans that are shown unless all is wanted, and then: what is more nobody reads in a terminal. */
const mostSpans = 200
const mostSpansInFull = 5000
/** Levels that are indented; deeper ones stand at the same place. */
const deepest = 12

/** One trace to read from top to bottom: what it belongs to, the tree with its numbers, then each span's prompt, context, tools and text. */
export function formatTrace(view: TraceView, options: TraceOptions): string {
  const { trace, contents, feedback, scores, evals } = view
  const tree = treeOf(trace.spans)
  const steps = new Map(view.steps.map((step) => [step.span, step]))
  const branches = tree.slice(0, options.full ? mostSpansInFull : mostSpans)
  const spanIds = new Set(trace.spans.map(({ spanId }) => spanId))
  const ofTrace = ({ spanId }: Feedback | Score) => spanId === undefined || !spanIds.has(spanId)
  const whole = [
    ...judgementLines(feedback.filter(ofTrace), scores.filter(ofTrace), options),
    ...evals.flatMap(({ run, check, outcome, reason }) =>
      labelled('eval', `${check}: ${outcome} in ${run} (${reason})`, options),
    ),
  ]
  return [
    options.color.bold(
      clip(`Trace ${trace.traceId} on ${trace.platform}, ${formatCount(trace.spans.length)} spans`, options.width),
    ),
    ...belongings(trace).flatMap((line) => wrap(line, options.width)),
    '',
    treeTable(branches, view, options),
    ...leftOut(tree.length - branches.length, options.full),
    ...sums(view).flatMap((line) => wrap(line, options.width)),
    '',
    ...course(view, options),
    ...(whole.length > 0 ? ['of the trace', ...whole, ''] : []),
    ...branches.flatMap(({ span }) => {
      const own = ({ spanId }: Feedback | Score) => spanId === span.spanId
      const judged = judgementLines(feedback.filter(own), scores.filter(own), options)
      const details = spanDetails(span, contents.get(span.spanId) ?? {}, {
        isRetry: view.inferred.retries.has(span.spanId),
        isFallback: view.inferred.fallbacks.has(span.spanId),
        attempt: steps.get(span)?.attempt,
      })
      return spanLines(span, details, judged, options)
    }),
  ].join('\n')
}

function course({ steps, contents }: TraceView, { width, full, color }: TraceOptions): string[] {
  const lines = courseLines(steps, contents, full ? mostSpansInFull : undefined)
  return lines.length === 0 ? [] : [color.bold('How it went'), ...lines.map((line) => clip(line, width)), '']
}

function leftOut(spans: number, full: boolean): string[] {
  return spans === 0
    ? []
    : [`… ${formatCount(spans)} more spans; ${full ? '--json has all' : '--full shows more, --json all'}`]
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

/** What the whole trace took, each token counted once. */
function sums({ trace, tokens, cost, repeated }: TraceView): string[] {
  if (tokens.input === undefined && tokens.output === undefined && cost.total === undefined) return []
  const stated = trace.spans.some(({ costUsd }) => costUsd !== undefined)
  const money =
    cost.total === undefined ? 'cost not known' : `cost ${formatUsd(cost.total)}${stated ? '' : ' (computed)'}`
  const brackets = repeated.size > 0 ? '; tokens in brackets are repeated from spans below and not counted' : ''
  return [`in all: ${formatCount(tokens.input)} tokens in, ${formatCount(tokens.output)} out, ${money}${brackets}`]
}

function treeTable(branches: readonly Branch[], view: TraceView, { width, color }: TraceOptions): string {
  const steps = new Map(view.steps.map((step) => [step.span, step]))
  const numbers = stepNumbers(view.steps)
  const hasStated = view.trace.spans.some(({ costUsd }) => costUsd !== undefined)
  const rows = branches.map(({ span, depth, fault }): Cell[] => {
    const place = `${'  '.repeat(Math.min(depth, deepest))}${span.name}${fault === undefined ? '' : ` (${fault})`}`
    const { usage, costUsd, status } = span
    const outcome = status === 'error' ? { text: status, paint: color.red } : status
    const counts = [formatCount(usage?.input), formatCount(usage?.output)]
    const tokens = view.repeated.has(span.spanId) ? counts.map((count) => `(${count})`) : counts
    const costs = [...(hasStated ? [formatUsd(costUsd)] : []), formatUsd(view.cost.computed.get(span.spanId))]
    const step = steps.get(span)
    const role = view.steps.length === 0 ? [] : [step === undefined ? '' : stepText(step, numbers)]
    return [place, span.kind, ...role, formatDuration(durationMs(span)), ...tokens, ...costs, outcome]
  })
  const costHeads = hasStated ? ['stated', 'computed'] : ['cost']
  const hasSteps = view.steps.length > 0
  const head = ['span', 'kind', ...(hasSteps ? ['step'] : []), 'latency', 'tokens in', 'out', ...costHeads, 'status']
  const align = `ll${hasSteps ? 'l' : ''}rrr${hasStated ? 'rr' : 'r'}l`
  return formatTable(rows, { head, align, width, paintHead: color.dim })
}

function spanLines(
  span: TraceSpan,
  found: [label: string, text: string][],
  judged: string[],
  options: TraceOptions,
): string[] {
  const details = found.flatMap(([label, text]) => labelled(label, text, options))
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
