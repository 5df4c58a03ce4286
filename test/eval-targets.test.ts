import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRunOutputs, readRuns } from '../src/store/evals.js'
import { type Answerer, answer, breakOff, hang, type Received, reset, serve } from './fault-server.js'
import { pilot } from './pilot.js'
import { project, stored } from './project.js'
import { cases, outcomesOf, resultsOf, suiteOf } from './suites.js'

const node = JSON.stringify(process.execPath)
const key = 'k-0123456789-loopback'
const check = '{ check: equals }'

/** A suite over cases.jsonl whose outputs come from this target. */
const targeted = (target: string, ...more: string[]) =>
  suiteOf(check, 'dataset: cases.jsonl', `target: ${target}`, ...more)

const runEval = (folder: string, ...argv: string[]) => pilot(folder, ['eval', 'run', ...argv], { env: { KEY: key } })

const outputsOf = (folder: string) =>
  stored(folder, (db) => readRunOutputs(db, readRuns(db).at(-1)!.id).map(([, , output]) => output))

describe('a command', () => {
  /** A program that reads the case and prints what `body` makes of it. */
  const app = (body: string) =>
    `import { readFileSync } from 'node:fs'\nconst given = JSON.parse(readFileSync(0, 'utf8'))\n${body}\n`
  const command = (more = '') => targeted(`{ command: [${node}, app.mjs]${more} }`)

  it.each<[string, string, string, object]>([
    ['plain text', "console.log('yes')", '', { value: 'yes' }],
    ['text that only begins like JSON', "console.log('{yes')", '', { value: '{yes' }],
    ['a JSON list', 'console.log("[1, 2]")', '', { value: [1, 2] }],
    ['JSON without "output"', 'console.log(\'{"a": 1}\')', '', { value: { a: 1 } }],
    [
      'output, tokens, cost and tools',
      `console.log(JSON.stringify({ output: 'yes', cost_usd: 0.5, input_tokens: 7, model: 'm1', tools: [{ name: 'look', arguments: { a: 1 } }] }))`,
      '',
      { value: 'yes', costUsd: 0.5, inputTokens: 7, model: 'm1', tools: [{ name: 'look', arguments: { a: 1 } }] },
    ],
    [
      'the output at a path',
      'console.log(JSON.stringify({ answer: { text: given.inputs.q } }))',
      ', output: answer.text',
      { value: 'Why?' },
    ],
    [
      'its case, on one line',
      'console.log(JSON.stringify({ output: given }))',
      '',
      { value: { id: 'a', inputs: { q: 'Why?' }, repeat: 1 } },
    ],
  ])('may print %s', async (_, body, more, output) => {
    const folder = project({ ...cases({ id: 'a', inputs: { q: 'Why?' } }), 'app.mjs': app(body) }, command(more))
    await runEval(folder)
    expect(outputsOf(folder)).toEqual([expect.objectContaining(output)])
  })

  it('that fails, hangs, prints nothing or too much fails its own case, and the run goes on', async () => {
    const body = `import { spawn } from 'node:child_process'
import { writeFileSync, writeSync } from 'node:fs'
const does = {
  exit: () => { console.error('first\\nout of stock'); process.exit(4) },
  hang: () => {
    process.on('SIGTERM', () => {})
    writeFileSync('child.pid', String(spawn('sleep', ['60']).pid))
    setInterval(() => {}, 1000)
  },
  nothing: () => {},
  flood: () => { for (;;) writeSync(1, 'x'.repeat(65536)) },
  fine: () => console.log('ok'),
}
does[given.id]()`
    const ids = ['exit', 'hang', 'nothing', 'flood', 'fine']
    const folder = project(
      { ...cases(...ids.map((id) => ({ id, input: 'x', expected: 'ok' }))), 'app.mjs': app(body) },
      command(', timeout: 1500ms'),
    )
    const startedMs = performance.now()
    expect((await runEval(folder)).code).toBe(0)
    expect(performance.now() - startedMs).toBeLessThan(1500 * 2 + 2000) // five cases, four at once
    const child = Number(readFileSync(join(folder, 'child.pid'), 'utf8'))
    expect(() => process.kill(child, 0)).toThrow('ESRCH')
    expect(resultsOf(folder)).toEqual({
      'exit equals': 'error: no output: exit 4: out of stock',
      'fine equals': expect.stringMatching(/^pass: /),
      'flood equals': 'error: no output: printed more than 10 MB',
      'hang equals': 'error: no output: still running after 1.5 s',
      'nothing equals': 'error: no output: it gave no output',
    })
  })

  it('that is not there says so', async () => {
    const folder = project(cases({ id: 'a', input: 'x' }), targeted('{ command: [no-such-program] }'))
    expect((await runEval(folder)).code).toBe(1)
    expect(resultsOf(folder)).toEqual({ 'a equals': 'error: no output: cannot run no-such-program: not found' })
  })

  it('takes hostile text as data: nothing of it is executed', async () => {
    const hostile = [
      '$(touch x1)',
      '`touch x2`; touch x3 && touch x4 | touch x5',
      '"; touch x6; "',
      "'; touch x7; '",
      'a\ntouch x8\n$(touch x9)\r\n',
      '--eval=require("fs").writeFileSync("x10","")',
      '\u0000\u001b]0;x\u0007${IFS}touch${IFS}x11',
      'é'.repeat(100_000),
    ]
    const folder = project(
      {
        ...cases(...hostile.map((input, index) => ({ id: `c${index} $(touch y${index})`, input, expected: input }))),
        'app.mjs': app('process.stdout.write(JSON.stringify({ output: given.inputs }))'),
      },
      command(),
    )
    expect((await runEval(folder)).code).toBe(0)
    expect(Object.values(outcomesOf(folder))).toEqual(Array(hostile.length).fill('pass'))
    expect(readdirSync(folder).sort()).toEqual(['.pilot', 'app.mjs', 'cases.jsonl', 'pilot.yaml'])
  })
})

describe('an HTTP endpoint', () => {
  it('is posted each case with the key, and the same idempotency key for each attempt', async () => {
    const { url, received } = await serve(
      answer(503, '', { 'retry-after': '0' }),
      answer(200, '{"answer":{"text":"yes"}}'),
    )
    const folder = project(
      cases({ id: 'a', inputs: { q: 'Why?' }, expected: 'yes' }),
      targeted(`{ url: "${url}/ask", key_env: KEY, output: answer.text }`),
    )
    expect((await runEval(folder)).code).toBe(0)
    expect(outcomesOf(folder)).toEqual({ 'a equals': 'pass' })
    expect(received.map(({ method, path, body }) => [method, path, JSON.parse(body)])).toEqual(
      Array(2).fill(['POST', '/v1/ask', { id: 'a', inputs: { q: 'Why?' }, repeat: 1 }]),
    )
    expect(received[0]!.headers.authorization).toBe(`Bearer ${key}`)
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(received[0]!.headers['idempotency-key']).toMatch(/^[0-9a-f]{16}$/)
  })

  it.each<[string, Answerer, string]>([
    ['404', answer(404, key), 'error: no output: HTTP 404'],
    ['silence', hang, 'error: no output: no answer within 0.3 s'],
    ['an answer without the path', answer(200, '{"b":1}'), 'error: no output: the answer has no a.b'],
    ['a web page', answer(200, '<html>'), 'error: no output: the answer is no JSON object, so it has no a.b'],
    ['more than 10 MB', answer(200, Buffer.alloc(10_000_001, ' ')), 'error: no output: answer larger than 10 MB'],
  ])('that answers with %s fails the case', async (_, answerer, reason) => {
    const { url } = await serve(answerer)
    const folder = project(
      cases({ id: 'a', input: 'x', expected: 'y' }),
      targeted(`{ url: "${url}", key_env: KEY, output: a.b, timeout: 300ms, retries: 0 }`),
    )
    expect((await runEval(folder)).code).toBe(1)
    expect(resultsOf(folder)).toEqual({ 'a equals': reason })
  })
})

/** A completion with this text. */
const completion = (text: string, usage: object | undefined = { prompt_tokens: 1000, completion_tokens: 200 }) =>
  JSON.stringify({
    model: 'm1-2026',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage,
  })

const says = (text: string, usage?: object) => answer(200, completion(text, usage))
const messageOf = ({ body }: Received) => JSON.parse(body).messages[0].content as string
/** 1,000 tokens in and 200 out cost 0.001 + 0.002 US dollars. */
const prices = 'prices: [{ model: m1, input_per_million: 1, output_per_million: 10 }]\n'
const chat = (url: URL, ...more: string[]) =>
  `${prices}${targeted(`{ model: m1, endpoint: "${url}", key_env: KEY, timeout: 400ms, retries: 0 }`, ...more)}`
const numbered = (n: number) =>
  cases(...Array.from({ length: n }, (_, index) => ({ id: `c${index}`, input: `q${index}`, expected: 'yes' })))

describe('a chat model', () => {
  it('is asked with the prompt file, its placeholders filled, and the settings', async () => {
    const { url, received } = await serve(says('yes'))
    const folder = project(
      {
        ...cases({ id: 'a', inputs: { name: 'Jo {{tone}} $& $1', tone: ['dry', 1], none: null }, expected: 'yes' }),
        'reply.md': 'Hi {{ name }}: {{tone}}{{none}}{{unknown}} {{tone}}',
      },
      targeted(
        `{ model: m1, endpoint: "${url}", prompt_file: reply.md, settings: { temperature: 0, max_tokens: 9, model: m2 } }`,
      ),
    )
    expect((await runEval(folder)).code).toBe(0)
    expect(JSON.parse(received[0]!.body)).toEqual({
      model: 'm1',
      temperature: 0,
      max_tokens: 9,
      messages: [{ role: 'user', content: 'Hi Jo {{tone}} $& $1: ["dry",1]{{unknown}} ["dry",1]' }],
    })
    expect(received[0]!.headers).not.toHaveProperty('authorization')
    const [run] = stored(folder, readRuns)
    expect([run!.target, run!.prompt]).toEqual([`m1 at ${url.host}`, expect.stringMatching(/^reply@[0-9a-f]{8}$/)])
    expect(outcomesOf(folder)).toEqual({ 'a equals': 'pass' })
  })

  it('is sent the input itself without a prompt file, and nothing for a case without one', async () => {
    const { url, received } = await serve(says('yes'))
    const folder = project(
      cases({ id: 'a', input: 'Why?', expected: 'yes' }, { id: 'b', output: 'x', expected: 'yes' }),
      chat(url),
    )
    await runEval(folder)
    expect(received.map(messageOf)).toEqual(['Why?'])
    expect(resultsOf(folder)).toEqual({
      'a equals': expect.stringMatching(/^pass: /),
      'b equals': 'unscored: the case has no inputs to send',
    })
  })

  it('costs what its tokens cost by the prices of pilot.yaml, and an estimate comes before', async () => {
    const { url } = await serve(says('yes'))
    const folder = project(numbered(2), chat(url))
    const { err } = await runEval(folder)
    expect(outputsOf(folder)).toEqual(
      Array(2).fill(
        expect.objectContaining({ inputTokens: 1000, outputTokens: 200, costUsd: 0.003, model: 'm1-2026' }),
      ),
    )
    // 4 characters are one token; 500 tokens an answer are assumed: 1 × 1e-6 + 1000 × 10e-6.
    expect(err).toContain(
      `answers: about $0.0100 by m1 at ${url.host} (4 characters a token, 500 tokens an answer; judges are not reckoned)\n`,
    )
    expect(err).toContain('answers-1: spent $0.0060\n')
  })

  it('without usage has no known cost, which a budget does not hide', async () => {
    const { url } = await serve(answer(200, completion('yes', {})))
    const folder = project(numbered(2), chat(url))
    const { err } = await runEval(folder, '--budget', '0.001')
    for (const output of outputsOf(folder)) expect(output).not.toHaveProperty('costUsd')
    expect(err).toContain('answers-1: nobody knows what 2 of the calls cost; the budget did not hold them.\n')
  })

  it('passes the privacy policy on what it is sent', async () => {
    const { url, received } = await serve(says('yes'))
    const folder = project(
      {
        ...cases({ id: 'a', inputs: { q: 'pay\n4111 1111 1111 1111' } }),
        'p.md': 'Do: {{q}} with sk-proj-aB3dE6gH9jaB3dE6gH9jaB3dE6gH9j',
      },
      targeted(`{ model: m1, endpoint: "${url}", prompt_file: p.md }`),
    )
    await runEval(folder)
    expect(received.map(messageOf)).toEqual(['Do: pay\n[redacted:credit-card] with [redacted:api-key]'])
  })

  it('is never asked more cases at once than the suite says, though all of them', async () => {
    let [now, most] = [0, 0]
    const { url, received } = await serve((response, one) => {
      now += 1
      most = Math.max(most, now)
      setTimeout(() => {
        now -= 1
        says('yes')(response, one)
      }, 15)
    })
    expect((await runEval(project(numbered(12), chat(url, 'concurrency: 3')))).code).toBe(0)
    expect([received.length, most]).toEqual([12, 3])
  })
})

describe('a budget', () => {
  it('stops a run, and with a higher one the same command goes on, where each case is asked once', async () => {
    const { url, received } = await serve(says('yes'))
    const folder = project(numbered(5), chat(url, 'concurrency: 1'))
    const stopped = await runEval(folder, '--budget', '0.005')
    expect([stopped.code, received.length]).toEqual([1, 2])
    expect(stopped.err).toContain('answers-1 stopped at its budget; with a higher --budget the same command goes on.\n')
    expect(stored(folder, readRuns)[0]).not.toHaveProperty('finishedMs')

    const again = await runEval(folder, '--budget', '0.005')
    expect([again.code, received.length]).toEqual([1, 2])

    const rest = await runEval(folder, '--budget', '0.1')
    expect([rest.code, received.length]).toEqual([0, 5])
    expect(rest.err).toContain('answers-1: went on after 2 outputs that were there.\nanswers-1: spent $0.015')
    expect(new Set(received.map(messageOf)).size).toBe(5)
    expect(stored(folder, readRuns).map(({ id }) => id)).toEqual(['answers-1'])
  })

  it('of the suite holds too', async () => {
    const { url, received } = await serve(says('yes'))
    expect((await runEval(project(numbered(5), chat(url, 'concurrency: 1', 'budget_usd: 0.003')))).code).toBe(1)
    expect(received).toHaveLength(1)
  })

  it('is overdrawn by no more than the calls that are under way', async () => {
    const { url, received } = await serve(says('yes'))
    await runEval(project(numbered(9), chat(url, 'concurrency: 4')), '--budget', '0.003')
    expect(received.length).toBeLessThanOrEqual(4)
  })

  it('is refused for a model without a price, before anything is sent', async () => {
    const { url, received } = await serve(says('yes'))
    const folder = project(numbered(1), targeted(`{ model: m-nobody-knows, endpoint: "${url}" }`))
    expect(await runEval(folder, '--budget', '1')).toEqual({
      code: 2,
      out: '',
      err: 'error No budget can hold the suite answers: nobody knows what m-nobody-knows costs.\nState its price under prices in pilot.yaml, or run it without a budget.\n',
    })
    expect(received).toEqual([])
    expect(stored(folder, readRuns)).toEqual([])
  })
})

describe('consent and keys', () => {
  it.each([
    [
      'no endpoint and no --yes',
      '{ model: m1 }',
      {},
      'error Nothing is sent: pilot.yaml names no endpoint, so the text would go to https://api.openai.com/v1.\nName the endpoint in pilot.yaml, or say --yes.\n',
    ],
    [
      'a variable that is not set',
      '{ model: m1, endpoint: "http://127.0.0.1:9/v1", key_env: KEY }',
      {},
      'error The environment variable KEY is not set, and holds the key.\nexport KEY=…; keys stand in no file of the pilot.\n',
    ],
    [
      'a variable that holds nothing',
      '{ url: "http://127.0.0.1:9/v1", key_env: KEY }',
      { KEY: ' ' },
      'error The environment variable KEY is not set, and holds the key.\nexport KEY=…; keys stand in no file of the pilot.\n',
    ],
    [
      'a key that would be read on its way',
      '{ model: m1, endpoint: "http://judge.example/v1", key_env: KEY }',
      { KEY: key },
      'error judge.example is not asked over https, and the key would be read on the way.\nUse https, or a server on this machine.\n',
    ],
  ])('%s: nothing is sent, exit 2, no run', async (_, target, env, err) => {
    const folder = project(numbered(1), targeted(target))
    expect(await pilot(folder, ['eval', 'run'], { env })).toEqual({ code: 2, out: '', err })
    expect(stored(folder, readRuns)).toEqual([])
  })

  it.each([
    'file:///etc/passwd',
    'http://169.254.169.254/latest',
    'http://[::ffff:a9fe:a9fe]/v1',
    'http://u:p@127.0.0.1/v1',
    'gopher://127.0.0.1/',
  ])('an endpoint of %s is refused, for a model as for an application', async (address) => {
    for (const target of [`{ model: m1, endpoint: "${address}" }`, `{ url: "${address}" }`]) {
      const folder = project(numbered(1), targeted(target))
      const { code, out, err } = await pilot(folder, ['eval', 'run'])
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^error The endpoint (begins with|leads to|holds a user name)/)
      expect(err).not.toContain('u:p')
    }
  })

  it('a redirect to another place is not followed, with the key or without', async () => {
    const other = await serve(says('yes'))
    const { url, received } = await serve(answer(307, '', { location: `${other.url}/chat/completions` }))
    const folder = project(numbered(1), chat(url))
    expect((await runEval(folder)).code).toBe(1)
    expect(resultsOf(folder)).toEqual({ 'c0 equals': 'error: no output: it redirects to another place' })
    expect([received.length, other.received.length]).toEqual([1, 0])
  })

  it('a server that speaks no TLS fails the case', async () => {
    const { url, received } = await serve(says('yes'))
    const folder = project(
      numbered(1),
      targeted(`{ model: m1, endpoint: "https://${url.host}/v1", key_env: KEY, retries: 0 }`),
    )
    expect((await runEval(folder)).code).toBe(1)
    expect(Object.values(outcomesOf(folder))).toEqual(['error'])
    expect(received).toEqual([])
  })

  it('the key is neither printed nor stored, whatever the server repeats of it', async () => {
    const repeats: Answerer[] = [
      says(`you sent ${key}`),
      answer(400, JSON.stringify({ error: { message: `bad key ${key}` } })),
      answer(401, key),
      answer(
        200,
        JSON.stringify({ model: key, choices: [{ message: { content: `${key} again` }, finish_reason: 'stop' }] }),
      ),
    ]
    const { url, received } = await serve(...repeats)
    const folder = project(numbered(4), chat(url, 'concurrency: 1'))
    const ran = await runEval(folder)
    const shown = await runEval(folder, '--retry-errors', '--json')
    expect(received[0]!.headers.authorization).toBe(`Bearer ${key}`)
    const files = readdirSync(join(folder, '.pilot')).map((name) =>
      readFileSync(join(folder, '.pilot', name), 'latin1'),
    )
    expect(files.length).toBeGreaterThan(0)
    for (const text of [...files, ran.out, ran.err, shown.out, shown.err]) expect(text.includes(key)).toBe(false)
    expect(outputsOf(folder)[0]).toMatchObject({ value: 'you sent [key]' })
    expect(existsSync(join(folder, '.pilot', 'pilot.db'))).toBe(true)
  })
})

describe('a hostile server', () => {
  const faults: [string, Answerer, string][] = [
    ['429', answer(429), 'HTTP 429'],
    ['500', answer(500, 'oops'), 'HTTP 500'],
    ['silence', hang, 'no answer within 0.4 s'],
    ['a reset', reset('{"choi'), 'the connection was reset'],
    ['half an answer', breakOff('{"choi'), 'half an answer'],
    [
      'half a stream',
      answer(200, 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n', { 'content-type': 'text/event-stream' }),
      'the answer is no chat completion: half a stream',
    ],
    ['a web page', answer(200, '<!doctype html>'), 'the answer is no chat completion: it is a web page'],
    ['nothing', answer(200), 'the answer is no chat completion: it is empty'],
    [
      'a number for content',
      answer(200, '{"choices":[{"message":{"content":NaN}}]}'),
      'the answer is no chat completion: it is not JSON',
    ],
    ['600 KB of brackets', answer(200, '['.repeat(600_000)), 'the answer is no chat completion: it ends early'],
  ]

  it('of ten faults fails ten cases with their reasons, and the eleventh is answered', async () => {
    const byCase = new Map(faults.map(([, answerer], index) => [`q${index}`, answerer]))
    const { url, received } = await serve((response, one) => (byCase.get(messageOf(one)) ?? says('yes'))(response, one))
    const folder = project(numbered(11), chat(url))
    expect((await runEval(folder)).code).toBe(0)
    expect(resultsOf(folder)).toEqual({
      ...Object.fromEntries(faults.map(([, , reason], index) => [`c${index} equals`, `error: no output: ${reason}`])),
      'c10 equals': expect.stringMatching(/^pass: /),
    })
    expect(received).toHaveLength(11)
  })

  it.each<[string, Answerer[], number]>([
    ['after 429 and 500', [answer(429, '', { 'retry-after': '0' }), answer(500), says('yes')], 3],
    ['not after 400', [answer(400), says('yes')], 1],
  ])('is asked again %s, with one idempotency key', async (_, answers, calls) => {
    const { url, received } = await serve(...answers)
    const folder = project(numbered(1), targeted(`{ model: m1, endpoint: "${url}", retries: 2 }`))
    await runEval(folder)
    expect(received).toHaveLength(calls)
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(outcomesOf(folder)).toEqual({ 'c0 equals': calls === 1 ? 'error' : 'pass' })
  })
})
