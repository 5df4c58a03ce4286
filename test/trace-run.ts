import { type Run, readRun } from '../src/core/run.js'
import { readStructure } from '../src/core/structure.js'
import { traceOf } from './trace-of.js'

/** A run of these spans, of which the first is the root. A token costs a dollar; the model `unknown` has no price. */
export function runOf(parts: Parameters<typeof traceOf>[0], traceId = 't1'): Run {
  const trace = traceOf(parts, traceId)
  return readRun(trace, readStructure(trace), trace.spans[0]!, ({ usage, requestModel }) =>
    requestModel === 'unknown' ? undefined : usage?.input,
  )
}
