import { isSameModel } from '../model-name.js'
import { stepName } from '../step.js'
import type { TraceStructure } from '../structure.js'
import type { Trace, TraceSpan } from '../trace.js'
import { type DeclaredMap, type MapStep, type Place, standsUnder, type Taken } from './declared.js'

/** Why a trace does not conform: how it hangs together, then how its steps differ from the declared ones. Order is that of reports. */
export const reasons = [
  'no root',
  'several roots',
  'orphans',
  'unfinished',
  'several traces',
  'missing',
  'too few',
  'too many',
  'wrong parent',
  'wrong kind',
  'other model',
  'other prompt',
] as const
export type Reason = (typeof reasons)[number]

/** One reason in one run. */
export interface Fault {
  reason: Reason
  /** The declared step; undefined where the fault is the trace's. */
  step?: MapStep
  /** What was found in its place. */
  found?: string
  /** How many spans it is about; for a step that is missing or too rare, how many are lacking. */
  spans: number
}

/** How a trace fails to hang together; `several traces` is known only when all were read. */
export function structureFaults({ spans }: Trace, { roots, orphans, parents }: TraceStructure): Fault[] {
  // A trace without a root is known by its first orphan, which is not counted a second time.
  const lost = roots.length === 0 ? Math.max(0, orphans.length - 1) : orphans.length
  const inRings = spans.length - roots.length - orphans.length - parents.size
  const unfinished = spans.filter(({ endMs }) => endMs === undefined).length
  const faults: Fault[] = [
    { reason: 'no root', spans: roots.length === 0 ? 1 : 0 },
    { reason: 'several roots', spans: roots.length > 1 ? roots.length : 0 },
    { reason: 'orphans', spans: lost + inRings },
    { reason: 'unfinished', spans: unfinished },
  ]
  return faults.filter((fault) => fault.spans > 0)
}

/** How the steps of a trace differ from the declared ones; a fault of one sort is told once, with its spans. */
export function stepFaults(taken: readonly Taken[], { steps }: DeclaredMap): Fault[] {
  const faults = new Map<string, Fault>()
  const add = (reason: Reason, step: MapStep, found: string) => {
    const key = JSON.stringify([reason, steps.indexOf(step), found])
    const fault = faults.get(key) ?? { reason, step, found, spans: 0 }
    fault.spans += 1
    faults.set(key, fault)
  }
  const counts = new Map<MapStep, number>()
  for (const { span, step, place } of taken) {
    counts.set(step, (counts.get(step) ?? 0) + 1)
    if (!standsUnder(place, step.under)) add('wrong parent', step, parentName(place))
    if (span.kind !== step.kind) add('wrong kind', step, span.kind)
    const model = otherModel(span, step)
    if (model !== undefined) add('other model', step, model)
    if (step.prompt !== undefined && span.promptName && span.promptName !== step.prompt)
      add('other prompt', step, span.promptName)
  }
  return [...steps.flatMap((step) => countFault(step, counts.get(step) ?? 0) ?? []), ...faults.values()]
}

function countFault(step: MapStep, count: number): Fault | undefined {
  const { min, max } = step.times ?? { min: 0, max: Number.POSITIVE_INFINITY }
  if (count > max) return { reason: 'too many', step, found: String(count), spans: count - max }
  if (count >= min) return undefined
  return count === 0
    ? { reason: 'missing', step, spans: min }
    : { reason: 'too few', step, found: String(count), spans: min - count }
}

function parentName(place: Place): string {
  return place.at === 'below' ? stepName(place.parent) : '(nothing)'
}

/** The model that was asked, where the step declares its models and this is none of them; an unknown one is no other. */
function otherModel({ requestModel, responseModel }: TraceSpan, step: MapStep): string | undefined {
  const asked = requestModel || responseModel
  if (!asked || step.models === undefined) return undefined
  const known = [...step.models, ...(step.fallbacks ?? [])]
  return known.some((model) => isSameModel(model, asked)) ? undefined : asked
}
