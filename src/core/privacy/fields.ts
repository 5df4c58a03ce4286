import { PilotError } from '../errors.js'

export const actions = ['store', 'redact', 'hash', 'omit'] as const
export type Action = (typeof actions)[number]

/** Names of a `field` rule, beside `attributes.<key>`, `resource.<key>` (both also with `*` at the end) and bare attribute keys. */
const fieldNames = [
  'user',
  'user.id',
  'tenant',
  'session',
  'input',
  'output',
  'messages',
  'prompt.template',
  'prompt.variables',
  'documents.content',
  'documents.metadata',
  'tool.arguments',
  'tool.result',
  'events',
  'tags',
  'feedback.comment',
] as const
export type FieldName = (typeof fieldNames)[number]

/** What joins traces, requests and feedback, with the only things that may be done to it. */
const identities: Readonly<Record<string, readonly Action[]>> = {
  session: ['store', 'hash'],
  request: ['store'],
  'request.id': ['store'],
  trace: ['store'],
  traceId: ['store'],
  'trace.id': ['store'],
  span: ['store'],
  spanId: ['store'],
  'span.id': ['store'],
  parentId: ['store'],
}

const aliases: Readonly<Record<string, FieldName>> = {
  'user.id': 'user',
  'tenant.id': 'tenant',
  'session.id': 'session',
}

/**
 * Attributes that hold the same as a field. An export may state it twice, once per convention; what is not needed stays among
 * the attributes and must not outlive the rule.
 */
const copies: Partial<Record<FieldName, string>> = {
  user: 'user.id enduser.* langfuse.user.id langsmith.metadata.user_id traceloop.association.properties.user_id ai.telemetry.metadata.userId gen_ai.user llm.user',
  tenant:
    'tenant.id tenant_id langsmith.metadata.tenant* traceloop.association.properties.tenant_id ai.telemetry.metadata.tenantId',
  session:
    'session.id langfuse.session.id gen_ai.conversation.id langsmith.metadata.session_id traceloop.association.properties.session_id ai.telemetry.metadata.sessionId',
  input:
    'input input.* inputs gen_ai.prompt* gen_ai.input.* gen_ai.system_instructions llm.input_messages* llm.prompts* traceloop.entity.input ai.prompt* langfuse.observation.input langfuse.trace.input mlflow.spanInputs request_data all_messages_events pydantic_ai.all_messages',
  output:
    'output output.* outputs gen_ai.completion* gen_ai.output.* llm.output_messages* llm.completions* traceloop.entity.output ai.response.text ai.response.object ai.response.toolCalls langfuse.observation.output langfuse.trace.output mlflow.spanOutputs response_data final_result all_messages_events pydantic_ai.all_messages',
  messages:
    'gen_ai.prompt* gen_ai.completion* gen_ai.input.messages gen_ai.output.messages llm.input_messages* llm.output_messages* ai.prompt.messages all_messages_events pydantic_ai.all_messages',
  'prompt.template': 'llm.prompt_template.template traceloop.prompt.template',
  'prompt.variables': 'llm.prompt_template.variables traceloop.prompt.template_variables* gen_ai.prompt.variable*',
  'documents.content': 'retrieval.documents* reranker.* gen_ai.retrieval.documents',
  'documents.metadata': 'retrieval.documents*',
  'tool.arguments': 'gen_ai.tool.call.arguments tool_arguments ai.toolCall.args tool.parameters',
  'tool.result': 'gen_ai.tool.call.result tool_response ai.toolCall.result',
  tags: 'tag.tags langfuse.trace.tags logfire.tags langsmith.span.tags ai.telemetry.metadata.tags',
}

/** A rule as the policy applies it, under the name that its user gave it. */
export interface FieldRule {
  name: string
  do: Action
}

export interface FieldRules {
  /** The rule of the first of these fields that has one. */
  of(...names: FieldName[]): FieldRule | undefined
  /** The rule of an attribute by its dotted path: the exact key before the longest `*`; of equals the last. */
  ofAttribute(place: Place, path: string): FieldRule | undefined
  /** True if a rule may name something below this path, so that JSON under it has to be opened. */
  reachesBelow(path: string): boolean
  hasAttributes: boolean
}
export type Place = 'attributes' | 'resource'

/** Looks up what to do with a field or an attribute. Throws `PilotError` for a rule that would break joins. */
export function fieldRules(rules: readonly FieldRule[]): FieldRules {
  const fields = new Map<string, FieldRule>()
  const attributes = new Map<string, FieldRule>()
  const add = (place: Place, key: string, rule: FieldRule) => attributes.set(`${place}.${key}`, rule)
  for (const rule of rules) {
    refuseLostJoins(rule)
    const name = aliases[rule.name] ?? rule.name
    if (isFieldName(name)) {
      fields.set(name, rule)
      for (const key of copies[name]?.split(' ') ?? []) add('attributes', key, rule)
    } else if (/^(?:attributes|resource)\../.test(name)) attributes.set(name, rule)
    else for (const place of ['attributes', 'resource'] as const) add(place, name, rule)
  }
  const prefixes = Array.from(attributes)
    .filter(([key]) => key.endsWith('*'))
    .map(([key, rule]) => ({ prefix: key.slice(0, -1), rule }))
    .sort((a, b) => b.prefix.length - a.prefix.length)
  const paths = Array.from(attributes.keys(), (key) => key.slice(key.indexOf('.') + 1))
  return {
    of: (...names) => names.map((name) => fields.get(name)).find((rule) => rule !== undefined),
    ofAttribute(place, path) {
      const full = `${place}.${path}`
      return attributes.get(full) ?? prefixes.find(({ prefix }) => full.startsWith(prefix))?.rule
    },
    reachesBelow: (path) => paths.some((known) => known.startsWith(`${path}.`)),
    hasAttributes: attributes.size > 0,
  }
}

const isFieldName = (name: string): name is FieldName => fieldNames.some((known) => known === name)

function refuseLostJoins(rule: FieldRule): void {
  const allowed = identities[aliases[rule.name] ?? rule.name]
  if (allowed === undefined || allowed.includes(rule.do)) return
  throw new PilotError(
    `The privacy rule ${rule.do} on ${rule.name} is refused: traces, requests and feedback are joined by it.`,
    {
      hint: allowed.includes('hash')
        ? 'Use hash: equal values keep equal tokens.'
        : 'Use hash on user, tenant or session instead.',
    },
  )
}
