import { answerText } from '../core/planned-calls.js'
import type { Json, SpanContent } from '../core/span.js'
import type { TraceSpan } from '../core/trace.js'
import type { TraceStep } from '../core/trace-roles.js'
import { formatCount } from './number.js'
import { stepNumbers } from './trace-step.js'

/** Steps that are all shown; of more, the first and last, and those that failed or were repeated. */
const fewSteps = 20
/** Steps shown at either end of a longer run, and in all. */
const mostAtEnds = 8
const mostShown = 60
/** Characters of a text that are looked at: a line shows fewer. */
const mostOfText = 400
/** Tools of one plan that are named. */
const mostCalls = 5

/**
 * The course of a run, a line a step in order of time: planned, acted, retried, fell back, said, answered. `most` steps where all
 * that can be read is wanted. Empty where it would say no more than the tree: nothing planned, failed or repeated, one model call.
 */
export function courseLines(
  steps: readonly TraceStep[],
  contents: ReadonlyMap<string, SpanContent>,
  most?: number,
): string[] {
  if (!steps.some(isTold) && steps.filter(({ role }) => role !== 'act').length < 2) return []
  const numbers = stepNumbers(steps)
  const shown = most === undefined ? chosen(steps) : steps.slice(0, most)
  const places = String(shown.at(-1)?.number ?? 0).length
  const lines: string[] = []
  let next = 1
  for (const step of shown) {
    if (step.number > next) lines.push(skipped(step.number - next))
    next = step.number + 1
    const verb = verbOf(step).padEnd(9)
    lines.push(`  ${String(step.number).padStart(places)} ${verb}  ${step.span.name}${told(step, contents, numbers)}`)
  }
  return steps.length >= next ? [...lines, skipped(steps.length - next + 1)] : lines
}

const skipped = (steps: number) => `  … ${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'} left out`

const isTold = ({ role, span, attempt }: TraceStep) =>
  role === 'plan' || span.status === 'error' || attempt !== undefined || (span.retries ?? 0) > 0

function chosen(steps: readonly TraceStep[]): readonly TraceStep[] {
  if (steps.length <= fewSteps) return steps
  const between = steps.slice(mostAtEnds, -mostAtEnds)
  const notable = between.filter(({ span, attempt }) => span.status === 'error' || attempt !== undefined)
  return [...steps.slice(0, mostAtEnds), ...notable.slice(0, mostShown - 2 * mostAtEnds), ...steps.slice(-mostAtEnds)]
}

function verbOf({ role, attempt }: TraceStep): string {
  if (attempt?.as === 'retry') return 'retried'
  if (attempt?.as === 'fallback') return 'fell back'
  return { plan: 'planned', act: 'acted', intermediate: 'said', final: 'answered', failed: 'failed' }[role]
}

/** What is told of a step after its name: its place among attempts, how it ended, what came of it. */
function told(
  step: TraceStep,
  contents: ReadonlyMap<string, SpanContent>,
  numbers: ReadonlyMap<TraceSpan, number>,
): string {
  const { span, role, calledBy, lacks } = step
  const content = contents.get(step.answeredIn.spanId) ?? {}
  const caller = calledBy === undefined ? [] : [`for ${numbers.get(calledBy) ?? 'a step'}`]
  const before = [...(role === 'act' ? caller : []), ...attemptWords(step, numbers)].join(', ')
  const parts: string[] = []
  if (role === 'failed' && verbOf(step) === 'failed') parts.push(...brief(span.statusMessage))
  else if (span.status === 'error') parts.push(['failed', ...brief(span.statusMessage)].join(', '))
  else if (role === 'act') parts.push(span.endMs === undefined ? 'not ended' : 'ok')
  if (role === 'plan') parts.push(planned(step))
  else if (role === 'act') parts.push(...cameBack(content))
  else if (role !== 'failed')
    parts.push([...answeredAgain(step), ...brief(answerText(content) ?? content.output)].join(', '))
  if (lacks === 'call' || lacks === 'both') parts.push('its arguments are not stored')
  if ((lacks === 'result' || lacks === 'both') && span.status !== 'error') parts.push('its result is not stored')
  const texts = parts.filter((part) => part !== '')
  return `${before === '' ? '' : ` (${before})`}${texts.length === 0 ? '' : `: ${texts.join('; ')}`}`
}

function attemptWords({ span, attempt }: TraceStep, numbers: ReadonlyMap<TraceSpan, number>): string[] {
  const inside = (span.retries ?? 0) > 0 ? [`tried again inside: ${span.retries}, stated`] : []
  if (attempt === undefined) return inside
  const { as, number, of, after, basis, from } = attempt
  const before = after && numbers.get(after)
  const place = of > 1 ? [`attempt ${number} of ${of}`] : []
  if (as === 'first') return place
  const what = [as === 'fallback' && from !== undefined ? `from ${from}` : '', before ? `after ${before}` : '']
  return [...inside, [what.filter(Boolean).join(' '), basis].filter(Boolean).join(', '), ...place]
}

/** `calls lookup_order, search (2 times), refund (no result stored)`. */
function planned({ calls }: TraceStep): string {
  const counts = new Map<string, number>()
  for (const { call, isAnswered } of calls) {
    const name = `${call.name ?? 'a tool that is not named'}${isAnswered ? '' : ' (no result stored)'}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const names = [...counts]
    .slice(0, mostCalls)
    .map(([name, count]) => (count === 1 ? name : `${name} (${count} times)`))
  const more = counts.size - names.length
  return `calls ${names.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`
}

function cameBack({ documents, toolResult, output, outputMessages }: SpanContent): string[] {
  if (documents !== undefined) return [`${formatCount(documents.length)} documents`]
  return brief(toolResult ?? answerText(outputMessages === undefined ? {} : { outputMessages }) ?? output)
}

const answeredAgain = (step: TraceStep) => (step.role === 'final' && verbOf(step) !== 'answered' ? ['answered'] : [])

function brief(value: Json | undefined): string[] {
  if (value === undefined || value === null || value === '') return []
  return [oneLine(typeof value === 'string' ? value : JSON.stringify(value))]
}

/** The beginning of a text, its line breaks made blanks. */
function oneLine(text: string): string {
  return text.slice(0, mostOfText).replace(/\s+/g, ' ').trim()
}
