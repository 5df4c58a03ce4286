import type { ObservedStep } from '../core/map/suggest.js'
import type { TemplateStep } from './templates/template.js'
import { yamlList, yamlScalar } from './yaml-scalar.js'

/** `map:` with these steps, as it stands under `workflow`, each with how many of the traces have it. */
export function renderMap(steps: readonly ObservedStep[], traces: number): string {
  return ['  map:  # one good trace: times is how often a step occurs in it', ...observedMapLines(steps, traces)].join(
    '\n',
  )
}

/** The lines under `map:` of steps that were observed. */
export function observedMapLines(steps: readonly ObservedStep[], traces: number): string[] {
  if (steps.length === 0) return ['    []  # no steps below the root']
  return steps.map((step) => `${stepLine(step)}  # ${tracesText(step.traces, traces)}`)
}

/** One step as a line of `map:`. */
export function stepLine({
  step,
  kind,
  under,
  times,
  prompt,
  models = [],
}: Omit<TemplateStep, 'prompt'> & { prompt?: string | undefined }): string {
  const parts = [
    `step: ${yamlScalar(step)}`,
    `kind: ${kind}`,
    `under: ${yamlScalar(under)}`,
    `times: ${times.min === times.max ? times.min : `${times.min}..${times.max}`}`,
    ...(prompt ? [`prompt: ${yamlScalar(prompt)}`] : []),
    ...(models.length > 0 ? [`models: ${yamlList(models)}`] : []),
  ]
  return `    - { ${parts.join(', ')} }`
}

/** How many traces speak for something. */
export function tracesText(part: number, all: number): string {
  return `${part} of ${all} traces`
}
