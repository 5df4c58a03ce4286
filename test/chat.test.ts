import { describe, expect, it } from 'vitest'
import { askChat, type ChatEndpoint, type ChatRequest } from '../src/io/chat.js'
import { type Answerer, answer, breakOff, drip, hang, reset, serve } from './fault-server.js'

const key = 'sk-test-0123456789abcdef'
const request: ChatRequest = { model: 'm1', messages: [{ role: 'user', content: 'Why?' }] }

/** What a server of the chat-completions form answers. */
function completion(message: object, more: object = {}, top: object = {}): string {
  return JSON.stringify({
    id: 'c1',
    object: 'chat.completion',
    model: 'm1-2026',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...more }],
    usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    ...top,
  })
}

const said = (content: unknown) => answer(200, completion({ content }))

/** A stream of events, each of which is one chunk or a word. */
function events(...data: (object | string)[]): Answerer {
  const lines = data.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`)
  return answer(200, lines.join(''), { 'content-type': 'text/event-stream; charset=utf-8' })
}

const chunk = (delta: object, finish_reason: string | null = null) => ({
  model: 'm1-2026',
  choices: [{ index: 0, delta, finish_reason }],
})

/** Asks a server that answers like this, without waiting between attempts. */
async function ask(answers: Answerer[], more: Partial<ChatEndpoint> = {}, asked: Partial<ChatRequest> = {}) {
  const { url, received } = await serve(...answers)
  const endpoint = { url, key, timeoutMs: 5000, retries: 3, sleep: async () => {}, ...more }
  return { got: await askChat(endpoint, { ...request, ...asked }), received }
}

describe('a question', () => {
  it('is posted with the key, the idempotency key and the settings, which do not replace the messages', async () => {
    const settings = { temperature: 0, seed: 7, response_format: { type: 'json_object' }, model: 'other', messages: [] }
    const { got, received } = await ask([said('Because.')], {}, { settings, idempotencyKey: 'case-1' })
    expect(got).toEqual({
      text: 'Because.',
      model: 'm1-2026',
      inputTokens: 12,
      outputTokens: 3,
      finishReason: 'stop',
      latencyMs: expect.any(Number),
      attempts: 1,
    })
    expect(received).toHaveLength(1)
    expect(received[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': 'case-1', 'content-type': 'application/json' },
    })
    expect(JSON.parse(received[0]!.body)).toEqual({
      temperature: 0,
      seed: 7,
      response_format: { type: 'json_object' },
      model: 'm1',
      messages: [{ role: 'user', content: 'Why?' }],
    })
  })

  it('without a key has no authorization', async () => {
    const { received } = await ask([said('Because.')], { key: undefined })
    expect(received[0]!.headers).not.toHaveProperty('authorization')
    expect(received[0]!.headers).not.toHaveProperty('idempotency-key')
  })

  it.each([
    ['/v1', '/v1/chat/completions'],
    ['/v1/', '/v1/chat/completions'],
    ['', '/chat/completions'],
    ['/v1/chat/completions', '/v1/chat/completions'],
    ['/openai?api-version=1', '/openai/chat/completions?api-version=1'],
  ])('to a base of %j goes to %s', async (base, path) => {
    const { url, received } = await serve(said('Because.'))
    await askChat({ url: new URL(base, url.origin), key, timeoutMs: 5000, retries: 0 }, request)
    expect(received.map((one) => one.path)).toEqual([path])
  })

  it('with a key is not sent over http to another machine', async () => {
    const url = new URL('http://judge.invalid/v1')
    expect(await askChat({ url, key, timeoutMs: 100, retries: 0 }, request)).toEqual({
      failure: 'a key is sent over http to this machine alone, to all others over https',
    })
  })
})

describe('an answer', () => {
  it.each([
    ['text', 'Because.', 'Because.'],
    ['text with its own space', ' a\n', ' a\n'],
    ['one part', [{ type: 'text', text: 'Because.' }], 'Because.'],
    [
      'parts of which one is no text',
      [{ type: 'text', text: 'a' }, { type: 'image' }, { type: 'text', text: 'b' }],
      'ab',
    ],
    ['600 KB', 'é'.repeat(300_000), 'é'.repeat(300_000)],
  ])('may be %s', async (_, content, text) => {
    expect((await ask([said(content)])).got).toMatchObject({ text })
  })

  it.each<[string, object]>([
    ['none', { usage: undefined }],
    ['null', { usage: null }],
    ['no object', { usage: [1] }],
    ['no numbers', { usage: { prompt_tokens: '12', completion_tokens: -1 } }],
    ['no whole numbers', { usage: { prompt_tokens: 0.5, completion_tokens: 1e300 } }],
  ])('whose usage is %s has no tokens', async (_, top) => {
    const { got } = await ask([
      answer(200, completion({ content: 'a' }, { finish_reason: null }, { ...top, model: 7 })),
    ])
    expect(got).toEqual({ text: 'a', latencyMs: expect.any(Number), attempts: 1 })
  })

  it('may be a stream of events that nobody asked for', async () => {
    const { got } = await ask([
      events(
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: 'Be' }),
        chunk({ content: 'cause.' }),
        chunk({}, 'stop'),
        { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } },
        '[DONE]',
      ),
    ])
    expect(got).toEqual({
      text: 'Because.',
      model: 'm1-2026',
      inputTokens: 5,
      outputTokens: 2,
      finishReason: 'stop',
      latencyMs: expect.any(Number),
      attempts: 1,
    })
  })

  it.each([
    [
      'carriage returns, comments and no space after the colon',
      ': ping\r\n\r\nevent: x\r\ndata:{"choices":[{"delta":{"content":"a"}}]}\r\n\r\ndata: [DONE]\r\n\r\n',
    ],
    ['data in two lines', 'data: {"choices":\ndata: [{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n'],
    ['no [DONE], but a reason why it finished', 'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}'],
    ['no reason why it finished, but [DONE]', 'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]'],
    ['a whole message as its one event', `data: ${completion({ content: 'a' })}\n\n`],
  ])('may be a stream with %s', async (_, body) => {
    const { got } = await ask([answer(200, body, { 'content-type': 'text/event-stream' })])
    expect(got).toMatchObject({ text: 'a' })
  })
})

describe('an answer that is none', () => {
  const none = 'the answer is no chat completion: '
  const eventStream = { 'content-type': 'text/event-stream' }
  it.each<[string, Answerer, string]>([
    ['nothing', answer(200), `${none}it is empty`],
    ['204', answer(204), `${none}it is empty`],
    ['a web page', answer(200, '<!doctype html><p>Log in'), `${none}it is a web page`],
    ['half JSON', answer(200, completion({ content: 'Because.' }).slice(0, -40)), `${none}it ends early`],
    ['words', answer(200, 'upstream is busy'), `${none}it is not JSON`],
    ['bytes', answer(200, Buffer.from([0xff, 0xfe, 0, 1])), `${none}it is not JSON`],
    ['JSON 100,000 levels deep', answer(200, `${'['.repeat(100_000)}${']'.repeat(100_000)}`), `${none}it is not JSON`],
    ['null', answer(200, 'null'), `${none}it has no choices`],
    ['a list', answer(200, '[]'), `${none}it has no choices`],
    ['no choices', answer(200, '{"choices":{}}'), `${none}it has no choices`],
    ['empty choices', answer(200, '{"choices":[]}'), `${none}its choices are empty`],
    ['choices of null', answer(200, '{"choices":[null]}'), `${none}it has no content`],
    ['no message', answer(200, '{"choices":[{}]}'), `${none}it has no content`],
    ['no content', said(undefined), `${none}it has no content`],
    ['content of null', said(null), `${none}it has no content`],
    ['content that is a number', said(10), `${none}it has no content`],
    ['parts without text', said([{ type: 'image' }, 'text', null]), `${none}it has no content`],
    ['empty text', said(''), 'the answer is empty'],
    ['only space', said(' \n'), 'the answer is empty'],
    ['an error with 200', answer(200, '{"error":{"message":"overloaded"}}'), `${none}it says overloaded`],
    ['an error as text', answer(200, '{"error":"model not found"}'), `${none}it says model not found`],
    [
      'a refusal',
      answer(200, completion({ content: null, refusal: "I can't\nhelp." })),
      "the model refused: I can't help.",
    ],
    [
      'a cut',
      answer(200, completion({ content: 'Beca' }, { finish_reason: 'length' })),
      'the answer was cut off at its token limit',
    ],
    [
      'a cut before the first word',
      answer(200, completion({ content: '' }, { finish_reason: 'length' })),
      'the answer was cut off at its token limit',
    ],
    [
      'what a filter left',
      answer(200, completion({ content: '' }, { finish_reason: 'content_filter' })),
      'the answer was withheld by a content filter',
    ],
    [
      'a call of a tool',
      answer(200, completion({ content: null, tool_calls: [{ id: 't' }] })),
      'the model called a tool instead of answering',
    ],
    ['an empty stream', answer(200, '', eventStream), `${none}its stream is empty`],
    ['a stream without data', answer(200, ': ping\n\n', eventStream), `${none}its stream is empty`],
    ['a stream that is done at once', events('[DONE]'), `${none}its stream is empty`],
    ['half a stream', events(chunk({ content: 'Beca' })), `${none}half a stream`],
    [
      'a stream that ends in mid-event',
      answer(200, `data: ${JSON.stringify(chunk({ content: 'Beca' }))}\n\ndata: {"choi`, eventStream),
      `${none}half a stream`,
    ],
    ['a stream of words', events('hello'), `${none}an event of its stream is not JSON`],
    [
      'a stream that breaks off with an error',
      events(chunk({ content: 'Beca' }), { error: { message: 'overloaded' } }),
      `${none}it says overloaded`,
    ],
    [
      'a stream that was cut',
      events(chunk({ content: 'Beca' }), chunk({}, 'length'), '[DONE]'),
      'the answer was cut off at its token limit',
    ],
    [
      'a stream of a refusal',
      events(chunk({ refusal: 'I ' }), chunk({ refusal: 'cannot.' }, 'stop'), '[DONE]'),
      'the model refused: I cannot.',
    ],
    ['more than 10 MB', answer(200, Buffer.alloc(10_000_001, ' ')), 'answer larger than 10 MB'],
  ])('%s is a failure after one call', async (_, answerer, failure) => {
    const { got, received } = await ask([answerer])
    expect(got).toEqual({ failure })
    expect(received).toHaveLength(1)
  })
})

describe('a faulty server', () => {
  it.each<[string, Answerer[], number]>([
    ['429 with Retry-After, then an answer', [answer(429, '', { 'retry-after': '1' }), said('Because.')], 2],
    ['500 three times, then an answer', [answer(500), answer(500), answer(500), said('Because.')], 4],
    ['a reset, half an answer, then an answer', [reset('{"choi'), breakOff('{"choi'), said('Because.')], 3],
    ['silence, then an answer', [hang, said('Because.')], 2],
  ])('%s: the answer, asked for with one idempotency key', async (_, answers, attempts) => {
    const { got, received } = await ask(answers, { timeoutMs: 300 }, { idempotencyKey: 'case-1' })
    expect(got).toMatchObject({ text: 'Because.', attempts })
    expect(received.map((one) => one.headers['idempotency-key'])).toEqual(Array(attempts).fill('case-1'))
    expect(new Set(received.map((one) => one.body)).size).toBe(1)
  })

  it.each<[string, Answerer, string, number]>([
    ['500 for ever', answer(500, '{"error":{"message":"oops"}}'), 'HTTP 500 after 4 attempts', 4],
    ['silence', hang, 'no answer within 0.2 s after 4 attempts', 4],
    ['one byte a second', drip, 'no answer within 0.2 s after 4 attempts', 4],
    ['401', answer(401, `{"error":{"message":"Incorrect API key provided: sk-t***def"}}`), 'HTTP 401', 1],
    ['403', answer(403, key), 'HTTP 403', 1],
    [
      '404 with a reason',
      answer(404, '{"error":{"message":"The model \\"m1\\" does not exist","code":404}}'),
      'HTTP 404: The model "m1" does not exist',
      1,
    ],
    ['404 with a web page', answer(404, '\n<html>Not found'), 'HTTP 404', 1],
    ['400 without a word', answer(400), 'HTTP 400', 1],
    [
      '400 with the key',
      answer(400, `{"error":{"message":"sent ${key} as Bearer abc.def"}}`),
      'HTTP 400: sent [key] as [key]',
      1,
    ],
    [
      '400 with escapes',
      answer(400, '{"message":"\\u001b[31mred\\u202e\\u0000\\r\\n\\tend"}'),
      'HTTP 400: [31mred end',
      1,
    ],
    ['400 with a broken escape', answer(400, '{"message":"a\\q"}'), 'HTTP 400: "a\\q"', 1],
    ['400 with a book', answer(400, '😀'.repeat(5000)), `HTTP 400: ${'😀'.repeat(200)} …`, 1],
  ])('%s: one line without the key', async (_, answerer, failure, calls) => {
    const { got, received } = await ask([answerer], { timeoutMs: 200 })
    expect(got).toEqual({ failure })
    expect(received).toHaveLength(calls)
  })

  it('that redirects to another port leads nobody there', async () => {
    const other = await serve(said('Because.'))
    const { got, received } = await ask([answer(307, '', { location: `${other.url}/chat/completions` })])
    expect(got).toEqual({ failure: 'it redirects to another place' })
    expect([received.length, other.received.length]).toEqual([1, 0])
  })

  it('is left at the abort', async () => {
    const controller = new AbortController()
    const { url, received } = await serve(() => controller.abort())
    const got = await askChat({ url, key, timeoutMs: 5000, retries: 3 }, request, controller.signal)
    expect(got).toEqual({ failure: 'interrupted' })
    expect(received).toHaveLength(1)
  })
})
