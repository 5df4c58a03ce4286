import type { Config } from '../../config/schema.js'
import { traceForSupport } from '../../core/audience/support.js'
import { readTraceOutput } from '../../core/eval/trace-output.js'
import { createPricer } from '../../core/prices.js'
import { readRun } from '../../core/run.js'
import { selectedRoot } from '../../core/select.js'
import { readStructure } from '../../core/structure.js'
import type { OpenedTrace } from '../open-trace.js'

/** A trace as support may see it: its question is what went into the run, its answer what came out of it. */
export function supportView(config: Config, opened: OpenedTrace): OpenedTrace {
  const { trace, contents } = opened
  const structure = readStructure(trace)
  const root = selectedRoot(trace, structure, config.workflow.match) ?? structure.root ?? trace.spans[0]! // a stored trace has a span
  const { inputs, output } = readTraceOutput(readRun(trace, structure, root, createPricer(config.prices)), contents)
  return traceForSupport(opened, root, { question: inputs, answer: output.value })
}
