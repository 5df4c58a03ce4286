import type { TraceSpan } from '../core/trace.js'
import type { TraceStep } from '../core/trace-roles.js'

/** The number of each step by its span: what other steps are named by. */
export function stepNumbers(steps: readonly TraceStep[]): ReadonlyMap<TraceSpan, number> {
  return new Map(steps.map(({ span, number }) => [span, number]))
}

/** A step in a cell: `4 ↻ retry of 3, act for 1`. */
export function stepText(step: TraceStep, numbers: ReadonlyMap<TraceSpan, number>): string {
  const { number, role, calledBy, attempt } = step
  const caller = calledBy === undefined ? '' : ` for ${numbers.get(calledBy) ?? '?'}`
  const was = role === 'failed' && attempt !== undefined ? [] : [`${role}${caller}`]
  return `${number} ${[...(attempt === undefined ? [] : [attemptText(attempt, numbers)]), ...was].join(', ')}`
}

/** A step as JSON; null for a span that is none. Ids are those of spans. */
export function stepJson(step: TraceStep | undefined) {
  if (step === undefined) return null
  const { number, calls, calledBy, lacks, attempt } = step
  return {
    number,
    calls: calls.map(({ call, steps, isAnswered }) => {
      return { id: call.id ?? null, name: call.name ?? null, spanIds: steps.map(({ spanId }) => spanId), isAnswered }
    }),
    calledBy: calledBy?.spanId ?? null,
    lacks: lacks ?? null,
    attempt:
      attempt === undefined
        ? null
        : {
            ...attempt,
            after: attempt.after?.spanId ?? null,
            basis: attempt.basis ?? null,
            from: attempt.from ?? null,
          },
  }
}

function attemptText(
  { as, number, of, after, from }: NonNullable<TraceStep['attempt']>,
  numbers: ReadonlyMap<TraceSpan, number>,
): string {
  if (as === 'first') return `✗ attempt ${number} of ${of}`
  const place = of > 2 ? ` (${number} of ${of})` : ''
  const before = after && numbers.get(after)
  if (as === 'retry') return `↻ retry${before === undefined ? '' : ` of ${before}`}${place}`
  return `⇢ fallback${before === undefined ? (from === undefined ? '' : ` from ${from}`) : ` after ${before}`}${place}`
}
