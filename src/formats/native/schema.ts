import { feedbackKinds, spanKinds } from '../../core/span.js'

const text = (description: string) => ({ type: 'string', description })
const time = (description: string) => ({
  anyOf: [{ type: 'string' }, { type: 'number', minimum: 1e11, exclusiveMaximum: 1e14 }],
  description: `${description}: ISO 8601 (UTC where it names no zone) or epoch milliseconds.`,
})
const tokens = (description: string) => ({ type: 'number', minimum: 0, description })
const any = (description: string) => ({ description })

/** JSON Schema (draft-07) of one line of pilot's own format. Keys that are not listed are kept as attributes. */
export const nativeSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'One span of a pilot JSONL export',
  type: 'object',
  required: ['trace_id', 'span_id', 'name', 'start'],
  properties: {
    trace_id: text('One run of the workflow; OpenTelemetry hex, or any text that is unique.'),
    span_id: text('One step of the run, unique in its trace.'),
    parent_id: { type: ['string', 'null'], description: 'The span that this one is a step of; absent on the root.' },
    name: text('What the step is called, the same in every run.'),
    kind: { enum: [...spanKinds], description: 'What sort of step it is; `other` for plumbing.' },
    start: time('When the step began'),
    end: time('When it ended; absent while it runs'),
    status: { enum: ['ok', 'error', 'unset'], description: 'How it ended; `unset` counts as success.' },
    error: text('What went wrong; makes the status `error` unless `status` says otherwise.'),
    model: text('The model that was asked for.'),
    provider: text("Who runs the model, after OpenTelemetry's list: openai, anthropic, aws.bedrock, …"),
    prompt: {
      type: 'object',
      description: 'The managed prompt that this step used.',
      properties: {
        name: text('The name of the prompt.'),
        version: { type: ['string', 'number'], description: 'Its version, kept as text.' },
        template: text('Its text before variables were filled in.'),
        variables: { type: 'object', description: 'What was filled in.' },
      },
    },
    settings: { type: 'object', description: 'Model settings: temperature, max_tokens, …' },
    input: any('What the step was given: text or any JSON.'),
    output: any('What it answered: text or any JSON.'),
    messages: {
      type: 'array',
      description: 'The conversation; what follows the last message to the model is its answer.',
      items: {
        type: 'object',
        properties: {
          role: text('system, user, assistant or tool.'),
          content: any('Text, or a list of parts.'),
          tool_calls: { type: 'array', description: 'Calls that the model asked for: {id, name, arguments}.' },
          tool_call_id: text('On role tool: the call that this message answers.'),
        },
      },
    },
    documents: {
      type: 'array',
      description: 'What was retrieved, best first.',
      items: {
        type: 'object',
        properties: {
          id: text('The id of the document or chunk.'),
          content: text('Its text.'),
          score: { type: 'number', description: 'Its relevance; higher is better.' },
          metadata: { type: 'object', description: 'Where it is from: source, title, page, …' },
        },
      },
    },
    tool: {
      type: 'object',
      description: 'On a tool step: the call.',
      properties: {
        name: text('The name of the tool.'),
        call_id: text("The model's id of the call."),
        arguments: any('What it was called with.'),
        result: any('What it returned.'),
      },
    },
    usage: {
      type: 'object',
      description: 'Tokens that this step itself used, not those of its steps.',
      properties: {
        input_tokens: tokens('Sent to the model, cache reads and writes included.'),
        output_tokens: tokens('Answered, reasoning included.'),
        cache_read_tokens: tokens('Of the input: read from a cache.'),
        cache_write_tokens: tokens('Of the input: written to a cache.'),
        reasoning_tokens: tokens('Of the output: reasoning.'),
      },
    },
    cost_usd: { type: 'number', minimum: 0, description: 'What this step cost in US dollars, where you know it.' },
    user: text('Who asked.'),
    tenant: text('The customer or organisation that the user belongs to.'),
    session: text('The conversation.'),
    request: text("The application's own id of the request, as in its log."),
    environment: text('production, staging, …'),
    release: text('The deployed version of the code: a commit or a build.'),
    workflow: text('The workflow that the run belongs to.'),
    service: text('The service that made the span.'),
    retries: {
      type: 'number',
      minimum: 0,
      description: 'How many times this call was tried again inside this span, where you know it.',
    },
    fallback_from: text('The model that was asked first and did not answer; `model` is the one that was asked then.'),
    scores: {
      type: 'array',
      description: 'Judgements of this step.',
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          id: text('Its id: the same id again, judged later, replaces it.'),
          name: text('What was judged: relevance, correctness, …'),
          value: { type: 'number', description: 'The judgement as a number.' },
          label: text('The judgement as a word.'),
          comment: text('Why.'),
          source: { enum: ['human', 'model', 'code', 'user'], description: 'Who judged.' },
          time: time('When it was judged'),
        },
      },
    },
    feedback: {
      type: 'array',
      description: 'What users said of this step.',
      items: {
        type: 'object',
        required: ['kind'],
        properties: {
          id: text('Its id: the same id and kind again, given later, replaces it.'),
          kind: { enum: [...feedbackKinds], description: 'What sort of feedback it is.' },
          name: text('What was judged: helpfulness, tone …'),
          value: { type: 'number', description: 'thumbs: 1 up, -1 down; rating: the number given.' },
          comment: text("The user's words."),
          user: text('Who gave it.'),
          source: { enum: ['user', 'annotator'], description: 'A user, or somebody who was asked to judge.' },
          time: time('When it was given'),
        },
      },
    },
    tags: { type: 'array', items: { type: 'string' }, description: 'Free labels.' },
    stored: {
      type: 'object',
      description:
        'All of a span as pilot export writes it: no other field but trace_id, span_id, name and start is read then.',
    },
    findings: { type: 'object', description: 'Beside stored: what detectors had found in the span.' },
    attributes: {
      type: 'object',
      description: 'Anything else; OpenTelemetry GenAI and OpenInference names are understood.',
    },
  },
} as const
