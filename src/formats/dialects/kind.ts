import type { Json, SpanKind } from '../../core/span.js'
import { type Draft, numberOf, textOf } from './draft.js'
import { kindWords, requestTypes } from './kinds.js'
import { isFramework } from './provider.js'
import type { Reader } from './readers.js'

/** How the attribute `key` names a kind. */
export function kindReader(key: string): Reader {
  const words = new Map(Object.entries(kindWords[key] ?? {}))
  return (value) => (typeof value === 'string' ? words.get(value.toLowerCase()) : undefined)
}

/** The kind that an attribute names, else the first sign that fits, in this order; plain HTTP and database spans stay `other`. */
export function resolveKind(draft: Draft): SpanKind {
  const named = textOf(draft, 'kind')
  if (named !== undefined) return named as SpanKind // the readers of `kind` yield nothing else
  const { attributes } = draft.raw
  for (const { kind, when } of signs) if (when(draft, attributes)) return typeof kind === 'string' ? kind : kind(draft)
  return draft.raw.defaultKind ?? 'other'
}

interface Sign {
  kind: SpanKind | ((draft: Draft) => SpanKind)
  when(draft: Draft, attributes: { [key: string]: Json }): boolean
}

const signs: Sign[] = [
  { kind: 'tool', when: (_, has) => 'gen_ai.tool.name' in has || 'gen_ai.tool.call.id' in has },
  // Pydantic AI before 1.0 names no operation on the run of an agent, whose model and usage look like a call's.
  {
    kind: 'agent',
    when: (_, has) => 'agent_name' in has || 'pydantic_ai.all_messages' in has || 'all_messages_events' in has,
  },
  { kind: (draft) => requestType(draft) ?? 'other', when: (draft) => requestType(draft) !== undefined },
  {
    kind: 'retriever',
    when: ({ raw }) => raw.events.some(({ name }) => name === 'db.query.result' || name === 'db.search.result'),
  },
  { kind: 'retriever', when: (_, has) => 'db.system' in has && 'db.vector.query.top_k' in has },
  // A framework that calls itself the provider, without an operation, wraps a call that another span states (ADK's call_llm).
  { kind: 'chain', when: (draft) => isModelCall(draft) && namesFramework(draft) },
  { kind: 'llm', when: isModelCall },
  { kind: (draft) => kindOfName(draft) ?? 'other', when: (draft) => kindOfName(draft) !== undefined },
  { kind: 'tool', when: (_, has) => 'tool.name' in has },
  { kind: 'chain', when: (_, has) => has['traceloop.span.kind'] === 'task' },
]

function requestType({ raw }: Draft): SpanKind | undefined {
  const type = raw.attributes['llm.request.type']
  return typeof type === 'string' && Object.hasOwn(requestTypes, type) ? requestTypes[type] : undefined
}

function isModelCall(draft: Draft): boolean {
  const model = textOf(draft, 'requestModel') ?? textOf(draft, 'responseModel')
  return model !== undefined && (numberOf(draft, 'inputTokens') ?? numberOf(draft, 'outputTokens')) !== undefined
}

function namesFramework({ raw }: Draft): boolean {
  const system = raw.attributes['gen_ai.provider.name'] ?? raw.attributes['gen_ai.system']
  return typeof system === 'string' && isFramework(system)
}

/** `chat gpt-4.1`, `execute_tool search`: the convention's span names, believed only beside other signs of model work. */
function kindOfName(draft: Draft): SpanKind | undefined {
  const [operation, subject] = draft.raw.name.split(' ', 2)
  if (operation === undefined || !subject || !speaksOfModels(draft)) return undefined
  const words = kindWords['gen_ai.operation.name']!
  return Object.hasOwn(words, operation) ? words[operation] : undefined
}

function speaksOfModels(draft: Draft): boolean {
  return (['provider', 'requestModel', 'responseModel', 'agentName'] as const).some(
    (field) => textOf(draft, field) !== undefined,
  )
}
