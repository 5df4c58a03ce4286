import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canarySearch } from '../src/core/probes/canary-search.js'
import { digestsOf, leakedIn, setOf, sightings } from './canaries.js'
import { seeded } from './seed.js'

const set = setOf(1)
const open = canarySearch(set, digestsOf)
const canaries = set.requests.flatMap((request) => request.canaries)
const card = canaries.find(({ id }) => id === 'prompt/card')!

const each = (text: string, of: (char: string) => string) => Array.from(text, of).join('')
const hex = (char: string, digits: number) => char.charCodeAt(0).toString(16).padStart(digits, '0')
const fullWidth = (char: string) => (/[!-~]/.test(char) ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char)
const base64 = (text: string, before: string, after: string) => Buffer.from(before + text + after).toString('base64')
const grouped = (text: string, by: string) => text.replace(/[ -]/g, '').replace(/(.{4})(?=.)/g, `$1${by}`)

/** Name → how a text is written; written without the functions that are tried here. */
const encodings: Record<string, (text: string) => string | Buffer> = {
  plain: (text) => text,
  'base64, first place': (text) => base64(text, '', ''),
  'base64, second place': (text) => base64(text, 'x', 'yz'),
  'base64, third place': (text) => base64(text, 'xy', 'z'),
  'base64, among text': (text) => base64(text, 'all about: ', ', as was said.'),
  'base64 of URLs': (text) => Buffer.from(`??>>${text}??>>`).toString('base64url'),
  'base64 in lines of 76': (text) => base64(text, 'a'.repeat(50), 'b').replace(/(.{76})/g, '$1\r\n'),
  'base64 with escaped slashes': (text) => base64(text, '???', '???').replaceAll('/', '\\/'),
  hex: (text) => Buffer.from(text).toString('hex'),
  'upper-case hex': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'URL-encoded': (text) => encodeURIComponent(text),
  'every byte URL-encoded': (text) => each(text, (char) => `%${hex(char, 2)}`),
  'URL-encoded twice': (text) => encodeURIComponent(each(text, (char) => `%${hex(char, 2)}`)),
  'form-encoded': (text) => encodeURIComponent(text).replaceAll('%20', '+'),
  'JSON-escaped': (text) => each(text, (char) => `\\u${hex(char, 4)}`),
  'JSON-escaped in JSON': (text) => JSON.stringify(each(text, (char) => `\\u${hex(char, 4)}`)),
  'JSON-escaped in upper case': (text) => each(text, (char) => `\\u${hex(char, 4).toUpperCase()}`),
  'JSON in JSON in JSON': (text) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: `\n${text}\t` }) }) }),
  'UTF-16LE': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16BE': (text) => Buffer.from(text, 'utf16le').swap16(),
  'UTF-16LE in base64': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'HTML entities': (text) => each(text, (char) => `&#${char.charCodeAt(0)};`),
  'hexadecimal HTML entities': (text) => each(text, (char) => `&#x${hex(char, 2)};`),
  'HTML entities, escaped again': (text) => each(text, (char) => `&amp;#${char.charCodeAt(0)};`),
  'Python bytes': (text) => each(text, (char) => `\\x${hex(char, 2)}`),
  'upper case': (text) => text.toUpperCase(),
  'lower case': (text) => text.toLowerCase(),
  'zero-width spaces': (text) => each(text, (char) => `${char}\u200b`),
  'escaped zero-width spaces': (text) => each(text, (char) => `${char}\\u200b`),
  'soft hyphens': (text) => each(text, (char) => `${char}\u00ad`),
  'full-width letters': (text) => each(text, fullWidth),
  'escaped full-width letters': (text) => each(each(text, fullWidth), (char) => `\\u${hex(char, 4)}`),
  'mathematical letters': (text) =>
    text.replace(/[a-z]/g, (char) => String.fromCodePoint(0x1d41a + char.charCodeAt(0) - 97)),
  'groups of four': (text) => grouped(text, ' '),
  'groups with dashes': (text) => grouped(text, '-'),
  'groups with no-break spaces': (text) => grouped(text, '\u00a0'),
  'no gaps': (text) => text.replaceAll(' ', ''),
  'a line break inside': (text) => `${text.slice(0, 6)}\n  ${text.slice(6)}`,
  'an escaped line break inside': (text) => `${text.slice(0, 6)}\\n${text.slice(6)}`,
  'after a NUL': (text) => `\0${text}`,
  'after a percent sign': (text) => `100%${text}`,
  'after a backslash': (text) => `C:\\${text}`,
  'in pieces, as a stream': (text) =>
    (text.match(/.{1,4}/g) ?? [])
      .map(
        (content, index) => `data: ${JSON.stringify({ choices: [{ index, delta: { content } }], finish: null })}\n\n`,
      )
      .join(''),
  'in pieces, in a list of messages': (text) =>
    JSON.stringify([
      { role: 'user', content: `It is ${text.slice(0, 7)}` },
      { role: 'user', content: `${text.slice(7)}, I think` },
    ]),
  'in pieces, in a list of texts': (text) => JSON.stringify(text.match(/.{1,3}/g)),
  'in pieces, in JSON in JSON': (text) =>
    JSON.stringify({
      body: JSON.stringify([
        { type: 'text', text: text.slice(0, 5) },
        { type: 'text', text: text.slice(5) },
      ]),
    }),
  'in pieces, in spans of one trace among others': (text) =>
    [
      { span_id: 'a', input: text.slice(0, 8), name: 'one', trace_id: 't-1' },
      { span_id: 'b', input: 'Something else', name: 'one', trace_id: 't-2' },
      { span_id: 'c', input: text.slice(8), name: 'two', trace_id: 't-1' },
    ]
      .map((span) => `${JSON.stringify(span)}\n`)
      .join(''),
}

describe('a planted value', () => {
  it.each(Object.entries(encodings))('is found in every kind and channel: %s', (_, encode) => {
    for (const { id, value } of canaries) {
      const text = Buffer.concat([Buffer.from('{"a": "x '), Buffer.from(encode(value)), Buffer.from(' y"}\n')])
      expect([id, leakedIn(sightings(open, text))]).toEqual([id, [id]])
    }
  })

  it('is found at a random place of random JSON, in a random encoding, whatever the sizes of chunks', () => {
    const seed = seeded('canaries')
    const place = fc.record({
      canary: fc.constantFrom(...canaries),
      encoding: fc.constantFrom(...Object.keys(encodings)),
      before: fc.jsonValue(),
      after: fc.jsonValue(),
      key: fc.string(),
      far: fc.nat({ max: 400_000 }),
      chunkBytes: fc.integer({ min: 1000, max: 300_000 }),
    })
    fc.assert(
      fc.property(place, ({ canary, encoding, before, after, key, far, chunkBytes }) => {
        const filler = `${JSON.stringify({ note: 'nothing to see here' })}\n`.repeat(far / 33)
        const text = Buffer.concat([
          Buffer.from(`${filler}${JSON.stringify({ [key]: before })}\n{"x": "`),
          Buffer.from(encodings[encoding]!(canary.value)),
          Buffer.from(`"}\n${JSON.stringify([after])}\n${filler.slice(0, 1000)}`),
        ])
        expect([encoding, leakedIn(sightings(open, text, chunkBytes))]).toEqual([encoding, [canary.id]])
      }),
      { seed, numRuns: 300 },
    )
  })

  it('is found across every boundary of a chunk and of a window', () => {
    const text = (filler: number) =>
      `${'.'.repeat(filler)}${encodings['JSON-escaped in JSON']!(card.value)}${'.'.repeat(40_000)}`
    for (let filler = 256 * 1024 - 400; filler < 256 * 1024 + 17_000; filler += 211)
      expect([filler, leakedIn(sightings(open, text(filler), 50_000))]).toEqual([filler, [card.id]])
  })

  it.each([
    ['plain', card.value, 'plain', 3],
    ['URL-encoded', encodings['every byte URL-encoded']!(card.value), 'URL-encoded', 3],
    ['URL-encoded twice', encodings['URL-encoded twice']!(card.value), 'URL-encoded twice', 3],
    ['JSON-escaped', encodings['JSON-escaped']!(card.value), 'JSON-escaped', 3],
    ['JSON-escaped twice', encodings['JSON-escaped in JSON']!(card.value), 'JSON-escaped twice', 3],
    ['HTML entities', encodings['HTML entities']!(card.value), 'HTML entities', 3],
    ['zero-width', encodings['zero-width spaces']!(card.value), 'hidden or full-width characters', 3],
    ['groups', grouped(card.value, '-'), 'regrouped', 3],
    ['base64', base64(card.value, 'x', ''), 'base64', 3],
    ['hex', encodings.hex!(card.value), 'hex', 3],
    ['UTF-16', encodings['UTF-16LE']!(card.value), 'UTF-16', 3],
  ])('is told by its encoding and its line: %s', (_, written, encoding, line) => {
    const text = Buffer.concat([Buffer.from('a\nb\n'), Buffer.from(written), Buffer.from('\n')])
    expect(sightings(open, text).filter(({ what }) => what === 'value')).toContainEqual({
      ...{ what: 'value', canary: card.id, encoding, line },
    })
  })
})

describe('nothing is invented', () => {
  const off = (text: string, at: number) => {
    const char = text.charAt(at)
    const other = /\d/.test(char) ? String((Number(char) + 1) % 10) : char === 'z' ? 'y' : 'z'
    return text.slice(0, at) + other + text.slice(at + 1)
  }
  const lastOf = (text: string) => text.search(/[a-z\d][^a-z\d]*$/i)

  it.each(Object.entries(encodings))('from values that are one character off: %s', (_, encode) => {
    for (const { id, value } of canaries)
      for (const at of [0, Math.floor(value.length / 2), lastOf(value)]) {
        const near = off(value, /[a-z\d]/i.test(value.charAt(at)) ? at : at + 1)
        expect(near).not.toBe(value)
        expect([id, at, leakedIn(sightings(open, encode(near)))]).toEqual([id, at, []])
      }
  })

  it.each(Object.entries(encodings))('from the values of another set: %s', (_, encode) => {
    const others = setOf(2).requests.flatMap((request) => request.canaries)
    for (const { value } of others) expect(sightings(open, encode(value))).toEqual([])
  })

  it('from beginnings and ends of values', () => {
    const text = canaries.map(({ value }) => `${value.slice(0, -1)} qq\n${value.slice(2)} qq\n`).join('')
    expect(leakedIn(sightings(open, text))).toEqual([])
  })

  it('from random texts, bytes and JSON', () => {
    const anything = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary', maxLength: 2000 }),
      fc.string({ unit: fc.constantFrom(...'0123456789 -'), maxLength: 2000 }),
      fc.base64String({ maxLength: 2000 }),
    )
    fc.assert(
      fc.property(anything, fc.uint8Array({ maxLength: 3000 }), (text, bytes) => {
        expect(sightings(open, Buffer.concat([Buffer.from(text), bytes]))).toEqual([])
      }),
      { seed: seeded('no canaries'), numRuns: 500 },
    )
  })

  it('from an empty file', () => {
    expect(sightings(open, '')).toEqual([])
  })
})
