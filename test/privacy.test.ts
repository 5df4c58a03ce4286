import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PilotError } from '../src/core/errors.js'
import { type DetectorName, detectorNames, detectors } from '../src/core/privacy/detectors/index.js'
import { createPolicy, type Policy, type PrivacyRule } from '../src/core/privacy/policy.js'
import type { Json, Span, SpanContent } from '../src/core/span.js'

// Secrets are put together here, so that the repository holds none.
const digits = '0123456789'
const small = 'abcdefghijklmnopqrstuvwxyz'
const hex = `${digits}abcdef`
const base62 = digits + small + small.toUpperCase()
const seedOf = (text: string) => [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7)
function random(length: number, alphabet: string, seed: string): string {
  let state = seedOf(seed)
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return alphabet[(state >>> 8) % alphabet.length]
  }).join('')
}
const token = (prefix: string, length: number, alphabet = base62) => prefix + random(length, alphabet, prefix)

const awsKeyId = token('AKIA', 16, `${small.toUpperCase()}234567`)
const visa = ['4012', '8888', '8888', '1881'].join('')
const card = (separator: string) => ['4012', '8888', '8888', '1881'].join(separator)

const hash = (value: string) => `hash:${createHmac('sha256', 'a test key').update(value).digest('hex').slice(0, 16)}`
const policyOf = (...rules: PrivacyRule[]) => createPolicy(rules, hash)
const span = (content: SpanContent, more: Partial<Span> = {}): Span => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'answer',
  kind: 'llm',
  status: 'ok',
  ...more,
  content,
})
const input = (policy: Policy, value: Json) => policy.applySpan(span({ input: value })).content.input
const masked = async (text: string, name: DetectorName) => {
  const policy = await policyOf({ detect: detectorNames, do: 'store' }, { detect: [name], do: 'redact' })
  return input(policy, text)
}

const families: Record<string, string> = {
  'AWS key id': awsKeyId,
  'GitHub token': token('ghp_', 36),
  'GitHub fine-grained token': `${token('github_pat_', 22)}_${random(59, base62, 'pat')}`,
  'GitLab token': token('glpat-', 20),
  'Slack bot token': `${token('xoxb-', 12, digits)}-${random(12, digits, 's')}-${random(24, base62, 's')}`,
  'Slack webhook': `https://hooks.slack.com/${['services', token('T', 9), token('B', 9), random(24, base62, 'w')].join('/')}`,
  'Stripe key': token('sk_live_', 24),
  'OpenAI key': token('sk-', 48),
  'OpenAI project key': token('sk-proj-', 64),
  'Anthropic key': token('sk-ant-api03-', 93),
  'Langfuse key': `sk-lf-${['8', '4', '4', '4', '12'].map((n) => random(Number(n), hex, `lf${n}`)).join('-')}`,
  'Google API key': token('AIza', 35),
  'Google OAuth token': token('ya29.', 60),
  'JSON web token': ['eyJhbGciOi', 'eyJzdWIiOi', ''].map((start) => token(start, 30)).join('.'),
  'npm token': token('npm_', 36),
  'PyPI token': token('pypi-', 120),
  'SendGrid key': `SG.${random(22, base62, 'a')}.${random(43, base62, 'b')}`,
  'Twilio key': token('SK', 32, hex),
  'Mailgun key': token('key-', 32, hex),
  'Telegram bot token': `${random(10, '123456789', 'tg')}:${token('AA', 33)}`,
  'Discord bot token': `${token('MT', 24)}.${random(6, base62, 'd')}.${random(38, base62, 'e')}`,
  'DigitalOcean token': token('dop_v1_', 64, hex),
  'Databricks token': token('dapi', 32, hex),
  'Hugging Face token': token('hf_', 34, small + small.toUpperCase()),
  'Vault token': token('hvs.', 90),
  'Shopify token': token('shpat_', 32, hex),
  'Square token': token('sq0atp-', 22),
  'Linear key': token('lin_api_', 40),
  'Notion token': token('ntn_', 46),
  'Figma token': token('figd_', 40),
  'Atlassian token': token('ATATT3', 180),
  'Grafana token': token('glsa_', 41),
  'PlanetScale token': token('pscale_tkn_', 43),
  'Doppler token': token('dp.pt.', 43),
  'Postman key': `${token('PMAK-', 24, hex)}-${random(34, hex, 'p')}`,
  'New Relic key': token('NRAK-', 27, digits + small.toUpperCase()),
  'Sentry token': token('sntrys_', 120),
  'Fly token': token('fo1_', 43),
  'LangSmith key': token('lsv2_pt_', 43, hex),
}

/** What surrounds a secret in configuration, code and logs; the part at the end of the name says that it is one. */
const secret40 = random(40, base62, 'forty')
const assignments: Record<string, string> = {
  ini: `acme_token = ${secret40}`,
  shell: `export ACME_API_KEY="${secret40}"`,
  yaml: `acmeSecret: '${secret40}'`,
  go: `acmeToken := "${secret40}"`,
  ruby: `:acme_token => "${secret40}"`,
  typed: `const acmeToken: string = "${secret40}"`,
  json: `{"acme_secret": "${secret40}"}`,
  'json in a string': JSON.stringify({ body: JSON.stringify({ client_secret: secret40 }) }),
  xml: `<acmeToken>\n    ${secret40}\n</acmeToken>`,
  header: `Authorization: Bearer ${secret40}`,
  query: `https://example.com/x?access_token=${secret40}&page=2`,
  call: `config.set("acmeApiKey", "${secret40}")`,
  prose: `My API key is ${secret40}, keep it safe`,
  'aws secret': `aws_secret_access_key=${random(40, `${base62}/+`, 'aws')}`,
  'azure storage': `AccountName=acme;AccountKey=${random(86, `${base62}/+`, 'az')}==;EndpointSuffix=core.windows.net`,
  datadog: `DD_API_KEY=${random(32, hex, 'dd')}`,
  heroku: `HEROKU_API_KEY=${['8', '4', '4', '4', '12'].map((n) => random(Number(n), hex, `he${n}`)).join('-')}`,
}

const openssh = (label: string, lineBreak: string) =>
  [
    `-----BEGIN ${label}-----`,
    ...['a', 'b', 'c'].map((seed) => random(64, base62, seed)),
    `-----END ${label}-----`,
  ].join(lineBreak)

describe('secrets', () => {
  it.each(Object.entries(families))('a %s is masked as a whole, wherever it stands in a text', async (_, secret) => {
    const policy = await policyOf()
    const body = secret.replace(/^(?:https:\/\/|\d+:)/, '') // what gives nothing away stays
    for (const text of [
      secret,
      `use ${secret} here`,
      `("${secret}")`,
      JSON.stringify({ note: `first\n${secret}\nlast` }),
    ])
      expect(input(policy, text)).toBe(text.replace(body, '[redacted:api-key]'))
  })

  it.each(Object.entries(assignments))(
    'a secret in the manner of %s is masked, and its name stays',
    async (_, text) => {
      const policy = await policyOf()
      const edited = String(input(policy, text))
      expect(edited).toContain('[redacted:api-key]')
      expect(/[A-Za-z0-9/+]{32}|[0-9a-f]{12}/.exec(edited)).toBeNull()
      expect(edited.slice(0, 5)).toBe(text.slice(0, 5))
    },
  )

  it.each([
    ['PRIVATE KEY', '\n'],
    ['RSA PRIVATE KEY', '\\n'],
    ['OPENSSH PRIVATE KEY', '\r\n'],
    ['PGP PRIVATE KEY BLOCK', '\n'],
  ])('a %s block is masked from its first line to its last (line break %j)', async (label, lineBreak) => {
    const policy = await policyOf()
    expect(input(policy, `before ${openssh(label, lineBreak)} after`)).toBe('before [redacted:api-key] after')
  })

  it('a private key that was cut off is masked to its end', async () => {
    const cut = openssh('PRIVATE KEY', '\n').slice(0, 150)
    expect(input(await policyOf(), cut)).toBe('[redacted:api-key]')
  })

  it.each([
    ['postgres://app:hunter2horse@db:5432/x', 'postgres://app:[redacted:api-key]@db:5432/x'],
    ['password=hunter2horse', 'password=[redacted:api-key]'],
    ['DB_PASSWORD: "p@ssw0rd!"', 'DB_PASSWORD: "[redacted:api-key]"'],
    ['{\\"password\\":\\"tr0ub4dor\\"}', '{\\"password\\":\\"[redacted:api-key]\\"}'],
    [`Authorization: Basic ${btoa('user:pass1')}`, 'Authorization: Basic [redacted:api-key]'],
    ['curl -u bob:s3cret99 https://x.io', 'curl -u [redacted:api-key] https://x.io'],
  ])('%s is masked though it is short', async (text, expected) => {
    expect(input(await policyOf(), text)).toBe(expected)
  })

  it('a secret is masked when only the key above it says so', async () => {
    const policy = await policyOf()
    expect(
      input(policy, {
        password: 'hunter2',
        headers: { Authorization: `Bearer ${secret40}` },
        api_keys: 3,
        token: [secret40],
      }),
    ).toEqual({
      password: '[redacted:api-key]',
      headers: { Authorization: 'Bearer [redacted:api-key]' },
      api_keys: 3,
      token: ['[redacted:api-key]'],
    })
  })

  it('a secret inside base64 is masked with all of the base64', async () => {
    const policy = await policyOf()
    expect(input(policy, `data:text/plain;base64,${btoa(`key ${awsKeyId} end`)}`)).toBe(
      'data:text/plain;base64,[redacted:api-key]',
    )
  })

  it.each([
    'sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `${'ghp_'}${'x'.repeat(36)}`,
    'api_key = "<YOUR_API_KEY_GOES_HERE>"',
    'export OPENAI_API_KEY=${OPENAI_API_KEY}',
    'api_key: your-openai-api-key-goes-here',
    'token = process.env.ACME_ACCESS_TOKEN_V2',
    'password: must have at least 8 characters',
    'Your password is required.',
    '"pwd": "/home/app/project2"',
    'postgres://user:password@localhost/db',
    'max_tokens: 1234567890123456',
    'tokenizer = "Qwen2TokenizerFast"',
    'the monkey: 4d5b21867b638a1846a38dc4af8e29a4',
    '"cache_key": "4d5b21867b638a1846a38dc4af8e29a4"',
    'public_key_id: 9ac73818a528f9f1a3f1067bc358e549',
    'token_model: gpt-4o-mini-2024-07-18',
    'call_Kud0j0DxWSmLzv9W5m6qVqXn',
    'commit 9ac73818a528f9f1a3f1067bc358e549deadbeef',
    'task-management-system-2024-implementation-plan',
    'The file starts with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.',
    'https://example.com/a/very/long/path/with/2024/11/23/and-words-in-it.html',
  ])('%s stays readable', async (text) => {
    expect(input(await policyOf(), text)).toBe(text)
  })
})

describe('payment cards', () => {
  it.each([
    ['Visa', visa],
    ['Visa in fours', card(' ')],
    ['Visa with dashes', card('-')],
    ['Visa of 13', '4222222222222'],
    ['Mastercard', '5555555555554444'],
    ['Mastercard of the 2 series', '2223003122003222'],
    ['American Express', '3714 496353 98431'],
    ['Discover', '6011000990139424'],
    ['Diners Club', '3056 930902 5904'],
    ['JCB', '3530111333300000'],
    ['UnionPay of 19', '6205500000000000004'],
    ['Maestro', '6759649826438453'],
  ])('%s is masked in a sentence, after a label and inside escaped JSON', async (_, number) => {
    const mark = '[redacted:credit-card]'
    expect(await masked(`Pay with ${number}, please.`, 'credit-card')).toBe(`Pay with ${mark}, please.`)
    expect(await masked(`card:${number}`, 'credit-card')).toBe(`card:${mark}`)
    expect(await masked(`{\\"a\\":\\"x\\n${number}\\"}`, 'credit-card')).toBe(`{\\"a\\":\\"x\\n${mark}\\"}`)
    expect(await masked(number, 'credit-card')).toBe(mark)
  })

  it.each([
    ['a number that fails Luhn', '4012888888881882'],
    ['nanoseconds since 1970', '1730291040680439518'],
    ['milliseconds that pass Luhn', '1748503543012'],
    ['a number without an issuer', '9999999999999995'],
    ['a longer run of digits', `7${visa}`],
    ['a fraction', `0.${visa}`],
    ['a number before a fraction', `${visa}.25`],
    ['a hexadecimal id', `a${visa}f`],
    ['a UUID', `${visa.slice(0, 8)}-${visa.slice(8, 12)}-4188-8888-${visa.slice(0, 12)}`],
    ['a Visa of 15 digits', '401288888888188'],
  ])('%s is no card', async (_, text) => {
    expect(await masked(text, 'credit-card')).toBe(text)
  })

  it('a JSON number is never touched, a JSON number in a text is', async () => {
    const policy = await policyOf()
    expect(input(policy, { amount: Number(visa) })).toEqual({ amount: Number(visa) })
    expect(input(policy, `{"pan":${visa}}`)).toBe('{"pan":[redacted:credit-card]}')
  })

  it('a second card is found where the first four groups are none', async () => {
    expect(await masked(`1234 ${card(' ')}`, 'credit-card')).toBe('1234 [redacted:credit-card]')
  })
})

describe('personal data, when asked for', () => {
  const cases: [DetectorName, string, string][] = [
    ['email', 'Write to bob.o+x@mail.example.co.uk.', 'Write to [redacted:email].'],
    ['email', '"to\\nbob@example.com"', '"to\\n[redacted:email]"'],
    ['email', 'https://x.io/?to=bob%40example.com&b=1', 'https://x.io/?to=[redacted:email]&b=1'],
    ['email', 'ask @bob or bob@localhost', 'ask @bob or bob@localhost'],
    ['iban', 'IBAN GB82 WEST 1234 5698 7654 32 ok', 'IBAN [redacted:iban] ok'],
    ['iban', 'de89370400440532013000', '[redacted:iban]'],
    ['iban', 'GB82 WEST 1234 5698 7654 33', 'GB82 WEST 1234 5698 7654 33'],
    ['iban', 'DE8937040044053201300', 'DE8937040044053201300'],
    ['ssn', 'SSN 078-05-1123.', 'SSN [redacted:ssn].'],
    ['ssn', 'ssn: 078051123', 'ssn: [redacted:ssn]'],
    [
      'ssn',
      '000-12-3456 666-12-3456 912-12-3456 123-00-4567 123-45-0000',
      '000-12-3456 666-12-3456 912-12-3456 123-00-4567 123-45-0000',
    ],
    ['ssn', 'order 078051123, part 1-078-05-1123', 'order 078051123, part 1-078-05-1123'],
    ['ip', 'from 192.168.0.1:8080', 'from [redacted:ip]:8080'],
    [
      'ip',
      'at 2001:db8::8a2e:370:7334, ::1 and fe80::1%eth0',
      'at [redacted:ip], [redacted:ip] and [redacted:ip]%eth0',
    ],
    ['ip', '684D:1111:222:3333:4444:5555:6:77', '[redacted:ip]'],
    [
      'ip',
      'v1.2.3.4, version 1.2.3.4, 1.2.3, 256.1.1.1, 1.2.3.4.5, 10:20:30, std::abc',
      'v1.2.3.4, version 1.2.3.4, 1.2.3, 256.1.1.1, 1.2.3.4.5, 10:20:30, std::abc',
    ],
    ['phone', 'call (415) 555-2671 or +44 20 7946 0958 now', 'call [redacted:phone] or [redacted:phone] now'],
    ['phone', '415-555-2671 415-555-2672', '[redacted:phone] [redacted:phone]'],
    ['phone', 'phone: 4155552671', 'phone: [redacted:phone]'],
    ['phone', 'order 4155552671 of 2024-11-23 10:20:30', 'order 4155552671 of 2024-11-23 10:20:30'],
  ]
  it.each(cases)('%s: %s → %s', async (name, text, expected) => {
    expect(await masked(text, name)).toBe(expected)
  })

  it('is off by default', async () => {
    const text = 'bob@example.com, 078-05-1123, 192.168.0.1, (415) 555-2671'
    expect(input(await policyOf(), text)).toBe(text)
  })
})

describe('every channel of a span', () => {
  const canary = (channel: string) => token('ghp_', 0) + random(36, base62, channel)
  const channels: Record<string, (canary: string) => Span> = {
    name: (c) => span({}, { name: `call ${c}` }),
    'status message': (c) => span({}, { statusMessage: `401 for ${c}` }),
    user: (c) => span({}, { user: c }),
    tenant: (c) => span({}, { tenant: c }),
    model: (c) => span({}, { requestModel: c }),
    'prompt name': (c) => span({}, { promptName: c }),
    service: (c) => span({}, { service: c }),
    input: (c) => span({ input: { deep: [{ er: `x ${c}` }] } }),
    output: (c) => span({ output: c }),
    'JSON in a JSON string': (c) => span({ output: JSON.stringify({ a: JSON.stringify({ b: `\n${c}` }) }) }),
    'message content': (c) => span({ inputMessages: [{ role: 'user', content: c }] }),
    'tool call arguments': (c) =>
      span({
        outputMessages: [{ role: 'assistant', toolCalls: [{ id: 'call_1', arguments: JSON.stringify({ c }) }] }],
      }),
    'prompt template': (c) => span({ promptTemplate: `Use ${c}` }),
    'prompt variables': (c) => span({ promptVariables: { c } }),
    settings: (c) => span({ settings: { extra_headers: `x-key ${c}` } }),
    'document content': (c) => span({ documents: [{ content: c }] }),
    'document metadata': (c) => span({ documents: [{ metadata: { c } }] }),
    query: (c) => span({ query: c }),
    'tool arguments': (c) => span({ toolArguments: { c } }),
    'tool result': (c) => span({ toolResult: [c] }),
    tag: (c) => span({ tags: ['a', c] }),
    'event attribute': (c) => span({ events: [{ name: 'exception', attributes: { 'exception.message': c } }] }),
    'event name': (c) => span({ events: [{ name: c }] }),
    'link attribute': (c) => span({ links: [{ traceId: 'a1', spanId: 'b2', attributes: { c } }] }),
    'attribute value': (c) => span({ attributes: { 'http.url': `https://x.io/?k=${c}` } }),
    'attribute key': (c) => span({ attributes: { [c]: 1 } }),
    'nested key': (c) => span({ input: [{ [`a ${c}`]: 1 }] }),
    resource: (c) => span({ resource: { 'process.command_line': `run --with ${c}` } }),
    scope: (c) => span({ scope: c }),
    'after a NUL': (c) => span({ input: `\0${c}` }),
    'own __proto__ key': (c) => span({ attributes: JSON.parse(`{"__proto__": "${c}"}`) }),
  }

  it.each(Object.entries(channels))('a secret in %s is redacted', async (channel, build) => {
    const secret = canary(channel)
    const before = build(secret)
    const after = (await policyOf()).applySpan(before)
    expect(JSON.stringify(before)).toContain(secret)
    expect(JSON.stringify(after)).not.toContain(secret)
    expect(JSON.stringify(after)).toBe(JSON.stringify(before).replace(secret, '[redacted:api-key]'))
  })

  it('a secret in a score, in feedback and in a request is redacted', async () => {
    const policy = await policyOf()
    const secret = canary('others')
    expect(policy.applyScore({ name: 'quality', label: secret, comment: secret }).comment).toBe('[redacted:api-key]')
    expect(policy.applyFeedback({ kind: 'comment', comment: `no: ${secret}` }).comment).toBe('no: [redacted:api-key]')
    expect(policy.applyRequest({ id: 'r1', timeMs: 0, origin: 'replay', user: secret }).user).toBe('[redacted:api-key]')
  })

  it('two keys that become equal are both kept', async () => {
    const after = (await policyOf()).applySpan(span({ attributes: { [canary('1')]: 1, [canary('2')]: 2 } }))
    expect(Object.values(after.content.attributes ?? {})).toEqual([1, 2])
  })

  it('a span in which nothing is found comes back as the same object', async () => {
    const clean = span(
      { input: { a: ['some text', 1, null] }, attributes: { 'http.method': 'POST' } },
      { user: 'user-1' },
    )
    expect((await policyOf()).applySpan(clean)).toBe(clean)
  })

  it('a span is not changed in place', async () => {
    const before = span({ input: [awsKeyId], tags: [awsKeyId] })
    const copy = structuredClone(before)
    ;(await policyOf()).applySpan(before)
    expect(before).toEqual(copy)
  })
})

describe('rules', () => {
  it('a rule for one default detector leaves the other on', async () => {
    const policy = await policyOf({ detect: ['credit-card'], do: 'store' })
    expect(input(policy, `${visa} ${awsKeyId}`)).toBe(`${visa} [redacted:api-key]`)
  })

  it('hash makes equal values equal across spans, requests and feedback', async () => {
    const policy = await policyOf(
      { field: 'user.id', do: 'hash' },
      { field: 'tenant', do: 'hash' },
      { field: 'session', do: 'hash' },
    )
    const after = policy.applySpan(span({}, { user: 'u-17', tenant: 'acme', session: 's-1', request: 'r-1' }))
    expect(after.user).toBe(hash('u-17'))
    expect(after.session).toBe(hash('s-1'))
    expect(after.request).toBe('r-1')
    expect(policy.applyRequest({ id: 'r-1', timeMs: 0, origin: 'production', user: 'u-17', tenant: 'acme' })).toEqual({
      id: 'r-1',
      timeMs: 0,
      origin: 'production',
      user: after.user,
      tenant: after.tenant,
    })
    expect(policy.applyFeedback({ kind: 'thumbs', value: -1, user: 'u-17', traceId: after.traceId })).toEqual({
      kind: 'thumbs',
      value: -1,
      user: after.user,
      traceId: after.traceId,
    })
  })

  it('a hashed user is hashed among the attributes too, under whatever name', async () => {
    const policy = await policyOf({ field: 'user', do: 'hash' })
    const after = policy.applySpan(
      span({ attributes: { 'enduser.id': 'other', 'app.uid': 'u-17', plan: 'pro' } }, { user: 'u-17' }),
    )
    expect(after.content.attributes).toEqual({ 'enduser.id': hash('other'), 'app.uid': hash('u-17'), plan: 'pro' })
  })

  it.each(['redact', 'omit'] as const)('%s on an identity is refused with a hint', async (action) => {
    for (const field of ['session', 'request', 'traceId', 'span.id'])
      await expect(policyOf({ field, do: action })).rejects.toThrow(PilotError)
    await expect(policyOf({ field: 'session', do: action })).rejects.toMatchObject({
      hint: expect.stringContaining('Use hash'),
    })
  })

  const full = span({
    input: { q: 'hello' },
    output: 'bye',
    inputMessages: [
      { role: 'user', content: 'hello' },
      { role: 'tool', content: 'sunny', toolCallId: 'c1' },
    ],
    outputMessages: [
      { role: 'assistant', content: 'bye', toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Ulm' } }] },
    ],
    promptTemplate: 'Say {x}',
    promptVariables: { x: 'bye' },
    documents: [{ id: 'd1', content: 'text', score: 0.5, metadata: { owner: 'bob' } }],
    toolArguments: { city: 'Ulm' },
    toolResult: 'sunny',
    tags: ['a', 'b'],
    events: [{ name: 'exception', timeMs: 5, attributes: { 'exception.message': 'boom' } }],
    attributes: {
      'input.value': 'hello',
      'app.a': 1,
      'app.b': 'x',
      metadata: '{"email":"bob","n":1}',
      nested: { email: 'bob' },
    },
    resource: { 'host.name': 'web-1' },
  })
  const fieldCases: [string, PrivacyRule, Partial<SpanContent>][] = [
    ['input', { field: 'input', do: 'redact' }, { input: '[redacted:input]', toolArguments: '[redacted:input]' }],
    [
      'output',
      { field: 'output', do: 'omit' },
      { output: undefined, outputMessages: undefined, toolResult: undefined },
    ],
    ['messages', { field: 'messages', do: 'omit' }, { inputMessages: undefined, outputMessages: undefined }],
    ['prompt.template', { field: 'prompt.template', do: 'hash' }, { promptTemplate: hash('Say {x}') }],
    ['prompt.variables', { field: 'prompt.variables', do: 'hash' }, { promptVariables: hash('{"x":"bye"}') }],
    [
      'documents.content',
      { field: 'documents.content', do: 'redact' },
      { documents: [{ id: 'd1', content: '[redacted:documents.content]', score: 0.5, metadata: { owner: 'bob' } }] },
    ],
    [
      'documents.metadata',
      { field: 'documents.metadata', do: 'omit' },
      { documents: [{ id: 'd1', content: 'text', score: 0.5 }] },
    ],
    [
      'tool.arguments',
      { field: 'tool.arguments', do: 'omit' },
      {
        toolArguments: undefined,
        outputMessages: [{ role: 'assistant', content: 'bye', toolCalls: [{ id: 'c1', name: 'weather' }] }],
      },
    ],
    [
      'tool.result',
      { field: 'tool.result', do: 'omit' },
      {
        toolResult: undefined,
        inputMessages: [
          { role: 'user', content: 'hello' },
          { role: 'tool', toolCallId: 'c1' },
        ],
      },
    ],
    ['events', { field: 'events', do: 'omit' }, { events: undefined }],
    [
      'events',
      { field: 'events', do: 'redact' },
      { events: [{ name: 'exception', timeMs: 5, attributes: { 'exception.message': '[redacted:events]' } }] },
    ],
    ['tags', { field: 'tags', do: 'hash' }, { tags: [hash('a'), hash('b')] }],
    ['resource.host.name', { field: 'resource.host.name', do: 'hash' }, { resource: { 'host.name': hash('web-1') } }],
  ]
  it.each(fieldCases)('a rule on %s (%j) does that and nothing else', async (field, rule, expected) => {
    const after = (await policyOf(rule)).applySpan(full).content
    for (const [key, value] of Object.entries(expected)) expect(after[key as keyof SpanContent]).toEqual(value)
    const others = Object.keys(full.content).filter((key) => !(key in expected) && !/^(?:input|output)$/.test(field))
    for (const key of others) expect(after[key as keyof SpanContent]).toEqual(full.content[key as keyof SpanContent])
  })

  it('a rule on input covers the messages in and the attributes that say the same', async () => {
    const after = (await policyOf({ field: 'input', do: 'redact' })).applySpan(full).content
    expect(JSON.stringify(after)).not.toContain('hello')
    expect(after.inputMessages?.map(({ role }) => role)).toEqual(['user', 'tool'])
  })

  it('attribute rules take the exact key before a wildcard, and reach into objects and JSON text', async () => {
    const policy = await policyOf(
      { field: 'attributes.app.*', do: 'omit' },
      { field: 'attributes.app.a', do: 'store' },
      { field: 'metadata.email', do: 'hash' },
      { field: 'nested.email', do: 'redact' },
    )
    expect(policy.applySpan(full).content.attributes).toEqual({
      'input.value': 'hello',
      'app.a': 1,
      metadata: JSON.stringify({ email: hash('bob'), n: 1 }),
      nested: { email: '[redacted:nested.email]' },
    })
  })

  it('feedback.comment covers the comments of feedback and scores', async () => {
    const policy = await policyOf({ field: 'feedback.comment', do: 'omit' })
    expect(policy.applyFeedback({ kind: 'comment', comment: 'bad' })).toEqual({ kind: 'comment' })
    expect(policy.applyScore({ name: 'q', comment: 'bad' })).toEqual({ name: 'q' })
  })

  it('a detector can hash its hits, equal ones to equal tokens, or omit the text that holds one', async () => {
    const hashed = await policyOf({ detect: ['email'], do: 'hash' })
    expect(input(hashed, ['bob@x.io said', 'to bob@x.io'])).toEqual([
      `${hash('bob@x.io')} said`,
      `to ${hash('bob@x.io')}`,
    ])
    const omitted = await policyOf({ detect: ['email'], do: 'omit' })
    expect(input(omitted, { a: 'bob@x.io', b: ['x', 'bob@x.io'], c: 1 })).toEqual({ b: ['x'], c: 1 })
  })

  it('a match rule masks what its expression matches', async () => {
    const policy = await policyOf({ match: 'ACCT-\\d{8}', do: 'hash' }, { match: 'x*', do: 'redact' })
    expect(input(policy, 'ACCT-12345678 xx')).toBe(`${hash('ACCT-12345678')} [redacted:match]`)
    expect(policy.counts()).toEqual({ 'match ACCT-\\d{8}': 1, 'match x*': 1 })
  })

  it('a match rule sees short texts too', async () => {
    expect(input(await policyOf({ match: '^42$', do: 'redact' }), '42')).toBe('[redacted:match]')
  })

  it.each(['(?=a)b', '(?<!x)y', '(a)\\1', '(?>a)', 'a('])(
    'the expression %s is refused with the reason',
    async (match) => {
      await expect(policyOf({ match, do: 'redact' })).rejects.toThrow(PilotError)
    },
  )

  it('a rule without a place, or with two, is refused', async () => {
    await expect(policyOf({ do: 'redact' })).rejects.toThrow('exactly one of field, detect and match')
    await expect(policyOf({ field: 'input', match: 'x', do: 'redact' })).rejects.toThrow('exactly one')
  })

  it('counts say how often each rule did something, and hold no text', async () => {
    const policy = await policyOf({ field: 'user', do: 'hash' })
    policy.applySpan(span({ input: `${visa} and ${visa}`, output: awsKeyId }, { user: 'bob' }))
    expect(policy.counts()).toEqual({ 'credit-card': 2, 'api-key': 1, user: 1 })
  })
})

describe('disguised text', () => {
  const split = (by: string) => awsKeyId.slice(0, 7) + by + awsKeyId.slice(7)
  const wide = (text: string) =>
    text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
  it.each([
    ['a zero-width space', split('\u200b')],
    ['a zero-width joiner', split('\u200d')],
    ['a word joiner', split('\u2060')],
    ['a byte-order mark', split('\ufeff')],
    ['a soft hyphen', split('\u00ad')],
    ['a variation selector', split('\ufe0f')],
    ['full-width letters', wide(awsKeyId)],
    ['a soft hyphen between every two characters', [...awsKeyId].join('\u00ad')],
  ])('a secret with %s is masked, and the rest keeps its place', async (_, secret) => {
    expect(input(await policyOf(), `naïve \u200btext ${secret} – end`)).toBe(
      'naïve \u200btext [redacted:api-key] – end',
    )
  })

  it.each([
    ['full-width digits', wide(visa)],
    ['no-break spaces', card('\u00a0')],
    ['non-breaking hyphens', card('\u2011')],
  ])('a card with %s is masked', async (_, text) => {
    expect(await masked(`card ${text}!`, 'credit-card')).toBe('card [redacted:credit-card]!')
  })
})

describe('hostile text', () => {
  const size = 50_000
  const shapes: Record<string, string> = {
    'one digit and space': '1 '.repeat(size / 2),
    'two digits and space': '12 '.repeat(size / 3),
    'three digits and space': '111 '.repeat(size / 4),
    'national groups': '111 111 1111 '.repeat(size / 13),
    'international groups': '+12 12 12 12 12 12 '.repeat(size / 19),
    digits: '4'.repeat(size),
    dashes: '-'.repeat(size),
    'at signs': 'a@'.repeat(size / 2),
    'key starts': '-----BEGIN PRIVATE KEY-----'.repeat(size / 27),
    passwords: 'password='.repeat(size / 9),
    colons: 'a:'.repeat(size / 2),
    urls: 'a://a:'.repeat(size / 6),
    'token starts': 'eyJa.'.repeat(size / 5),
    letters: 'aB1'.repeat(size / 3),
    dots: '1.'.repeat(size / 2),
    spaces: `token${' '.repeat(size)}x`,
    'curl calls': 'curl -u https://@'.repeat(size / 17),
    'country codes': 'GB82'.repeat(size / 4),
    'zero-width': 'a\u200b'.repeat(size / 2),
  }
  it.each(Object.entries(shapes))('50 KB of %s keep no detector busy without end', async (_, text) => {
    for (const name of detectorNames) {
      const policy = await policyOf({ detect: detectorNames, do: 'store' }, { detect: [name], do: 'redact' })
      const start = performance.now()
      input(policy, text)
      expect(performance.now() - start, name).toBeLessThan(15_000)
    }
  })

  it.each(['(a+)+$', '(a|aa)+$', '(.*a){12}$', '\\s+$', '(?:a*)*b'])(
    'the expression %s is linear on 50 KB',
    async (match) => {
      const policy = await policyOf({ match, do: 'redact' })
      const start = performance.now()
      input(policy, `${'a '.repeat(1000)}${'a'.repeat(size)}!`)
      expect(performance.now() - start).toBeLessThan(15_000)
    },
  )

  it('what the hash throws goes up, so that nothing is written', async () => {
    const policy = await createPolicy([{ field: 'user', do: 'hash' }], () => {
      throw new Error('no key')
    })
    expect(() => policy.applySpan(span({}, { user: 'bob' }))).toThrow('no key')
  })

  it('text of a wrong type goes up as an error, not through', async () => {
    const policy = await policyOf()
    const wrong = JSON.parse('{"length": 99}')
    expect(() => policy.applySpan(span({ query: wrong }))).toThrow(TypeError)
  })
})

describe('what joins and measures', () => {
  it('ids and numbers are never changed, whatever they look like and whatever is asked for', async () => {
    const policy = await policyOf({ detect: detectorNames, do: 'redact' })
    const id = fc.oneof(fc.constantFrom(visa, awsKeyId, '078-05-1123', 'bob@example.com'), fc.string(), fc.uuid())
    const ids = fc.record({
      traceId: id,
      spanId: id,
      parentId: id,
      session: id,
      request: id,
      startNs: fc.nat().map(String),
    })
    fc.assert(
      fc.property(ids, id, fc.array(fc.double({ noNaN: true })), (keys, callId, numbers) => {
        const before = span(
          {
            input: [visa, ...numbers],
            toolCallId: callId,
            inputMessages: [{ role: 'tool', toolCallId: callId, toolCalls: [{ id: callId }] }],
            links: [{ traceId: keys.traceId, spanId: keys.spanId }],
          },
          { ...keys, costUsd: 4012888888881881, usage: { input: 4012888888881881 } },
        )
        const after = policy.applySpan(before)
        expect(after).toEqual({
          ...before,
          content: { ...before.content, input: ['[redacted:credit-card]', ...numbers] },
        })
      }),
    )
  })

  it('a string that is a whole number stays, unless it is a card', async () => {
    const policy = await policyOf({ detect: detectorNames, do: 'redact' }, { detect: ['credit-card'], do: 'store' })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), (number) => {
        expect(input(policy, { at: String(number) })).toEqual({ at: String(number) })
      }),
    )
  })

  it('hash tokens, UUIDs and hexadecimal ids are no hits of any detector', async () => {
    const all = await Promise.all(detectorNames.map((name) => detectors[name]()))
    const hexId = fc.array(fc.constantFrom(...hex), { minLength: 16, maxLength: 64 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uuid(),
          hexId.map((text) => `hash:a${text}`),
          hexId.map((text) => `f${text}`),
        ),
        (text) => {
          for (const detector of all) expect(detector.find(text)).toEqual([])
        },
      ),
    )
  })
})
