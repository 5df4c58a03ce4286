import { createHash, getHashes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createPolicy } from '../src/core/privacy/policy.js'
import { type CanaryKind, canaryKinds, plantCanaries } from '../src/core/probes/canary.js'
import { seededRandom } from '../src/core/seeded-random.js'
import { openStore, type Store } from '../src/store/open.js'
import { pilot } from './pilot.js'
import { jsonLines, project, span, stored } from './project.js'

/** What detectors find; names and health notes have no fixed form, which the README says. */
const kinds = canaryKinds.filter((kind): kind is Exclude<CanaryKind, 'name' | 'health'> => !/name|health/.test(kind))
const rules = `
capture: { privacy: [{ detect: [api-key, credit-card, email, iban, ssn, phone, ip], do: redact }] }
evals:
  suites:
    - id: s
      dataset: cases.jsonl
      target: { command: [node, app.mjs] }
      checks: [{ check: not-empty }]
`

/** Hands out a value of its own for each channel and kind, and remembers it. */
function kitOf(kind: CanaryKind) {
  const values = new Map<string, string>()
  const kit = (channel: string): string => {
    const random = seededRandom(1000 + values.size)
    const set = plantCanaries({ channels: ['prompt'], kinds: [kind] }, { id: 'kit', plantedMs: 0, random })
    const { value } = set.requests[0]!.canaries[0]!
    values.set(channel, value)
    return value
  }
  return { kit, values }
}

/** A value in the encodings in which it might be written, by other means than those of the probe. */
function encodingsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const middle = (before: string) =>
    Buffer.from(before + value)
      .toString('base64')
      .slice(4, -4)
  return [
    value,
    value.replaceAll(' ', ''),
    bytes.toString('hex'),
    encodeURIComponent(value),
    Array.from(value, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    Buffer.from(value, 'utf16le').toString('latin1'),
    ...['', 'x', 'xy'].map(middle),
  ]
}

describe.each(kinds)('a kit of values of kind %s', (kind) => {
  it('leaves nothing in the store, its log, other files and on the screen, by whatever way it comes in', async () => {
    const { kit, values } = kitOf(kind)
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
    const otlp = {
      traceId: 'a1'.repeat(16),
      spanId: 'b2'.repeat(8),
      name: `call ${kit('span name')} now`,
      startTimeUnixNano: '1772445600000000000',
      attributes: [
        attribute('gen_ai.input.messages', JSON.stringify([{ role: 'user', content: `it is ${kit('prompt')}.` }])),
        attribute('gen_ai.output.messages', JSON.stringify([{ role: 'assistant', content: kit('answer') }])),
        attribute('gen_ai.tool.call.arguments', JSON.stringify({ inner: JSON.stringify({ of: kit('tool') }) })),
        attribute('metadata', JSON.stringify({ note: kit('metadata') })),
        attribute(`about ${kit('key name')}`, 'value'),
        attribute('http.url', `https://example.com/a?b=1&c=${kit('query')}&d=2`),
        attribute('http.request.header.x-customer', kit('header')),
        attribute('zero', `\0${kit('after a NUL')}`),
        attribute('accent', `\u00e9 ${kit('after an escape')}\n`),
      ],
      events: [{ name: `event ${kit('event')}`, attributes: [attribute('e', kit('event attribute'))] }],
      links: [{ traceId: 'a1'.repeat(16), spanId: 'c3'.repeat(8), attributes: [attribute('l', kit('link'))] }],
    }
    const resource = { attributes: [attribute('process.command_args', `run ${kit('resource')}`)] }
    const filled = (text: string) => {
      // The value stands across the end of a chunk as files are read.
      const line = JSON.stringify(span('t5', 'a', { output: `${'x '.repeat(131_000)}${text} y` }))
      return line
    }
    const lines = [
      filled(kit('across chunks')),
      JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [otlp] }] }] }),
      JSON.stringify(span('t1', 'a', { user: kit('user'), tags: [kit('tag')], error: kit('error'), output: 'x' })),
      JSON.stringify(span('t2', 'a', { output: 'last' })).replace('"output"', `"output":"${kit('twice')}","output"`),
      `{"bad":"${kit('bad line')}"`,
      JSON.stringify({ [`about ${kit('unknown key')}`]: kit('unknown record') }),
      JSON.stringify(span('t3', 'a', { start: kit('wrong type') })),
      `{"trace_id":"t4","output":"${kit('cut off')}`,
    ]
    const cwd = project(
      {
        'traces.jsonl': lines.join('\n'),
        'cases.jsonl': jsonLines([{ id: 'c1', input: `say ${kit('case')}` }]),
        'app.mjs': `
          console.error(${JSON.stringify(`the token is ${kit('stderr of a program')}`)})
          console.log(process.env.CUSTOMER)
          process.exit(Number(process.env.CODE ?? 0))`,
        [`export of ${kit('file name')}.jsonl`]: jsonLines([span('t6', 'a')]),
      },
      rules,
    )
    // A reader keeps the write-ahead log from being taken in, so that it is searched too.
    await pilot(cwd, ['ingest', '-q', `export of ${values.get('file name')}.jsonl`])
    const reader = openStore(join(cwd, '.pilot/pilot.db'), 'read')
    const printed: string[] = []
    vi.stubEnv('CUSTOMER', kit('environment'))
    for (const argv of [
      ['ingest', 'traces.jsonl'],
      ['ingest', 'traces.jsonl', '--json'],
      ['ingest', 'traces.jsonl', '--from', 'otlp'],
      ['data', '--json'],
      ['traces', '--json'],
      ...['t1', 't2', 't5', 'a1a1'].map((id) => ['trace', id]),
      ['trace', 'a1a1', '--json'],
      ['eval', 'run'],
      ['eval', 'show'],
      ['scorecard', '--explain'],
      ['scorecard', '--html'],
      ['review'],
    ]) {
      const { out, err } = await pilot(cwd, argv)
      printed.push(out, err)
    }
    vi.stubEnv('CODE', '3')
    for (const argv of [
      ['eval', 'run'],
      ['eval', 'show'],
    ]) {
      const { out, err } = await pilot(cwd, argv)
      printed.push(out, err)
    }
    vi.unstubAllEnvs()
    const files = readdirSync(join(cwd, '.pilot'), { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.endsWith('salt') && name.includes('.'))
      .map((name) => [name, readFileSync(join(cwd, '.pilot', name), 'latin1')] as const)
    reader.close()
    const leaks = [...values].flatMap(([channel, value]) =>
      [...files, ['the screen', printed.join()] as const]
        // What is typed, and what the application's own program prints, is its user's to see.
        .filter(([where]) => where !== 'the screen' || channel !== 'file name')
        .filter(([, text]) => encodingsOf(value).some((written) => text.includes(written)))
        .map(([where]) => `${channel} in ${where}`),
    )
    expect(leaks).toEqual([])
    expect(files.map(([name]) => name)).toEqual(expect.arrayContaining(['pilot.db', 'pilot.db-wal', 'pilot.db-shm']))
    expect(files.some(([, text]) => text.includes('[redacted:'))).toBe(true)
    // The program ran: once it answered with the environment, once it failed with its message.
    const read = (db: Store) => db.prepare('SELECT body FROM eval_output ORDER BY run').pluck().all()
    expect(stored(cwd, read).map(String)).toEqual([
      expect.stringMatching(/"value":"\[redacted:[a-z-]+\]"/),
      expect.stringMatching(/"failure":"exit 3: the token is \[redacted:[a-z-]+\]"/),
    ])
  })
})

describe('a pseudonym', () => {
  const email = 'marta.dovaruki@canary.example'
  const rule = 'capture: { privacy: [{ detect: [email], do: hash }] }\n'

  /** The tokens that a store of its own puts in the place of an e-mail address that two spans hold. */
  async function tokens(): Promise<string[]> {
    const cwd = project({ a: jsonLines([span('t1', 'a', { output: email }), span('t2', 'a', { input: email })]) }, rule)
    await pilot(cwd, ['ingest', 'a'])
    const { out } = await pilot(cwd, ['trace', 't1', '--json'])
    const other = await pilot(cwd, ['trace', 't2', '--json'])
    return [out, other.out].map((text) => /hash:[0-9a-f]{16}/.exec(text)![0])
  }

  it('is the same for the same value, another in another pilot, and no digest that can be looked up', async () => {
    const [[a, b], [c]] = [await tokens(), await tokens()]
    expect(a).toBe(b)
    expect(c).not.toBe(a)
    const plain = getHashes().flatMap((name) => {
      try {
        return [createHash(name).update(email).digest('hex')]
      } catch {
        return [] // one that this build of OpenSSL does not offer
      }
    })
    expect(plain.length).toBeGreaterThan(5)
    for (const token of [a, c]) expect(plain.filter((hex) => hex.includes(token!.slice(5)))).toEqual([])
  })
})

it('disguises that the detectors see through are eight of these ten; the README names the others', async () => {
  const policy = await createPolicy([{ detect: ['credit-card'], do: 'redact' }], (value) => value)
  const card = '4000006059926740'
  const parted = (by: string) => card.slice(0, 7) + by + card.slice(7)
  const disguises: Record<string, string> = {
    'zero-width space': parted('\u200b'),
    'zero-width joiner': parted('\u200d'),
    'word joiner': parted('\u2060'),
    'byte-order mark': parted('\ufeff'),
    'soft hyphen': parted('\u00ad'),
    'variation selector': parted('\ufe0f'),
    'full-width digits': card.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
    'no-break spaces': card.replace(/(.{4})(?=.)/g, '$1\u00a0'),
    'line break': parted('\n'),
    'mathematical digits': card.replace(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))),
  }
  const missed = Object.entries(disguises).filter(([, text]) => policy.applyText(`x ${text} y`) === `x ${text} y`)
  expect(missed.map(([name]) => name)).toEqual(['line break', 'mathematical digits'])
})
