import { statesCost } from './cost.js'
import type { FieldCapture, RequiredField } from './evidence.js'
import { addCase, emptyShare } from './sample.js'
import type { SpanKind } from './span.js'
import { durationMs } from './structure.js'
import { type ContentField, contentFields, hasField, type TraceSpan } from './trace.js'
import { statesUsage } from './usage.js'

/** The fields that spans of each kind must carry (`capture.required`). */
export type RequiredFields = Partial<Record<SpanKind, readonly RequiredField[]>>

const isKnown = (value: string | undefined) => value !== undefined && value !== ''

const presence: Record<Exclude<RequiredField, ContentField>, (span: TraceSpan) => boolean> = {
  'prompt.name': ({ promptName }) => isKnown(promptName),
  'prompt.version': ({ promptVersion }) => isKnown(promptVersion),
  model: ({ requestModel, responseModel }) => isKnown(requestModel) || isKnown(responseModel),
  tokens: statesUsage,
  cost: statesCost,
  user: ({ user }) => isKnown(user),
  tenant: ({ tenant }) => isKnown(tenant),
  session: ({ session }) => isKnown(session),
  request: ({ request }) => isKnown(request),
  environment: ({ environment }) => isKnown(environment),
  release: ({ release }) => isKnown(release),
  latency: (span) => durationMs(span) !== undefined,
}

/** What only an answer has: a call that failed owes none of it. */
const answered = new Set<RequiredField>([
  ...([
    'output',
    'result',
    'tokens',
    'cost',
    'documents',
    'documents.id',
    'documents.score',
    'documents.content',
  ] as const),
])

/** Counts required fields over spans that are added one by one. */
export function captureTally(required: RequiredFields) {
  const counts = new Map<SpanKind, FieldCapture[]>()
  for (const [kind, fields] of Object.entries(required) as [SpanKind, readonly RequiredField[]][]) {
    const distinct = [...new Set(fields)]
    counts.set(
      kind,
      distinct.map((field) => ({ kind, field, share: emptyShare() })),
    )
  }
  return {
    add(span: TraceSpan): void {
      for (const { field, share } of counts.get(span.kind) ?? []) {
        if (owesField(span, field)) addCase(share, carriesField(span, field))
      }
    },
    /** In the order in which they were required. */
    result: (): FieldCapture[] => [...counts.values()].flat(),
  }
}

/** False for what only an answer has, on a span that failed. */
export function owesField({ status }: TraceSpan, field: RequiredField): boolean {
  return status !== 'error' || !answered.has(field)
}

/** True when the span has the field, and it is not empty. */
export function carriesField(span: TraceSpan, field: RequiredField): boolean {
  return isContent(field) ? hasField(span, field) : presence[field](span)
}

function isContent(field: RequiredField): field is ContentField {
  return (contentFields as readonly string[]).includes(field)
}
