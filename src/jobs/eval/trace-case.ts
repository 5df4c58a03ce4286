import type { Config } from '../../config/schema.js'
import { type Case, traceOrigin } from '../../core/eval/case.js'
import { readTraceOutput } from '../../core/eval/trace-output.js'
import { createPricer } from '../../core/prices.js'
import type { Policy } from '../../core/privacy/policy.js'
import { withRollup } from '../../core/rollup.js'
import { readRun } from '../../core/run.js'
import { readStructure } from '../../core/structure.js'
import type { Store } from '../../store/open.js'
import { readContents, readTrace } from '../../store/spans.js'
import type { CaseRun } from './find-case-runs.js'

/**
 * Makes cases of stored runs. The rules of privacy go over every span once more: they may have changed since it was stored. There is
 * no case of a run of which they leave no input.
 */
export function traceCaseReader(
  db: Store,
  config: Config,
  policy: Policy,
): (run: CaseRun) => { made: Omit<Case, 'labels'> | undefined; isChanged: boolean } {
  const price = createPricer(config.prices)
  return ({ platform, traceId, rootId }) => {
    const stored = readTrace(db, platform, traceId)! // found in the same store a moment ago
    const told = withRollup(readContents(db, platform, traceId), stored, rootId)
    const before = stored.spans.map((span) => ({ ...span, content: told.get(span.spanId) ?? {} }))
    const after = before.map((span) => policy.applySpan(span))
    const isChanged = after.some((span, index) => span !== before[index])
    const spans = after.map((span, index) => ({ ...span, fields: before[index]!.fields }))
    const trace = { ...stored, spans }
    const root = spans.find(({ spanId }) => spanId === rootId)! // a span of this trace
    const contents = new Map(spans.map(({ spanId, content }) => [spanId, content]))
    const { inputs, output } = readTraceOutput(readRun(trace, readStructure(trace), root, price), contents)
    if (inputs === undefined) return { made: undefined, isChanged }
    const cluster = root.session ?? spans.find(({ session }) => session !== undefined)?.session
    const made = {
      id: traceId,
      inputs,
      tags: [...new Set(spans.flatMap(({ content }) => content.tags ?? []))],
      ...(cluster !== undefined && { cluster }),
      origin: traceOrigin(platform, traceId),
      output,
    }
    return { made, isChanged }
  }
}
