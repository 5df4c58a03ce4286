import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../src/core/span.js'
import { parseExact } from '../src/io/json.js'
import { readRecords } from '../src/io/records.js'
import { asUtf8 } from '../src/io/utf8.js'
import { seeded } from './seed.js'

const hostile = new URL('../../shared/hostile/', import.meta.url)
const suite = new URL('json/JSONTestSuite/test_parsing/', hostile)
const otlpKeys = ['result', 'resourceSpans', 'scopeSpans', 'spans']

interface How {
  pieceBytes?: number
  maxRecordBytes?: number
}

/** All that comes out of a file which arrives in pieces of one size. */
async function read(file: string | Buffer, { pieceBytes = 1000, maxRecordBytes }: How = {}) {
  const bytes = Buffer.from(file)
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  const records = readRecords(asUtf8(pieces()), {
    containers: new Set(otlpKeys),
    ...(maxRecordBytes !== undefined && { maxRecordBytes }),
  })
  const framed = []
  for await (const batch of records.batches) framed.push(...batch)
  return {
    kept: framed.flatMap((each) => ('value' in each ? [[each.line, each.value] as const] : [])),
    values: framed.flatMap((each) => ('value' in each ? [each.value] : [])),
    problems: framed.flatMap((each) => ('problem' in each ? [each] : [])),
    totals: records.totals(),
  }
}

const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const places = (problems: readonly { line: number; offset: number }[]) =>
  problems.map(({ line, offset }) => [line, offset])

describe('records are the same whatever the framing and the sizes of the pieces', () => {
  const records: Json[] = [
    { id: 1, text: 'brackets ]}[{ and a quote " and a backslash \\ inside' },
    { id: 2, text: 'é 😀 \u2028 \u2029', empty: {}, list: [] },
    { id: 3, nested: { list: [{ deep: [1, -2.5e3, true, null, ''] }] } },
    { id: 4, text: 'a line break \n, CRLF \r\n and a tab \t, all escaped' },
  ]
  const compact = records.map((record) => JSON.stringify(record))
  const pretty = records.map((record) => JSON.stringify(record, null, 2))

  /** The text, and the line on which each record begins, counted where the text is put together. */
  function together(parts: readonly string[], { head = '', between = '', tail = '' }) {
    let text = head
    const lines: number[] = []
    for (const [index, part] of parts.entries()) {
      lines.push(text.split('\n').length)
      text += part + (index < parts.length - 1 ? between : tail)
    }
    return { text, lines }
  }

  const framings: Record<string, { text: string; lines: number[] }> = {
    'JSON lines': together(compact, { between: '\n', tail: '\n' }),
    'JSON lines without the last line break': together(compact, { between: '\n' }),
    'JSON lines with blank lines between': together(compact, { head: '\n \n', between: '\n\t\n\n', tail: '\n\n' }),
    'JSON lines with spaces around': together(compact, { head: '  ', between: ' \n ', tail: ' \n' }),
    'lines that end in CRLF': together(compact, { between: '\r\n', tail: '\r\n' }),
    'lines that end in CR only': together(compact, { between: '\r', tail: '\r' }),
    'JSON lines behind a byte order mark': together(compact, { head: '\ufeff', between: '\n', tail: '\n' }),
    'values side by side': together(compact, {}),
    'values with spaces between': together(compact, { between: '  ' }),
    'documents one after the other': together(pretty, { between: '\n', tail: '\n' }),
    'documents that follow without a space': together(pretty, {}),
    'a list on one line': together(compact, { head: '[', between: ',', tail: ']' }),
    'a list with one record a line': together(compact, { head: '[\n', between: ',\n', tail: '\n]\n' }),
    'a list with the commas in front': together(compact, { head: '[\n', between: '\n,', tail: '\n]\n' }),
    'a list that begins on the line of its first record': together(compact, { head: '[', between: ',\n', tail: ']\n' }),
    'a list in pretty print': together(pretty, { head: '[\n', between: ',\n', tail: '\n]' }),
    'lists on lines': together([compact.slice(0, 2).join(','), compact.slice(2).join(',')], {
      head: '[',
      between: ']\n[',
      tail: ']\n',
    }),
  }

  it.each(Object.entries(framings))('%s', async (name, { text, lines }) => {
    const expected = name === 'lists on lines' ? [1, 1, 2, 2] : lines
    for (const pieceBytes of [1, 2, 3, 7, 1000]) {
      const { kept, problems } = await read(text, { pieceBytes })
      expect([pieceBytes, problems, kept]).toEqual([
        pieceBytes,
        [],
        records.map((record, index) => [expected[index], record]),
      ])
    }
  })

  it.each(['utf16le', 'utf-16be'])('JSON lines in %s with its mark', async (encoding) => {
    const bytes = Buffer.from(`\ufeff${jsonLines(records)}`, 'utf16le')
    for (const pieceBytes of [1, 2, 3, 7, 1000])
      expect((await read(encoding === 'utf16le' ? bytes : Buffer.from(bytes).swap16(), { pieceBytes })).values).toEqual(
        records,
      )
  })

  it('one document is one record, on its first line', async () => {
    const text = `\n\n${JSON.stringify({ resourceSpans: records }, null, 1)}\n`
    for (const pieceBytes of [1, 2, 3, 7, 1000])
      expect((await read(text, { pieceBytes })).kept).toEqual([[3, { resourceSpans: records }]])
  })

  it('a document around one record that begins in the first column is one record', async () => {
    expect((await read('{"data":[\n{"a":1}\n]}\n')).kept).toEqual([[1, { data: [{ a: 1 }] }]])
  })

  it('nothing, and nothing but space, is no record and no problem', async () => {
    for (const text of ['', ' ', '\n\n', '\r\n\t\r\n', '\ufeff'])
      expect(await read(text)).toMatchObject({ kept: [], problems: [] })
  })
})

/** What is not required either way by RFC 8259: kept, kept with U+FFFD in place of what is not Unicode, or rejected. */
const undecided: Readonly<Record<string, 'kept' | 'replaced' | 'rejected'>> = {
  number_double_huge_neg_exp: 'kept', // underflows to 0, as in every reader
  number_huge_exp: 'rejected', // infinite as a double
  number_neg_int_huge_exp: 'rejected',
  number_pos_double_huge_exp: 'rejected',
  number_real_neg_overflow: 'rejected',
  number_real_pos_overflow: 'rejected',
  number_real_underflow: 'kept',
  number_too_big_neg_int: 'kept', // as digits
  number_too_big_pos_int: 'kept',
  number_very_big_negative_int: 'kept',
  object_key_lone_2nd_surrogate: 'replaced',
  string_1st_surrogate_but_2nd_missing: 'replaced',
  string_1st_valid_surrogate_2nd_invalid: 'replaced',
  'string_UTF-16LE_with_BOM': 'kept', // its mark says what it is
  'string_UTF-8_invalid_sequence': 'replaced',
  'string_UTF8_surrogate_U+D800': 'replaced',
  string_incomplete_surrogate_and_escape_valid: 'replaced',
  string_incomplete_surrogate_pair: 'replaced',
  string_incomplete_surrogates_escape_valid: 'replaced',
  string_invalid_lonely_surrogate: 'replaced',
  string_invalid_surrogate: 'replaced',
  'string_invalid_utf-8': 'replaced',
  'string_inverted_surrogates_U+1D11E': 'replaced',
  string_iso_latin_1: 'replaced',
  string_lone_second_surrogate: 'replaced',
  string_lone_utf8_continuation_byte: 'replaced',
  string_not_in_unicode_range: 'replaced',
  string_overlong_sequence_2_bytes: 'replaced',
  string_overlong_sequence_6_bytes: 'replaced',
  string_overlong_sequence_6_bytes_null: 'replaced',
  'string_truncated-utf-8': 'replaced',
  string_utf16BE_no_BOM: 'rejected', // nothing says what it is
  string_utf16LE_no_BOM: 'rejected',
  structure_500_nested_arrays: 'rejected', // deeper than 200
  'structure_UTF-8_BOM_empty_object': 'kept',
}

describe.skipIf(!existsSync(suite))('JSONTestSuite (../shared/hostile)', () => {
  const names = existsSync(suite) ? readdirSync(suite).map((name) => name.replace('.json', '')) : []
  const load = (name: string) => readFileSync(new URL(`${encodeURIComponent(name)}.json`, suite))
  /** As a finished file: without a line break at its end, a text that breaks off is one that is still being written. */
  const finished = (name: string) =>
    load(name)[0] === 0xff ? load(name) : Buffer.concat([load(name), Buffer.from('\n')])
  const named = (letter: string) => names.filter((name) => name.startsWith(letter))
  const records = (value: Json): Json[] => (Array.isArray(value) ? value.flatMap(records) : [value])

  it('has 95 files to keep, 188 to reject and 35 that are undecided', () => {
    expect(['y', 'n', 'i'].map((letter) => named(letter).length)).toEqual([95, 188, 35])
  })

  it.each(named('y'))('%s is kept', async (name) => {
    const { values, problems, totals } = await read(finished(name))
    expect([problems, totals.rejected, totals.parsed > 0 || values.length === 0]).toEqual([[], 0, true])
    expect(values).toEqual(records(JSON.parse(load(name).toString('utf8'))))
  })

  // There is no value in the first three. The last is two empty lists side by side, which is a framing that is read.
  const nothingToReject = [
    'n_single_space',
    'n_structure_no_data',
    'n_structure_UTF8_BOM_no_data',
    'n_structure_double_array',
  ]
  // A list that breaks off keeps its whole items, which are records; what breaks off is told.
  const brokenOff: Record<string, Json[]> = {
    n_array_incomplete: ['x'],
    n_array_newlines_unclosed: ['a', 4, 1],
    n_array_unclosed: [''],
    n_array_unclosed_trailing_comma: [1],
    n_array_unclosed_with_new_lines: [1, 1, 1],
    n_array_unclosed_with_object_inside: [{}],
    n_structure_open_array_string: ['a'],
    n_structure_unclosed_array: [1],
    n_structure_unclosed_array_partial_null: [false],
    n_structure_unclosed_array_unfinished_false: [true],
    n_structure_unclosed_array_unfinished_true: [false],
  }

  it.each(named('n').filter((name) => !nothingToReject.includes(name)))(
    '%s is rejected, with its place and the reason',
    async (name) => {
      const { values, problems, totals } = await read(finished(name))
      expect(values).toEqual(brokenOff[name] ?? [])
      expect([problems.length > 0, totals.rejected, totals.pending]).toEqual([true, problems.length, 0])
      const lines = finished(name).toString('latin1').split('\n').length
      for (const { line, offset, problem } of problems) {
        expect([line >= 1 && line <= lines, offset >= 0 && offset <= finished(name).length]).toEqual([true, true])
        expect(problem).toMatch(/^(not JSON: .+|the text ends inside a (value|list or object)|nested .+) \(byte \d+/)
      }
    },
  )

  it.each(nothingToReject)('%s has nothing that could be rejected', async (name) => {
    expect(await read(finished(name))).toMatchObject({ kept: [], problems: [] })
  })

  it.each(named('i'))('%s is as the table says', async (name) => {
    const { values, totals } = await read(finished(name))
    const text = JSON.stringify(values)
    expect(text.isWellFormed()).toBe(true)
    const outcome = totals.rejected > 0 ? 'rejected' : text.includes('\ufffd') ? 'replaced' : 'kept'
    expect([outcome, values.length]).toEqual([undecided[name.slice(2)], outcome === 'rejected' ? 0 : 1])
  })

  it('each file between two good lines costs its own lines only, and every line is accounted for', async () => {
    for (const name of names) {
      const text = load(name)
      const { values, totals } = await read(
        Buffer.concat([Buffer.from('{"good":1}\n'), text, Buffer.from('\n{"good":2}\n')]),
      )
      const lines = text.toString('latin1').split('\n').length
      expect([name, values.at(0), values.at(-1)]).toEqual([name, { good: 1 }, { good: 2 }])
      expect([name, totals.lines, totals.pending]).toEqual([name, lines + 2, 0])
      expect([name, totals.parsed + totals.rejected + totals.blank]).toEqual([name, totals.lines])
      if (lines > 1 || text.length === 0) continue
      const isWhite = name === 'n_single_space'
      if (name.startsWith('y')) expect([name, totals.parsed]).toEqual([name, 3])
      if (name.startsWith('n') && !isWhite) expect([name, totals.parsed, totals.rejected]).toEqual([name, 2, 1])
    }
  })
})

describe('bad lines', () => {
  const bad = [
    '{"at":,"secret":"hunter2"}',
    '{"at":1}}',
    '{"at":1,}',
    'hunter2',
    '{"at":"hunter2',
    '{"at":[{"b":',
    '"at":1}',
  ]
  const badAt = (at: number) => bad[at % bad.length]!

  it.each([
    ['one in a thousand', (at: number) => at === 500],
    ['every second, from the first on', (at: number) => at % 2 === 0],
    ['every second, from the second on', (at: number) => at % 2 === 1],
    ['the first', (at: number) => at === 0],
    ['the first three', (at: number) => at < 3],
    ['the last', (at: number) => at === 999],
    ['all but the last', (at: number) => at < 999],
  ])('cost themselves only: %s', async (_, isBad) => {
    const numbers = Array.from({ length: 1000 }, (_, at) => at)
    const text = numbers.map((at) => `${isBad(at) ? badAt(at) : `{"at":${at}}`}\n`).join('')
    const { values, problems, totals } = await read(text)
    expect(values).toEqual(numbers.filter((at) => !isBad(at)).map((at) => ({ at })))
    expect(problems.map(({ line }) => line - 1)).toEqual(numbers.filter(isBad))
    expect(JSON.stringify(problems)).not.toContain('hunter2')
    const rejected = numbers.filter(isBad).length
    expect(totals).toEqual({ lines: 1000, parsed: 1000 - rejected, rejected, blank: 0, pending: 0, replacedUtf8: 0 })
  })

  it.each(bad)('as the first line do not make the file a document: %s', async (first) => {
    for (const pieceBytes of [1, 1000]) {
      const { kept, problems } = await read(`${first}\n{"a":1}\n{"a":2}\n`, { pieceBytes })
      expect([kept, problems.map(({ line }) => line)]).toEqual([
        [
          [2, { a: 1 }],
          [3, { a: 2 }],
        ],
        [1],
      ])
    }
  })

  it('in a list with one record a line cost themselves only', async () => {
    const lines = ['[', '{"a":1},', '{"a":,},', '{"a":3},', '@@,', '{"a":5},', '{"a":"cut', '{"a":7},', '{"a":8}', ']']
    const { kept, problems } = await read(`${lines.join('\n')}\n`)
    expect(kept).toEqual([2, 4, 6, 8, 9].map((line) => [line, { a: line - 1 }]))
    expect(problems.map(({ line }) => line)).toEqual([3, 5, 7])
  })

  it('a comma behind the last record of a list is told, and costs nothing', async () => {
    const { values, problems } = await read('[\n{"a":1},\n{"a":2},\n]\n')
    expect([values, places(problems)]).toEqual([[{ a: 1 }, { a: 2 }], [[4, 20]]])
  })

  it('a last line that breaks off is pending, and is a record when the rest has come', async () => {
    const text = '{"a":1}\n{"a":"é"}'
    for (let length = 9; length < Buffer.byteLength(text); length++) {
      const { values, totals } = await read(Buffer.from(text).subarray(0, length))
      expect([values, totals]).toEqual([
        [{ a: 1 }],
        { lines: 2, parsed: 1, rejected: 0, blank: 0, pending: 1, replacedUtf8: 0 },
      ])
    }
    expect((await read(text)).totals).toMatchObject({ lines: 2, parsed: 2, pending: 0 })
  })

  it('a last line that can never become JSON is rejected at once', async () => {
    expect((await read('{"a":1}\n{"a":1}}')).totals).toMatchObject({ rejected: 1, pending: 0 })
  })
})

describe('text that is not Unicode', () => {
  it('is replaced byte by byte as the standard says, and counted (utf8tests)', async () => {
    const file = new URL('strings/utf8tests/utf8tests.txt', hostile)
    if (!existsSync(file)) return
    const cases = readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, number, hex = '', replaced = ''] =
          /^([\d.]+):invalid hex:([0-9a-fA-F ]*):[^:]*:([0-9a-fA-F ]*)$/.exec(line.trim()) ?? []
        const bytes = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
        return number === undefined ? [] : [{ number, given: bytes(hex), expected: bytes(replaced).toString('utf8') }]
      })
    expect(cases.length).toBeGreaterThan(50)
    for (const { number, given, expected } of cases) {
      const line = Buffer.concat([Buffer.from('{"text":"'), given, Buffer.from('"}\n')])
      const { values, totals } = await read(Buffer.concat([Buffer.from('{}\n'), line]))
      // JSON wants control characters escaped.
      if (given.some((byte) => byte < 0x20)) expect([number, totals.rejected]).toEqual([number, 1])
      else expect([number, values[1], totals.replacedUtf8]).toEqual([number, { text: expected }, 1])
    }
  })

  it('is counted once a record, and not in what was rejected', async () => {
    const bytes = (text: string) => Buffer.from(text, 'latin1')
    const { totals } = await read(bytes('{"a":"\xff","b":"\xfe\xfd"}\n{"a":"\xff}\n{"a":"\xc3\xa9"}\n'))
    expect(totals).toMatchObject({ parsed: 2, rejected: 1, replacedUtf8: 1 })
  })

  it('an escaped lone surrogate becomes U+FFFD, in keys too, and a pair stays', async () => {
    const { values } = await read('{"a\\ud800":"\\udc00b","c":"\\ud83d\\ude00","d":["\\uD800"]}\n')
    expect(values).toEqual([{ 'a\ufffd': '\ufffdb', c: '😀', d: ['\ufffd'] }])
  })

  it('a raw zero byte is rejected, an escaped one is kept', async () => {
    const { values, problems } = await read('{"a":"\0"}\n{"a":"\\u0000"}\n')
    expect([values, places(problems)]).toEqual([[{ a: '\0' }], [[1, 5]]])
  })
})

describe('nesting', () => {
  /** A line of so many objects or lists, one in the other. */
  const nested: Record<string, (levels: number) => string> = {
    objects: (levels) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`,
    'lists in an object': (levels) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`,
    'lists and objects by turns': (levels) => `${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`,
  }

  it.each(Object.keys(nested))('of %s is kept to 200 levels; what is deeper is refused', async (shape) => {
    for (const levels of [100, 200]) {
      const { values, problems } = await read(`{}\n${nested[shape]!(levels)}\n{}\n`)
      expect([levels, values.length, problems]).toEqual([levels, 3, []])
    }
    for (const levels of [202, 1000, 5000, 1_000_000]) {
      const { values, problems } = await read(`{}\n${nested[shape]!(levels)}\n{}\n`, { pieceBytes: 65_536 })
      expect([levels, values, problems.map(({ line, problem }) => [line, problem])]).toEqual([
        levels,
        [{}, {}],
        [[2, 'nested deeper than 200 levels (byte 0 of the line)']],
      ])
    }
  })

  it('of 201 levels is refused', async () => {
    expect((await read(`{}\n${nested.objects!(201)}\n`)).totals).toMatchObject({ parsed: 1, rejected: 1 })
  })

  it.each(['[', '{"a":', '[{"a":'])('that is never closed is refused, a million deep: %s', async (bracket) => {
    const { values, problems } = await read(`{}\n${bracket.repeat(1_000_000)}\n{}\n`, { pieceBytes: 65_536 })
    expect([values, problems.map(({ line }) => line)]).toEqual([[{}, {}], [2]])
  })
})

describe('a line of 100 MB', () => {
  // In a process of its own, from the built files: the kernel says what it took at most.
  const script = `
    import { readFileSync } from 'node:fs'
    import { readRecords } from ${JSON.stringify(new URL('../dist/io/records.js', import.meta.url).href)}
    const kinds = {
      'one record': ['{"a":"', 'x', '"}'], 'letters': ['', 'x', ''], 'zeros': ['', '\\0', ''],
      'a text without end': ['{"a":"', 'x', ''], 'brackets': ['{"a":', '[', ''], 'lists': ['[', '[', ''],
      'members': ['{"a":0', ',"key":"value"', '}'],
    }
    async function* file([head, filling, tail], isFirst) {
      if (!isFirst) yield Buffer.from('{"good":1}\\n')
      yield Buffer.from(head)
      const piece = Buffer.from(filling.repeat(Math.ceil(65536 / filling.length)))
      for (let bytes = 0; bytes < 100e6; bytes += piece.length) yield Buffer.from(piece)
      yield Buffer.from(tail + '\\n{"good":2}\\n{"good":3}\\n')
    }
    const found = {}
    for (const [name, parts] of Object.entries(kinds))
      for (const isFirst of [false, true]) {
        const records = readRecords(file(parts, isFirst), { containers: new Set(['spans']) })
        const framed = []
        for await (const batch of records.batches) framed.push(...batch)
        found[name + (isFirst ? ' first' : '')] = framed.map(({ line, value, problem }) => [line, value?.good ?? problem])
      }
    const peakMb = Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
    console.log(JSON.stringify({ found, peakMb }))`

  it.skipIf(process.platform !== 'linux')(
    'is refused with its place, the next lines are kept, in less than 256 MB',
    () => {
      const { found, peakMb } = JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
      )
      const tooLarge = 'record over 16 MiB (byte 0)'
      const inside = { brackets: 'record over 16 MiB (byte 0)', lists: 'record over 16 MiB (byte 1)' }
      const faults: Record<string, string> = { zeros: 'not JSON: expected a value (byte 0)', ...inside }
      for (const [name, entries] of Object.entries(found)) {
        const isFirst = name.endsWith(' first')
        const fault = faults[name.replace(' first', '')] ?? tooLarge
        const expected = isFirst
          ? [
              [1, fault],
              [2, 2],
              [3, 3],
            ]
          : [
              [1, 1],
              [2, fault],
              [3, 2],
              [4, 3],
            ] // prettier as rows
        expect([name, entries]).toEqual([name, expected])
      }
      expect(peakMb).toBeLessThan(256)
    },
  )
})

describe('keys', () => {
  const dangerous = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
  ]

  it('that JavaScript knows are data at every level, and change no other object', async () => {
    for (const key of dangerous) {
      const inner = `{"${key}":{"polluted":1},"list":[{"${key}":{"polluted":2}}],"text":"\\ud800"}`
      const text = `{"${key}":${inner},"${key}2":${inner}}`
      for (const file of [`${text}\n`, `[${text},\n${text}]`, JSON.stringify(JSON.parse(text), null, 1)]) {
        const [value] = (await read(file)).values as [Record<string, Json>]
        expect(Object.keys(value)).toEqual([key, `${key}2`])
        const own = Object.getOwnPropertyDescriptor(value, key)?.value
        expect(Object.getOwnPropertyDescriptor(own, key)?.value).toEqual({ polluted: 1 })
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    }
  })

  it('in a document that is split are data too', async () => {
    const spans = [1, 2, 3].map((id) => `{"id":${id}}`)
    const text = `{"__proto__":{"polluted":1},"constructor":2,"spans":[${spans}]}`
    const { values, problems } = await read(text, { maxRecordBytes: 60 })
    expect(problems).toEqual([])
    expect(JSON.stringify(values)).toBe(
      '[{"__proto__":{"polluted":1},"constructor":2,"spans":[{"id":1},{"id":2},{"id":3}]}]',
    )
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('that come twice have their last value, and nothing is left of the first', async () => {
    const text = '{"a":"first-canary","a":"last","b":{"c":1,"c":2},"a":"very last"}'
    for (const file of [`${text}\n`, `[${text}]`, `{"spans":[${text}]}`]) {
      const { values } = await read(file)
      expect(JSON.stringify(values)).not.toContain('canary')
      expect(JSON.stringify(values)).toContain('{"a":"very last","b":{"c":2}}')
    }
    const split = await read(`{"a":"first-canary","a":"last","spans":[{"id":1},{"id":2}]}`, { maxRecordBytes: 40 })
    expect(split.values).toEqual([{ a: 'last', spans: [{ id: 1 }, { id: 2 }] }])
  })

  it('may be 100,000 in one object', async () => {
    const keys = Array.from({ length: 100_000 }, (_, at) => `"key${at}":${at}`)
    const { values } = await read(`{${keys}}\n`, { pieceBytes: 65_536 })
    expect(Object.keys(values[0] as object).length).toBe(100_000)
  })
})

describe('numbers', () => {
  it('of nanoseconds keep every digit, quoted or not', async () => {
    const seed = seeded('nanoseconds')
    const digits = fc.sample(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), { seed, numRuns: 10_000 }).map(String)
    const { values } = await read(digits.map((ns) => `{"quoted":"${ns}","plain":${ns}}\n`).join(''), {
      pieceBytes: 65_536,
    })
    expect(values.length).toBe(10_000)
    for (const [index, value] of values.entries()) {
      const { quoted, plain } = value as { quoted: string; plain: string | number }
      expect([quoted, String(plain)]).toEqual([digits[index], digits[index]])
    }
  })

  it.each([
    ['18446744073709551615', '18446744073709551615'], // the largest of 64 bits
    ['-9223372036854775808', '-9223372036854775808'],
    ['9007199254740991', 9007199254740991], // 2^53 - 1 is still a number
    ['9007199254740992', '9007199254740992'],
    ['-9007199254740993', '-9007199254740993'],
    ['[1,9007199254740993,2.5]', [1, '9007199254740993', 2.5]],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['9007199254740993.0', 9007199254740992], // no integer in the text: a double
    ['1E400', undefined],
    ['-1e999', undefined],
    ['1e-999', 0],
    ['-0', -0],
    ['-0.0', -0],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['-Infinity', undefined],
    ['01', undefined],
    ['+1', undefined],
    ['0x10', undefined],
    ['1_000', undefined],
  ])('%s', async (text, expected) => {
    const { values, problems } = await read(`{}\n{"a":${text}}\n`)
    if (expected === undefined) expect([values.length, problems.map(({ line }) => line)]).toEqual([1, [2]])
    else expect([values[1], problems]).toEqual([{ a: expected }, []])
  })

  it('that are long inside texts and keys stay what they are', async () => {
    const value = {
      '12345678901234567890': '98765432109876543210',
      text: 'a "12345678901234567890" \\" 12345678901234567890',
    }
    const { values } = await read(`{"n":12345678901234567890,${JSON.stringify(value).slice(1)}\n`)
    expect(values).toEqual([{ n: '12345678901234567890', ...value }])
  })
})

describe('a document over the limit', () => {
  const span = (id: number) => ({ spanId: id, name: `span ${id}` })
  const spansOf = (values: readonly Json[]) => values.flatMap((value) => (value as { spans?: Json[] }).spans ?? [value])

  it('is split where its records stand, each inside its parents', async () => {
    const groups = ['a', 'b'].map((service, group) => ({
      resource: { service },
      scopeSpans: [1, 2].map((scope) => ({
        scope: { scope },
        spans: [0, 1, 2].map((id) => span(group * 100 + scope * 10 + id)),
      })),
    }))
    const expected = groups.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) => spans.map((one) => [resource.service, scope.scope, one.spanId])),
    )
    const texts = [
      { resourceSpans: groups },
      [{ resourceSpans: groups }],
      { result: { resourceSpans: groups } },
    ].flatMap((document) => [JSON.stringify(document), JSON.stringify(document, null, 2)])
    for (const text of texts)
      for (const maxRecordBytes of [130, 200, 400])
        for (const pieceBytes of [1, 3, 7, 1000]) {
          const { values, problems } = await read(text, { maxRecordBytes, pieceBytes })
          const found = values.flatMap((value) => {
            const outer = value as { result?: { resourceSpans: typeof groups }; resourceSpans?: typeof groups }
            return (outer.result?.resourceSpans ?? outer.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
              scopeSpans.flatMap(({ scope, spans }) => spans.map((one) => [resource.service, scope.scope, one.spanId])),
            )
          })
          expect([maxRecordBytes, pieceBytes, problems, found]).toEqual([maxRecordBytes, pieceBytes, [], expected])
        }
  })

  it('on a line is split in the same way, and the lines around it keep their numbers', async () => {
    const long = JSON.stringify({ resource: 'r', spans: [1, 2, 3, 4, 5].map(span) })
    const text = `{"spanId":0}\n${long}\n{"spanId":6}\n${long}\n{"spanId":7,}\n`
    for (const pieceBytes of [1, 5, 20]) {
      const { kept, values, problems } = await read(text, { maxRecordBytes: 60, pieceBytes })
      const ids = [1, 2, 3, 4, 5]
      expect(spansOf(values).map((one) => (one as { spanId: number }).spanId)).toEqual([0, ...ids, 6, ...ids])
      expect([...new Set(kept.map(([line]) => line))]).toEqual([1, 2, 3, 4])
      expect(places(problems)).toEqual([[5, 12]])
    }
  })

  it.each([
    ['as one text', { spanId: 2, text: 'x'.repeat(100) }],
    ['by many small members', Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`key${at}`, at]))],
    ['by a nested object', { spanId: 2, attributes: { deep: ['y'.repeat(100)] } }],
    ['by its keys', { ['k'.repeat(100)]: 1 }],
    ['as a list', ['z'.repeat(50), 'z'.repeat(50)]],
  ])('keeps the records beside one that is itself over the limit, which is refused: %s', async (_, large) => {
    const document = (indent?: number) =>
      JSON.stringify({ resource: 'r', spans: [span(1), large, span(3)] }, null, indent)
    const list = `[\n${[span(1), large, span(3)].map((one) => JSON.stringify(one)).join(',\n')}\n]\n`
    for (const text of [document(), document(1), list])
      for (const pieceBytes of [1, 7, 1000]) {
        const { values, problems } = await read(text, { maxRecordBytes: 90, pieceBytes })
        expect(spansOf(values)).toEqual([span(1), span(3)])
        const at = text.indexOf(JSON.stringify(large).slice(0, 2).trim(), text.indexOf('span 1'))
        const line = text === list ? 3 : text.slice(0, at + 3).split('\n').length
        expect(problems.map(({ problem }) => problem.replace(/ \(byte \d+\)/, ''))).toEqual(['record over 0 MiB'])
        if (text === list) expect(problems[0]!.line).toBe(line)
      }
  })

  it('tells what stands behind the records that it belongs to, with its place', async () => {
    const text = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"id":1},{"id":2},{"id":3}]}],\n"resource":{"late":1}}]}'
    const { values, problems } = await read(text, { maxRecordBytes: 60, pieceBytes: 10 })
    expect(values).toEqual([{ resourceSpans: [{ scopeSpans: [{ spans: [{ id: 1 }, { id: 2 }, { id: 3 }] }] }] }])
    expect(problems).toEqual([
      {
        line: 2,
        offset: 85,
        problem:
          'stands after the records it belongs to, in a document too large to hold: not applied to them (byte 85)',
      },
    ])
  })

  it('that breaks off keeps all records before', async () => {
    const text = JSON.stringify({ resource: 'r', spans: [1, 2, 3, 4].map(span) })
    const cut = text.slice(0, text.indexOf('span 4'))
    const { values, problems } = await read(cut, { maxRecordBytes: 50 })
    expect(spansOf(values)).toEqual([span(1), span(2), span(3)])
    expect(problems.map(({ problem }) => problem)).toEqual([
      `the text ends inside a value (byte ${cut.indexOf('{"spanId":4')})`,
    ])
  })

  it('with a fault in the middle keeps what is before, and goes on at the next line that begins like a value', async () => {
    const text = `{"resource":"r","spans":[{"id":1},{"id":2} {"id":3}]}\n{"spans":[{"id":4}]}\n`
    const { values, problems } = await read(text, { maxRecordBytes: 30, pieceBytes: 5 })
    expect(values).toEqual([{ resource: 'r', spans: [{ id: 1 }, { id: 2 }] }, { spans: [{ id: 4 }] }])
    expect(problems).toEqual([{ line: 1, offset: 43, problem: 'not JSON: expected , or ] (byte 43)' }])
  })

  it('counts the lines that it ends', async () => {
    const pretty = JSON.stringify({ spans: [1, 2, 3].map(span) }, null, 1)
    expect((await read(`${pretty}\n`, { maxRecordBytes: 40 })).totals.lines).toBe(pretty.split('\n').length)
  })
})

describe('a fault', () => {
  /** Place and reason by hand; the offset counts bytes. */
  const faults: [string, number, string, boolean][] = [
    ['', 0, 'expected value, found the end', true],
    ['{', 1, 'expected key or }, found the end', true],
    ['[', 1, 'expected value or ], found the end', true],
    ['{"a"', 4, 'expected :, found the end', true],
    ['{"a":', 5, 'expected value, found the end', true],
    ['{"a":1', 6, 'expected , or }, found the end', true],
    ['{"a":1,', 7, 'expected key, found the end', true],
    ['[1,', 3, 'expected value, found the end', true],
    ['[1', 2, 'expected , or ], found the end', true],
    ['{"a":tru', 5, 'expected value, found one that breaks off', true],
    ['{"a":"x', 5, 'expected value, found one that breaks off', true],
    ['{"a":"x\\', 5, 'expected value, found one that breaks off', true],
    ['{"a":"x\\u00', 5, 'expected value, found one that breaks off', true],
    ['{"a":-', 5, 'expected value, found one that breaks off', true],
    ['{"a":1.', 5, 'expected value, found one that breaks off', true],
    ['{"é":"ü",}', 11, 'expected key, found something else', false],
    ['{"a" 1}', 5, 'expected :, found something else', false],
    ['{"a":1 "b":2}', 7, 'expected , or }, found something else', false],
    ['{"a":truth}', 5, 'expected value, found something else', false],
    ['{"a":"x\ty"}', 5, 'expected value, found something else', false],
    ['{"a":"\\x"}', 5, 'expected value, found something else', false],
    ['{"a":"\\u12g4"}', 5, 'expected value, found something else', false],
    ["{'a':1}", 1, 'expected key or }, found something else', false],
    ['{a:1}', 1, 'expected key or }, found something else', false],
    ['{1:1}', 1, 'expected key or }, found something else', false],
    ['[1}', 2, 'expected , or ], found something else', false],
    ['{"a":1]', 6, 'expected , or }, found something else', false],
    ['[,1]', 1, 'expected value or ], found something else', false],
    ['[1,]', 3, 'expected value, found something else', false],
    ['{} {}', 3, 'expected nothing more, found something else', false],
    ['1 2', 2, 'expected nothing more, found something else', false],
    [' \t nul!', 3, 'expected value, found something else', false],
    ['😀', 0, 'expected value, found something else', false],
    ['["😀", 01]', 9, 'expected value, found something else', false],
    ['[1.5.2]', 1, 'expected value or ], found something else', false],
    ['[1e]', 1, 'expected value or ], found something else', false],
    ['[-]', 1, 'expected value or ], found something else', false],
  ]

  it.each(faults)('in %j is at byte %i: %s', (text, offset, reason, endsEarly) => {
    expect(parseExact(text)).toEqual({ fault: { offset, reason: `not JSON: ${reason}`, endsEarly } })
  })

  it('is never in a text that JSON.parse takes, and always in one that it refuses, at or before where it stops', () => {
    const seed = seeded('faults')
    const texts = fc.oneof(
      fc
        .json()
        .chain((text) =>
          fc
            .tuple(
              fc.nat({ max: text.length }),
              fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '0', 'e', '-', ''),
            )
            .map(([at, character]) => text.slice(0, at) + character + text.slice(at + 1)),
        ),
      fc.string({ unit: fc.constantFrom(...'{}[],:"\\u01e-.tn ') }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseExact(text)
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        if ('value' in parsed) return isJson
        const { offset, reason } = parsed.fault
        return (
          offset <= Buffer.byteLength(text) &&
          (isJson ? reason === 'number out of range' : reason.startsWith('not JSON: '))
        )
      }),
      { seed, numRuns: 5000 },
    )
  })
})
