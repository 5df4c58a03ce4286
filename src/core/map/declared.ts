import type { SpanKind } from '../span.js'
import { isNamed, stepName } from '../step.js'
import type { TraceStructure } from '../structure.js'
import type { Trace, TraceSpan } from '../trace.js'

/** One line of `workflow.map`. What is left out is anything. */
export interface MapStep {
  /** Name of the span, as it stands or as a step: `chat` is `chat gpt-4.1` too. */
  step: string
  kind: SpanKind
  under?: string | undefined
  times?: { min: number; max: number } | undefined
  prompt?: string | undefined
  models?: readonly string[] | undefined
  fallbacks?: readonly string[] | undefined
}

/** `workflow.map`, ready to be looked up by name. */
export interface DeclaredMap {
  steps: readonly MapStep[]
  byName: ReadonlyMap<string, readonly MapStep[]>
  /** Names that some step stands under. */
  parents: ReadonlySet<string>
  /** Every step stands under a declared one, as where an agent calls itself: the root has the name of a step and is none. */
  isRing: boolean
}

/** The declared map by name; a name may be declared several times, under other parents or as another kind. */
export function readMap(steps: readonly MapStep[]): DeclaredMap {
  const byName = new Map<string, MapStep[]>()
  for (const step of steps) byName.set(step.step, [...(byName.get(step.step) ?? []), step])
  const isRing = steps.length > 0 && steps.every(({ under }) => under !== undefined && byName.has(under))
  return { steps, byName, parents: new Set(steps.flatMap(({ under }) => under ?? [])), isRing }
}

/** Where a span stands: below a step, at the top of the trace, or unknown, since its parent was lost. */
export type Place = { at: 'below'; parent: TraceSpan } | { at: 'top' } | { at: 'unknown' }

/** A span that has the name of a declared step. */
export interface Taken {
  span: TraceSpan
  step: MapStep
  place: Place
}

/** The spans of a trace that have a declared name, in order of start. A name that is declared twice means the one that fits best. */
export function stepsTaken(trace: Trace, structure: TraceStructure, map: DeclaredMap): Taken[] {
  const placeOf = placeReader(structure, map)
  return trace.spans.flatMap((span) => {
    const steps = map.byName.get(span.name) ?? map.byName.get(stepName(span))
    if (steps === undefined) return []
    const place = placeOf(span)
    if (map.isRing && place.at === 'top' && structure.roots.length === 1) return []
    const [first, ...others] = steps.map((step) => ({ span, step, place }))
    let best = first! // a name is kept with at least one step
    for (const other of others) if (fitOf(other) > fitOf(best)) best = other
    return [best]
  })
}

function fitOf({ span, step, place }: Taken): number {
  return (span.kind === step.kind ? 2 : 0) + (standsUnder(place, step.under) ? 1 : 0)
}

/** False only where the span is known to stand elsewhere. */
export function standsUnder(place: Place, under: string | undefined): boolean {
  if (under === undefined || place.at === 'unknown') return true
  return place.at === 'below' && isNamed(place.parent, under)
}

/** Finds what a span stands below: plumbing in between (HTTP, a wrapper without a kind) is passed over, unless the map names it. */
function placeReader({ parents, roots, orphans }: TraceStructure, map: DeclaredMap): (span: TraceSpan) => Place {
  const isStep = (span: TraceSpan) =>
    span.kind !== 'other' || map.parents.has(span.name) || map.parents.has(stepName(span))
  const top = new Set(roots)
  const stepAbove = new Map<TraceSpan, TraceSpan | undefined>()
  // Each span is passed once, however deep the plumbing is: what was found above it is kept.
  const findStep = (span: TraceSpan): TraceSpan | undefined => {
    const passed: TraceSpan[] = []
    let above = parents.get(span)
    while (above && !isStep(above) && !stepAbove.has(above)) {
      passed.push(above)
      above = parents.get(above)
    }
    const found = above && !isStep(above) ? stepAbove.get(above) : above
    for (const each of passed) stepAbove.set(each, found)
    return found
  }
  return (span) => {
    if (top.has(span)) return { at: 'top' }
    const direct = parents.get(span)
    const parent = findStep(span) ?? (orphans.length === 0 ? direct : undefined)
    return parent === undefined ? { at: 'unknown' } : { at: 'below', parent }
  }
}
