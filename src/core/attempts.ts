import type { RepeatBasis, TraceRepeats } from './retries.js'
import type { TraceSpan } from './trace.js'

/** The place of a span among the attempts at one step: the failed ones and what followed them. */
export interface Attempt {
  as: 'first' | 'retry' | 'fallback'
  /** Its number, from 1, and how many there were. */
  number: number
  of: number
  /** The failed attempt before it; undefined for the first, and where that failure is no span of its own. */
  after: TraceSpan | undefined
  /** Where it is known from that this is a repeat; undefined for the first. */
  basis: RepeatBasis | undefined
  /** Of a fallback: the model that was asked first, where it is known. */
  from: string | undefined
}

/** The spans of a trace that failed and were done again, or did again what had failed. Linear: each follows one failure at most. */
export function readAttempts({ stated, inferred, failures }: TraceRepeats): Map<TraceSpan, Attempt> {
  const basisOf = (sort: 'retries' | 'fallbacks') =>
    new Map([
      ...inferred[sort].map((span) => [span, 'inferred'] as const),
      ...stated[sort].map((span) => [span, 'stated'] as const),
    ])
  const [retries, fallbacks] = [basisOf('retries'), basisOf('fallbacks')]
  const next = new Map([...failures].map(([span, failure]) => [failure, span]))
  const attempts = new Map<TraceSpan, Attempt>()
  for (const first of new Set([...next.keys(), ...retries.keys(), ...fallbacks.keys()])) {
    if (failures.has(first)) continue
    const branch = [first]
    for (let span = next.get(first); span !== undefined; span = next.get(span)) branch.push(span)
    branch.forEach((span, index) => {
      const after = failures.get(span)
      const as = fallbacks.has(span) ? 'fallback' : retries.has(span) ? 'retry' : 'first'
      const basis = as === 'fallback' ? fallbacks.get(span) : retries.get(span)
      const from = as === 'fallback' ? modelBefore(span, after) : undefined
      attempts.set(span, { as, number: index + 1, of: branch.length, after, basis, from })
    })
  }
  return attempts
}

/** The model that did not answer: as stated, else that of the failure, else the one that the call itself had asked. */
function modelBefore({ fallbackFrom, requestModel }: TraceSpan, after: TraceSpan | undefined): string | undefined {
  return fallbackFrom ?? (after ? (after.requestModel ?? after.responseModel) : requestModel)
}
