import type { MapStep } from '../core/map/declared.js'
import type { MapMeasure } from '../core/map/measure.js'
import { wilson } from '../core/stats/proportion.js'
import { type Percentile, summarise } from '../core/summary.js'

/** The measure as `pilot map --json` has it; null is not measured. */
export function mapJson({ conforming, steps, reasons, observed: _, ...measure }: MapMeasure) {
  const isMeasured = conforming !== undefined && conforming.n > 0
  return {
    runs: measure.runs,
    conforming: isMeasured ? conforming : null,
    interval: isMeasured ? wilson(conforming.x, conforming.n) : null,
    reason: isMeasured ? null : conforming === undefined ? 'no map is declared' : 'no run is in the window',
    steps: steps.map(({ step, runs, spans, latencyMs }) => {
      const { n, unknown, percentiles } = summarise(latencyMs)
      return { ...stepJson(step), runs, spans, latencyMs: { n, unknown, median: medianJson(percentiles[0]) } }
    }),
    neverSeen: measure.runs === 0 ? [] : steps.filter(({ spans }) => spans === 0).map(({ step }) => step.step),
    reasons: reasons.map(({ step, ...count }) => ({ ...count, step: step ? stepJson(step) : null })),
    states: measure.states,
    undeclared: measure.undeclared,
    fragments: measure.fragments.known.x === 0 ? null : measure.fragments,
    repeats: measure.repeats,
    tools: measure.tools,
    recorded: measure.recorded,
    worst: measure.worst,
  }
}

function stepJson({ step, kind, under, times }: MapStep) {
  return { step, kind, under: under ?? null, times: times ?? null }
}

function medianJson(median: Percentile | undefined) {
  return median === undefined ? null : { value: median.value, interval: median.interval ?? null }
}
