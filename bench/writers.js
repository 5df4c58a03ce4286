/**
 * One trace of the bench, as each platform exports it: what stands in the records is the same everywhere, ten spans with prompts
 * and answers of the same length. A trace is `{id, uuid, tenant, user, session, spans: [{id, uuid, isRoot, startMs, endMs, model,
 * input, output, inTokens, outTokens}]}`; the first span is the root. Each writer gives the records of one file, one a line.
 */
export const writers = {
  'openai-agents': (trace) => [
    {
      object: 'trace',
      id: `trace_${trace.id}`,
      workflow_name: 'support',
      group_id: trace.session,
      metadata: metadata(trace),
    },
    ...trace.spans.map((span) => ({
      ...{ object: 'trace.span', id: `span_${span.id}`, trace_id: `trace_${trace.id}` },
      parent_id: span.isRoot ? null : `span_${trace.spans[0].id}`,
      ...{ started_at: iso(span.startMs), ended_at: iso(span.endMs), error: null },
      span_data: {
        ...{ type: 'generation', input: asked(span), output: answered(span), model: span.model },
        model_config: { temperature: 0.2, top_p: null, max_tokens: null, base_url: 'https://api.openai.com/v1/' },
        usage: { input_tokens: span.inTokens, output_tokens: span.outTokens },
      },
    })),
  ],
  langsmith: (trace) =>
    trace.spans.map((span) => ({
      ...{ id: span.uuid, trace_id: trace.spans[0].uuid, name: 'ChatOpenAI', run_type: span.isRoot ? 'chain' : 'llm' },
      parent_run_id: span.isRoot ? null : trace.spans[0].uuid,
      dotted_order: `20260302T090001250000Z${trace.spans[0].uuid}${span.isRoot ? '' : `.20260302T090001250000Z${span.uuid}`}`,
      ...{ start_time: iso(span.startMs), end_time: iso(span.endMs), status: 'success', error: null, serialized: null },
      ...{ session_id: trace.uuid, events: [], tags: ['bench'], feedback_stats: null, reference_example_id: null },
      ...{
        inputs: { messages: asked(span) },
        outputs: { choices: answered(span).map((message, index) => ({ index, message })) },
      },
      extra: {
        metadata: { ...metadata(trace), ls_provider: 'openai', ls_model_name: span.model, ls_temperature: 0.2 },
      },
      ...{
        prompt_tokens: span.inTokens,
        completion_tokens: span.outTokens,
        total_tokens: span.inTokens + span.outTokens,
      },
      ...{
        total_cost: '0.0012',
        prompt_cost: '0.0008',
        completion_cost: '0.0004',
        app_path: `/o/x/projects/p/y/r/${span.uuid}`,
      },
    })),
  braintrust: (trace) =>
    trace.spans.map((span) => ({
      ...{
        id: span.uuid,
        span_id: span.id,
        root_span_id: trace.spans[0].id,
        is_root: span.isRoot,
        _xact_id: '1000196050791148460',
      },
      span_parents: span.isRoot ? null : [trace.spans[0].id],
      ...{
        created: iso(span.startMs),
        project_id: trace.uuid,
        org_id: trace.uuid,
        log_id: 'g',
        tags: null,
        expected: null,
        error: null,
      },
      ...{
        input: asked(span),
        output: answered(span).map((message) => ({ message, finish_reason: 'stop' })),
        scores: {},
      },
      metadata: { ...metadata(trace), model: span.model, provider: 'openai', temperature: 0.2 },
      metrics: {
        ...{ start: span.startMs / 1000, end: span.endMs / 1000, prompt_tokens: span.inTokens },
        ...{ completion_tokens: span.outTokens, tokens: span.inTokens + span.outTokens },
      },
      span_attributes: { name: 'chat', type: span.isRoot ? 'task' : 'llm', exec_counter: 1 },
      ...{ context: { caller_filename: 'app.py', caller_functionname: 'answer', caller_lineno: 80 }, origin: null },
    })),
  promptlayer: (trace) =>
    trace.spans.map((span) => ({
      ...{
        id: span.number,
        user_id: 1,
        prompt_id: 44,
        prompt_version_number: 7,
        prompt_input_variables: { tone: 'friendly' },
      },
      ...{ provider_type: 'openai', function_name: 'openai.chat.completions.create', function_args: [] },
      function_kwargs: { model: span.model, messages: asked(span), temperature: 0.2 },
      request_response: completion(span),
      ...{ request_start_time: iso(span.startMs).slice(0, -1), request_end_time: iso(span.endMs).slice(0, -1) },
      ...{ is_sharable: false, share_hash: span.id, share_view_count: 0, is_starred: false, price: 0.0012, score: 0 },
      ...{
        engine: span.model,
        tokens: span.inTokens + span.outTokens,
        input_tokens: span.inTokens,
        output_tokens: span.outTokens,
      },
      ...{ workspace_id: 1, span_id: null, created_at: 'Mon, 02 Mar 2026 10:21:52 GMT', scores: [], type: 'request' },
      metadata: Object.entries(metadata(trace)).map(([key, value]) => ({ [key]: value })),
      ...{ tags_array: ['bench'], prompt_string: span.input, response_string: span.output, prompt_version: null },
    })),
  litellm: (trace) =>
    trace.spans.map((span) => ({
      ...{
        id: `chatcmpl-${span.uuid}`,
        trace_id: trace.uuid,
        call_type: 'acompletion',
        cache_hit: null,
        stream: false,
      },
      ...{ status: 'success', custom_llm_provider: 'openai', saved_cache_cost: 0 },
      ...{ startTime: span.startMs / 1000, endTime: span.endMs / 1000, completionStartTime: span.endMs / 1000 },
      ...{ response_time: 1, model: span.model, cache_key: null, response_cost: 0.0012, end_user: trace.user },
      metadata: { user_api_key_hash: span.id, user_api_key_team_id: trace.tenant, requester_metadata: metadata(trace) },
      ...{
        total_tokens: span.inTokens + span.outTokens,
        prompt_tokens: span.inTokens,
        completion_tokens: span.outTokens,
      },
      ...{ request_tags: ['bench'], api_base: '', model_group: span.model, model_id: '', requester_ip_address: null },
      ...{ messages: asked(span), response: completion(span), model_parameters: { temperature: 0.2 }, error_str: null },
      hidden_params: {
        model_id: null,
        cache_key: null,
        api_base: 'https://api.openai.com',
        litellm_model_name: span.model,
      },
    })),
  helicone: (trace) =>
    trace.spans.map((span, index) => ({
      ...{
        request_id: span.uuid,
        response_id: `r-${span.uuid}`,
        request_path: '/v1/chat/completions',
        provider: 'OPENAI',
      },
      ...{
        request_created_at: iso(span.startMs),
        response_created_at: iso(span.endMs),
        delay_ms: 35,
        response_status: 200,
      },
      ...{ request_model: span.model, response_model: span.model, model_override: null, model: span.model },
      request_properties: {
        ...{
          'Helicone-Session-Id': trace.session,
          'Helicone-Session-Path': span.isRoot ? '/answer' : `/answer/step${index}`,
        },
        ...{ 'Helicone-Session-Name': 'Support', ...metadata(trace) },
      },
      ...{
        prompt_tokens: span.inTokens,
        completion_tokens: span.outTokens,
        total_tokens: span.inTokens + span.outTokens,
      },
      ...{
        cost: 0.0012,
        costUSD: 0.0012,
        request_user_id: trace.user,
        time_to_first_token: 20,
        cache_reference_id: null,
        country_code: 'DE',
        helicone_user: null,
        scores: {},
        asset_ids: [],
        asset_urls: {},
        signed_body_url: `https://bodies.example/${span.uuid}?signature=${trace.id.repeat(16)}`,
        target_url: 'https://api.openai.com/v1/chat/completions',
        cache_enabled: false,
        prompt_id: null,
        feedback_rating: null,
      },
      ...{
        request_body: { model: span.model, temperature: 0.2, messages: asked(span) },
        response_body: completion(span),
      },
    })),
  langfuse: (trace) =>
    trace.spans.map((span) => ({
      ...{
        id: span.id,
        traceId: trace.id,
        projectId: trace.uuid,
        type: span.isRoot ? 'SPAN' : 'GENERATION',
        name: 'chat',
      },
      ...{ parentObservationId: span.isRoot ? null : trace.spans[0].id, environment: 'production', level: 'DEFAULT' },
      ...{
        startTime: iso(span.startMs),
        endTime: iso(span.endMs),
        completionStartTime: null,
        statusMessage: null,
        version: null,
      },
      ...{ createdAt: iso(span.endMs), updatedAt: iso(span.endMs), input: asked(span), output: answered(span)[0] },
      ...{ model: span.model, internalModelId: trace.uuid, modelParameters: { temperature: '0.2' } },
      ...{ promptId: null, promptName: 'support-answer', promptVersion: 7, latency: 0.035, timeToFirstToken: null },
      usageDetails: { input: span.inTokens, output: span.outTokens, total: span.inTokens + span.outTokens },
      ...{
        costDetails: { input: 0.0008, output: 0.0004, total: 0.0012 },
        totalCost: 0.0012,
        metadata: metadata(trace),
      },
      ...{
        inputPrice: null,
        outputPrice: null,
        totalPrice: null,
        calculatedInputCost: 0.0008,
        calculatedOutputCost: 0.0004,
      },
    })),
  opik: (trace) => [
    {
      trace: {
        id: trace.uuid,
        name: 'answer',
        start_time: iso(trace.spans[0].startMs),
        end_time: iso(trace.spans[0].endMs),
      },
      spans: trace.spans.map((span) => ({
        ...{ id: span.uuid, trace_id: trace.uuid, parent_span_id: span.isRoot ? null : trace.spans[0].uuid },
        ...{
          name: 'chat',
          type: span.isRoot ? 'general' : 'llm',
          start_time: iso(span.startMs),
          end_time: iso(span.endMs),
        },
        ...{ input: { messages: asked(span) }, output: { choices: answered(span).map((message) => ({ message })) } },
        ...{ metadata: metadata(trace), tags: ['bench'], model: span.model, provider: 'openai', error_info: null },
        usage: {
          prompt_tokens: span.inTokens,
          completion_tokens: span.outTokens,
          total_tokens: span.inTokens + span.outTokens,
        },
        ...{ created_at: iso(span.endMs), last_updated_at: iso(span.endMs), created_by: 'bot', last_updated_by: 'bot' },
        ...{ feedback_scores: null, total_estimated_cost: 0.0012, duration: 35, ttft: null },
      })),
      ...{ downloaded_at: iso(trace.spans[0].endMs), project_name: 'support' },
    },
  ],
  weave: (trace) =>
    trace.spans.map((span) => ({
      ...{
        id: span.uuid,
        project_id: 'acme/support',
        op_name: `weave:///acme/support/op/${span.isRoot ? 'answer' : 'openai.chat.completions.create'}:x`,
      },
      ...{
        display_name: null,
        trace_id: trace.uuid,
        parent_id: span.isRoot ? null : trace.spans[0].uuid,
        thread_id: null,
      },
      ...{
        started_at: iso(span.startMs),
        ended_at: iso(span.endMs),
        exception: null,
        deleted_at: null,
        wb_user_id: 'u',
      },
      ...{ inputs: { model: span.model, temperature: 0.2, messages: asked(span) }, output: completion(span) },
      ...{ attributes: { weave: { client_version: '0.51.50', source: 'python-sdk' }, ...metadata(trace) } },
      summary: {
        usage: { [span.model]: { requests: 1, prompt_tokens: span.inTokens, completion_tokens: span.outTokens } },
        weave: { status: 'success', trace_name: 'answer', latency_ms: 35 },
      },
    })),
  mlflow: (trace) => [
    {
      info: {
        ...{
          trace_id: `tr-${trace.id}`,
          request_time: iso(trace.spans[0].startMs),
          execution_duration: '0.4s',
          state: 'OK',
        },
        trace_metadata: { 'mlflow.trace.user': trace.user, 'mlflow.trace.session': trace.session },
        ...{ tags: { 'mlflow.traceName': 'answer', tenant_id: trace.tenant }, assessments: [] },
      },
      data: {
        spans: trace.spans.map((span) => ({
          ...{
            trace_id: base64(trace.id),
            span_id: base64(span.id),
            parent_span_id: span.isRoot ? '' : base64(trace.spans[0].id),
          },
          ...{
            name: 'chat',
            start_time_unix_nano: span.startMs * 1e6,
            end_time_unix_nano: span.endMs * 1e6,
            events: [],
          },
          ...{ status: { code: 'STATUS_CODE_OK', message: '' } },
          attributes: {
            'mlflow.traceRequestId': JSON.stringify(`tr-${trace.id}`),
            'mlflow.spanType': span.isRoot ? '"AGENT"' : '"CHAT_MODEL"',
            'mlflow.spanInputs': JSON.stringify({ messages: asked(span), model: span.model, temperature: 0.2 }),
            'mlflow.spanOutputs': JSON.stringify(completion(span)),
            'mlflow.chat.tokenUsage': JSON.stringify({ input_tokens: span.inTokens, output_tokens: span.outTokens }),
            'mlflow.llm.model': JSON.stringify(span.model),
          },
        })),
      },
    },
  ],
  phoenix: (trace) =>
    trace.spans.map((span) => ({
      ...{
        id: span.uuid,
        name: 'chat',
        context: { trace_id: trace.id, span_id: span.id },
        span_kind: span.isRoot ? 'AGENT' : 'LLM',
      },
      ...{ parent_id: span.isRoot ? null : trace.spans[0].id, status_code: 'OK', status_message: '', events: [] },
      ...{ start_time: iso(span.startMs).replace('Z', '+00:00'), end_time: iso(span.endMs).replace('Z', '+00:00') },
      attributes: openinference(trace, span),
    })),
  jaeger: (trace) => [
    {
      data: [
        {
          traceID: trace.id,
          spans: trace.spans.map((span) => ({
            ...{
              traceID: trace.id,
              spanID: span.id,
              operationName: 'chat',
              flags: 1,
              processID: 'p1',
              warnings: null,
              logs: [],
            },
            references: span.isRoot ? [] : [{ refType: 'CHILD_OF', traceID: trace.id, spanID: trace.spans[0].id }],
            ...{ startTime: span.startMs * 1000, duration: 35_000 },
            tags: Object.entries(genai(trace, span)).map(([key, value]) => ({
              key,
              type: typeof value === 'string' ? 'string' : Number.isInteger(value) ? 'int64' : 'float64',
              value,
            })),
          })),
          processes: {
            p1: { serviceName: 'support-bot', tags: [{ key: 'service.version', type: 'string', value: '4c1d9e2' }] },
          },
          warnings: null,
        },
      ],
      ...{ total: 0, limit: 0, offset: 0, errors: null },
    },
  ],
  logfire: (trace) =>
    trace.spans.map((span) => ({
      ...{
        created_at: iso(span.endMs),
        start_timestamp: iso(span.startMs),
        end_timestamp: iso(span.endMs),
        duration: 0.035,
      },
      ...{
        trace_id: trace.id,
        span_id: span.id,
        parent_span_id: span.isRoot ? null : trace.spans[0].id,
        kind: 'span',
        level: 9,
      },
      ...{ span_name: 'chat {model}', message: 'chat gpt-4.1', is_exception: false, exception_type: null, tags: [] },
      ...{
        attributes: genai(trace, span),
        otel_scope_name: 'pydantic-ai',
        otel_status_code: null,
        otel_events: [],
        otel_links: [],
      },
      ...{
        otel_resource_attributes: { 'service.name': 'support-bot' },
        service_name: 'support-bot',
        deployment_environment: 'production',
      },
    })),
  'span-tree': (trace) => {
    const node = (span, children) => ({
      ...{
        timestamp: iso(span.startMs),
        trace_id: trace.id,
        span_id: span.id,
        trace_state: '',
        span_name: 'chat',
        span_kind: 'Internal',
      },
      ...{ parent_span_id: span.isRoot ? null : trace.spans[0].id, service_name: 'support-bot', duration: 'PT0.035S' },
      ...{
        status_code: 'Unset',
        status_message: '',
        scope_name: 'patronus.sdk',
        scope_version: '1.2',
        events: [],
        links: [],
        logs: [],
      },
      ...{ resource_attributes: { 'service.name': 'support-bot' }, span_attributes: texts(openinference(trace, span)) },
      child_spans: children,
    })
    const [root, ...calls] = trace.spans
    return [
      {
        trace_id: trace.id,
        spans: [
          node(
            root,
            calls.map((call) => node(call, [])),
          ),
        ],
      },
    ]
  },
  events: (trace) =>
    trace.spans.flatMap((span) => {
      const begun = {
        ...{
          span_id: span.id,
          trace_id: trace.id,
          parent_id: span.isRoot ? null : trace.spans[0].id,
          name: 'chat',
          kind: 'llm',
        },
        ...{
          start_time: iso(span.startMs),
          end_time: null,
          duration_ms: null,
          attributes: {},
          events: [],
          status: 'ok',
        },
      }
      const ended = { ...begun, end_time: iso(span.endMs), duration_ms: 35, attributes: genai(trace, span) }
      return [
        { event: 'start', timestamp: iso(span.startMs), span: begun },
        { event: 'end', timestamp: iso(span.endMs), span: ended },
      ]
    }),
  'sdk-spans': (trace) =>
    trace.spans.map((span) => ({
      ...{ trace_id: trace.id, span_id: span.id, parent_span_id: span.isRoot ? null : trace.spans[0].id, name: 'chat' },
      ...{ start_time: span.startMs * 1e6, end_time: span.endMs * 1e6, attributes: genai(trace, span) },
      ...{
        scope: { name: 'bench', version: '1' },
        status: { code: 'UNSET' },
        span_events: [],
        resource: { 'service.name': 'support-bot' },
      },
    })),
  openai: (trace) =>
    trace.spans.map((span) => ({
      request: { model: span.model, temperature: 0.2, messages: asked(span) },
      response: completion(span),
    })),
  anthropic: (trace) =>
    trace.spans.map((span) => ({
      request: {
        model: 'claude-sonnet-4-5',
        max_tokens: 1024,
        messages: asked(span),
        metadata: { user_id: trace.user },
      },
      response: {
        ...{
          id: `msg_${span.id}`,
          type: 'message',
          role: 'assistant',
          model: 'claude-sonnet-4-5-20250929',
          stop_reason: 'end_turn',
        },
        ...{ content: [{ type: 'text', text: span.output }], stop_sequence: null },
        usage: {
          input_tokens: span.inTokens,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
          output_tokens: span.outTokens,
        },
      },
    })),
  'claude-code': (trace) => {
    const line = {
      ...{
        isSidechain: false,
        userType: 'external',
        cwd: '/work',
        sessionId: trace.uuid,
        version: '2.1.84',
        gitBranch: 'main',
      },
      promptId: trace.uuid,
    }
    const [root, ...calls] = trace.spans
    const asking = {
      ...line,
      parentUuid: null,
      type: 'user',
      uuid: root.uuid,
      timestamp: iso(root.startMs),
      message: asked(root)[0],
    }
    return [asking, ...calls.flatMap((span) => [claudeSays(line, span), toolSays(line, span)])]
  },
  codex: (trace) =>
    trace.spans.flatMap((span) => {
      const line = (type, payload, ms) => ({ timestamp: iso(ms), type, payload })
      const usage = {
        input_tokens: span.inTokens,
        cached_input_tokens: 0,
        output_tokens: span.outTokens,
        reasoning_output_tokens: 0,
      }
      return [
        line('event_msg', { type: 'task_started', turn_id: span.uuid, model_context_window: 258_400 }, span.startMs),
        line(
          'turn_context',
          { turn_id: span.uuid, cwd: '/work', model: span.model, approval_policy: 'never' },
          span.startMs,
        ),
        line(
          'response_item',
          { type: 'message', role: 'user', content: [{ type: 'input_text', text: span.input }] },
          span.startMs,
        ),
        line('event_msg', { type: 'user_message', message: span.input, images: [] }, span.startMs),
        line(
          'response_item',
          { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: span.output }] },
          span.endMs,
        ),
        line(
          'event_msg',
          { type: 'token_count', info: { total_token_usage: usage, last_token_usage: usage } },
          span.endMs,
        ),
        line('event_msg', { type: 'task_complete', turn_id: span.uuid, last_agent_message: span.output }, span.endMs),
      ]
    }),
  native: (trace) =>
    trace.spans.map((span) => ({
      ...{ trace_id: trace.id, span_id: span.id, parent_id: span.isRoot ? undefined : trace.spans[0].id, name: 'chat' },
      ...{
        kind: span.isRoot ? 'agent' : 'llm',
        start: iso(span.startMs),
        end: iso(span.endMs),
        status: 'ok',
        model: span.model,
      },
      ...{
        provider: 'openai',
        settings: { temperature: 0.2 },
        tenant: trace.tenant,
        user: trace.user,
        session: trace.session,
      },
      ...{
        messages: [...asked(span), ...answered(span)],
        usage: { input_tokens: span.inTokens, output_tokens: span.outTokens },
      },
    })),
}

/** A message that calls a tool. */
function claudeSays(line, span) {
  const text = { type: 'text', text: span.output }
  const call = { type: 'tool_use', id: `toolu_${span.id}`, name: 'Bash', input: { command: 'ls', description: 'List' } }
  const usage = {
    input_tokens: span.inTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: span.outTokens,
  }
  return {
    ...{
      ...line,
      parentUuid: span.uuid,
      type: 'assistant',
      uuid: `${span.uuid}-a`,
      timestamp: iso(span.startMs),
      requestId: span.id,
    },
    message: {
      ...{
        id: `msg_${span.id}`,
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-4-5-20250929',
        content: [text, call],
      },
      ...{ stop_reason: 'tool_use', stop_sequence: null, usage },
    },
  }
}

/** What the tool answers: the transcript holds it twice. */
function toolSays(line, span) {
  const result = { type: 'tool_result', tool_use_id: `toolu_${span.id}`, content: span.input, is_error: false }
  return {
    ...{ ...line, parentUuid: `${span.uuid}-a`, type: 'user', uuid: `${span.uuid}-t`, timestamp: iso(span.endMs) },
    ...{
      message: { role: 'user', content: [result] },
      toolUseResult: { stdout: span.input, stderr: '', interrupted: false },
    },
  }
}

const iso = (ms) => new Date(ms).toISOString()
const asked = ({ input }) => [{ role: 'user', content: input }]
const answered = ({ output }) => [{ role: 'assistant', content: output }]
const metadata = ({ tenant, user, session }) => ({
  tenant_id: tenant,
  user_id: user,
  session_id: session,
  environment: 'production',
})
const base64 = (hex) => Buffer.from(hex, 'hex').toString('base64')
const texts = (object) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, String(value)]))

function completion(span) {
  return {
    ...{
      id: `chatcmpl-${span.id}`,
      object: 'chat.completion',
      created: Math.floor(span.startMs / 1000),
      model: span.model,
    },
    choices: answered(span).map((message, index) => ({ index, message, finish_reason: 'stop' })),
    usage: {
      prompt_tokens: span.inTokens,
      completion_tokens: span.outTokens,
      total_tokens: span.inTokens + span.outTokens,
    },
    system_fingerprint: null,
  }
}

function genai(trace, span) {
  return {
    'gen_ai.operation.name': span.isRoot ? 'invoke_agent' : 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': span.model,
    'gen_ai.response.model': `${span.model}-2025-04-14`,
    'gen_ai.response.id': `chatcmpl-${span.id}`,
    'gen_ai.request.temperature': 0.2,
    'gen_ai.usage.input_tokens': span.inTokens,
    'gen_ai.usage.output_tokens': span.outTokens,
    'tenant.id': trace.tenant,
    'user.id': trace.user,
    'session.id': trace.session,
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: span.input }] }]),
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: span.output }] }]),
  }
}

function openinference(trace, span) {
  return {
    'openinference.span.kind': span.isRoot ? 'AGENT' : 'LLM',
    'llm.provider': 'openai',
    'llm.model_name': span.model,
    'llm.invocation_parameters': '{"temperature":0.2}',
    'llm.input_messages.0.message.role': 'user',
    'llm.input_messages.0.message.content': span.input,
    'llm.output_messages.0.message.role': 'assistant',
    'llm.output_messages.0.message.content': span.output,
    'llm.token_count.prompt': span.inTokens,
    'llm.token_count.completion': span.outTokens,
    'user.id': trace.user,
    'session.id': trace.session,
    metadata: JSON.stringify({ tenant_id: trace.tenant }),
  }
}
