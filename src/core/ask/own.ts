import { carriesField, owesField, type RequiredFields } from '../capture.js'
import type { RequiredField } from '../evidence.js'
import type { TraceSpan } from '../trace.js'
import { type AskedRun, type Fact, isStated, type OpenedRun, type ProductionQuestion } from './question.js'

const ofTheRun = ['user', 'tenant', 'session', 'request', 'environment', 'release'] as const
type RunField = (typeof ofTheRun)[number]

/** A question of the team's own, answered where the fields are there that it names. */
export function ownQuestion(
  { question, fields }: { question: string; fields: readonly RequiredField[] },
  index: number,
  required: RequiredFields,
): ProductionQuestion {
  const distinct = [...new Set(fields)]
  const id = `own-${index + 1}`
  return {
    id,
    name: id,
    version: 1,
    text: question,
    rule: `the run carries ${distinct.join(', ')}: who and where on any of its spans, all else on each span of the kinds for which capture.required asks for it (on any span, where none is named)`,
    more: 'pilot capture',
    read: (asked) => ({ missing: distinct.filter((field) => !isThere(asked, field, required)), lacks: [] }),
    answer: (opened) => distinct.flatMap((field) => factsOf(opened, field, required)),
  }
}

function isRunField(field: RequiredField): field is RunField {
  return (ofTheRun as readonly string[]).includes(field)
}

function isThere({ run }: AskedRun, field: RequiredField, required: RequiredFields): boolean {
  const spans = owing(run.trace.spans, run.calls, field, required)
  if (spans === undefined) return run.trace.spans.some((span) => carriesField(span, field))
  return spans.length > 0 && spans.every((span) => carriesField(span, field))
}

/** The spans that must carry a field; undefined where any may. */
function owing(
  spans: readonly TraceSpan[],
  calls: readonly TraceSpan[],
  field: RequiredField,
  required: RequiredFields,
): TraceSpan[] | undefined {
  if (isRunField(field)) return undefined
  const kinds = new Set(Object.entries(required).flatMap(([kind, fields]) => (fields.includes(field) ? [kind] : [])))
  if (kinds.size === 0) return undefined
  // A wrapper around a model call is none.
  return spans.filter(
    (span) => kinds.has(span.kind) && (span.kind !== 'llm' || calls.includes(span)) && owesField(span, field),
  )
}

function factsOf({ run }: OpenedRun, field: RequiredField, required: RequiredFields): Fact[] {
  const { spans } = run.trace
  const carrying = (owing(spans, run.calls, field, required) ?? spans).filter((span) => carriesField(span, field))
  const shown = isRunField(field) ? carrying.slice(0, 1) : carrying
  return shown.map((span) => ({ text: shownValue(span, field) ?? `has its ${field}`, span, attributes: [field] }))
}

/** What fits into a line; texts are for `pilot trace`. */
function shownValue(span: TraceSpan, field: RequiredField): string | undefined {
  const stated = isRunField(field)
    ? span[field]
    : field === 'prompt.name'
      ? span.promptName
      : field === 'prompt.version'
        ? span.promptVersion
        : field === 'model'
          ? (span.responseModel ?? span.requestModel)
          : undefined
  return isStated(stated) ? `${field} ${stated}` : undefined
}
