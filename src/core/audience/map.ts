import type { MapStep } from '../map/declared.js'
import type { MapMeasure, StepMeasure } from '../map/measure.js'
import type { ObservedStep } from '../map/suggest.js'
import type { UndeclaredName } from '../map/undeclared.js'
import type { Fragments, ReasonCount } from '../map/verdicts.js'
import type { Names } from './names.js'
import { each, none, only } from './sight.js'

/** The map in counts: the declared steps, the others by names that many runs have, and no run by its id. */
export function mapForProduct(names: Names): (measure: MapMeasure) => MapMeasure {
  const step = stepSight(names)
  return only<MapMeasure>({
    runs: 'shown',
    conforming: 'shown',
    states: 'shown',
    steps: each(only<StepMeasure>({ step, runs: 'shown', spans: 'shown', latencyMs: 'shown' })),
    reasons: each(
      only<ReasonCount>({
        reason: 'shown',
        step,
        runs: 'shown',
        spans: 'shown',
        found: each(({ found, spans }) => ({ found: names.of('step', found), spans })),
      }),
    ),
    fragments: only<Fragments>({ requests: 'shown', asRuns: 'shown', traces: 'shown', known: 'shown', examples: none }),
    worst: none,
    undeclared: ({ names: count, shown }) => ({
      names: count,
      shown: shown.map(
        only<UndeclaredName>({
          name: (name) => names.of('step', name),
          kind: 'shown',
          spans: 'shown',
          runs: 'shown',
          example: () => '',
        }),
      ),
    }),
    repeats: 'shown',
    tools: only<MapMeasure['tools']>({
      spans: 'shown',
      resultWithoutCall: 'shown',
      callWithoutResult: 'shown',
      neither: 'shown',
      examples: none,
    }),
    recorded: 'shown',
    observed: each(
      only<ObservedStep>({
        step: (step) => names.of('step', step),
        kind: 'shown',
        under: (under) => names.of('step', under),
        times: 'shown',
        traces: 'shown',
        prompt: (prompt) => names.of('prompt', prompt),
        models: each((model) => names.of('model', model)),
      }),
    ),
  })
}

/** A step of pilot.yaml; of a drawing without a declared map, one that was observed. */
function stepSight(names: Names): (step: MapStep) => MapStep {
  const models = each((model: string) => names.of('model', model))
  return only<MapStep>({
    step: (step) => names.of('step', step),
    kind: 'shown',
    under: (under) => names.of('step', under),
    times: 'shown',
    prompt: (prompt) => names.of('prompt', prompt),
    models,
    fallbacks: models,
  })
}
