import type { RequiredField } from '../../core/evidence.js'
import type { SpanKind } from '../../core/span.js'

/** One step of a workflow's map. */
export interface TemplateStep {
  step: string
  kind: SpanKind
  under: string
  times: { min: number; max: number }
  prompt?: string
  models?: string[]
}

/** A usual workflow, as `pilot init --template` starts from it; its names are examples that a team replaces by its own. */
export interface Template {
  name: string
  /** One line for the prompt and the help. */
  title: string
  workflow: {
    name: string
    entry: string
    destination: string
    contextSources: string[]
    match: { root: string; service?: string; environment?: string }
    /** A rule for `workflow.completed` as it is written there; only shown, since the usual one holds until a team decides. */
    completed: string
    map: TemplateStep[]
  }
  required: Partial<Record<SpanKind, RequiredField[]>>
}
