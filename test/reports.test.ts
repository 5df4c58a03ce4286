import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import { assembleScorecard, type Scorecard } from '../src/core/scorecard.js'
import type { SpanContent } from '../src/core/span.js'
import type { TraceSpan } from '../src/core/trace.js'
import { criteria } from '../src/criteria/index.js'
import { formatCost, formatLatency } from '../src/reports/breakdown.js'
import { formatCapture } from '../src/reports/capture.js'
import { formatCoverage } from '../src/reports/coverage.js'
import { formatJson } from '../src/reports/json.js'
import {
  formatCount,
  formatDay,
  formatDuration,
  formatPercent,
  formatShare,
  formatTime,
  formatUsd,
  formatValue,
} from '../src/reports/number.js'
import { formatExplanation } from '../src/reports/scorecard-explain.js'
import { formatScorecardJson } from '../src/reports/scorecard-json.js'
import { formatScorecardMarkdown, markdown } from '../src/reports/scorecard-markdown.js'
import { formatScorecard } from '../src/reports/scorecard-terminal.js'
import { formatTable } from '../src/reports/table.js'
import { clip, columns, visible, wrap } from '../src/reports/text.js'
import { formatTrace, type TraceView } from '../src/reports/trace.js'
import { treeOf } from '../src/reports/trace-tree.js'
import { coverageOf, evidenceOf, inferredOnly, tallyOf } from './evidence.js'

/** What no printed text may hold, written apart from the rule under test; line breaks are the report's own. */
const dangerous =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/

const hostile = fileURLToPath(new URL('../../shared/hostile/', import.meta.url))
const plain = { width: 100, color: new Chalk({ level: 0 }) }

function golden(name: string): string {
  return readFileSync(new URL(`../fixtures/reports/${name}`, import.meta.url), 'utf8')
}

/** Everything hostile that is at hand, one text each. */
function hostileTexts(): string[] {
  const streams = `${hostile}terminal/xterm.js/test/fixtures/escape_sequence_files/`
  const files = readdirSync(streams).filter((file) => file.endsWith('.in'))
  const codes: Record<string, [string, unknown][]> = JSON.parse(
    readFileSync(`${hostile}terminal/ansi-regex/ansi-codes.json`, 'utf8'),
  )
  const escapes = Object.values(codes).flatMap((family) => family.map(([code]) => `\u001b${code}\u009b${code}`))
  const naughty: string[] = JSON.parse(readFileSync(`${hostile}strings/blns/blns.json`, 'utf8'))
  return [...files.map((file) => readFileSync(streams + file, 'latin1')), ...escapes, ...naughty]
}

describe('visible', () => {
  it.each([
    ['clears the screen', 'a\u001b[2Jb', 'a\\u{1b}[2Jb'],
    ['sets the clipboard by OSC 52', '\u001b]52;c;ZXZpbA==\u0007', '\\u{1b}]52;c;ZXZpbA==\\u{7}'],
    ['links by OSC 8', '\u001b]8;;http://x\u001b\\', '\\u{1b}]8;;http://x\\u{1b}\\'],
    ['starts a sequence in one byte', '\u009b31m', '\\u{9b}31m'],
    ['overwrites the line', 'safe\rEVIL\b', 'safe\\u{d}EVIL\\u{8}'],
    ['deletes', '\u007f', '\\u{7f}'],
    ['turns the text around', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['hides between letters', 'a\u200bb\u200d\ufeffc\u00ad', 'a\\u{200b}b\\u{200d}\\u{feff}c\\u{ad}'],
    ['hides as a tag', '\u{e0041}', '\\u{e0041}'],
    ['fills without being seen', '\u3164\u115f', '\\u{3164}\\u{115f}'],
    ['breaks lines elsewhere', 'a\u2028b\u0085c', 'a\\u{2028}b\\u{85}c'],
    ['is half a character', 'a\ud83d', 'a\\u{d83d}'],
  ])('shows what %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('leaves letters, accents and emoji as they are', () => {
    const text = 'Zoë, e\u0301, 日本語, العربية, 👍🏽 ❤\ufe0f'
    expect(visible(text)).toBe(text)
  })

  it('shows line breaks and tabs, unless lines are wanted', () => {
    expect(visible('a\tb\r\nc\rd')).toBe('a\\u{9}b\\u{d}\\u{a}c\\u{d}d')
    expect(visible('a\tb\r\nc\rd', 'lines')).toBe('a\tb\nc\\u{d}d')
  })

  it.skipIf(!existsSync(hostile))('leaves no control character of ../shared/hostile', () => {
    const texts = hostileTexts()
    expect(texts.length).toBeGreaterThan(700)
    const left = texts.filter((text) => {
      const printed = [visible(text), visible(text, 'lines').replaceAll('\t', ''), clip(text, 40), ...wrap(text, 40)]
      return printed.some((part) => dangerous.test(part)) || dangerous.test(formatJson({ text }))
    })
    expect(left).toEqual([])
  })
})

describe('columns and clip', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['日本語', 6],
    ['한국어', 6],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['ไทย', 3],
    ['นี้', 1],
    ['👍🏽', 2],
    ['🇯🇵', 2],
    ['❤\ufe0f', 2],
    ['한', 2],
  ])('%s takes %i columns', (text, width) => {
    expect(columns(text)).toBe(width)
  })

  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['ae\u0301iou', 3, 'ae\u0301…'],
    ['👍🏽👍🏽', 3, '👍🏽…'],
    ['a\u001b[2J', 4, 'a\\u…'],
    ['abc', 1, '…'],
  ])('clip %j to %i is %j', (text, width, cut) => {
    expect(clip(text, width)).toBe(cut)
  })

  it('cuts a hundred thousand marks on one letter, and as many letters', () => {
    const tower = `e${'\u0301'.repeat(100_000)}`
    expect(clip(tower, 10)).toBe(`e${'\u0301'.repeat(8)}…`)
    expect(clip('x'.repeat(100_000), 10)).toBe('xxxxxxxxx…')
  })
})

describe('wrap', () => {
  it('breaks at line breaks, at spaces, and inside a word that is too long', () => {
    expect(wrap('one two three\nabcdefghijkl', 7)).toEqual(['one two', 'three', 'abcdefg', 'hijkl'])
  })

  it('keeps wide letters whole', () => {
    expect(wrap('日本語', 5)).toEqual(['日本', '語'])
  })

  it('keeps empty lines, and the indent of the first', () => {
    expect(wrap('  a\n\nb', 10)).toEqual(['  a', '', 'b'])
  })

  it('wraps a long line in time proportional to it', () => {
    expect(wrap('日'.repeat(200_000), 100)).toHaveLength(4000)
  })
})

describe('numbers', () => {
  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.962, '96.2 %'],
    [0.5, '50.0 %'],
    [0.9999, '99.99 %'],
    [0.99999, '99.999 %'],
    [0.0004, '0.04 %'],
    [undefined, '—'],
    [Number.NaN, '—'],
  ])('share %s reads %s', (share, text) => {
    expect(formatPercent(share)).toBe(text)
  })

  it('shows a share with its n and interval', () => {
    expect(formatShare(0.95, 2000, { low: 0.93955589, high: 0.95871877 })).toBe('95.0 % (n 2,000, 95 % CI 94.0–95.9)')
    expect(formatShare(0, 0, { low: 0, high: 1 })).toBe('not measured')
  })

  it.each([
    [0, '$0.00'],
    [0.0123, '$0.0123'],
    [0.00001, '< $0.0001'],
    [0.99999, '$1.00'],
    [1234.5, '$1,234.50'],
    [-2, '-$2.00'],
    [undefined, '—'],
  ])('%s dollars read %s', (usd, text) => {
    expect(formatUsd(usd)).toBe(text)
  })

  it.each([
    [0, '0 ms'],
    [0.42, '0.4 ms'],
    [320.4, '320 ms'],
    [999.5, '1.00 s'],
    [1240, '1.24 s'],
    [59_994, '59.99 s'],
    [59_996, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_599_600, '1 h 0 min'],
    [3_780_000, '1 h 3 min'],
    [-1240, '-1.24 s'],
    [undefined, '—'],
    [Number.POSITIVE_INFINITY, '—'],
  ])('%s milliseconds read %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  it('shows counts with separators, and values in their unit', () => {
    expect(formatCount(1234567)).toBe('1,234,567')
    expect(formatValue({ measured: true, value: 8.54, unit: 'minutes', n: 9, evidence: [] })).toBe('8.5 min')
    expect(formatValue({ measured: true, value: 12, unit: 'hours', n: 1, evidence: [] })).toBe('12 h')
    expect(formatValue({ measured: false, reason: 'no log' })).toBe('—')
  })

  it('shows days and moments in UTC, and no moment that no date can hold', () => {
    expect(formatDay(Date.UTC(2026, 2, 2, 23, 59))).toBe('2026-03-02')
    expect(formatTime(Date.UTC(2026, 2, 2, 10))).toBe('2026-03-02T10:00:00.000Z')
    expect(formatTime(1e20)).toBe('—')
  })
})

describe('formatTable', () => {
  it('lines up wide letters, marks and colours by what they take on the screen', () => {
    const red = (text: string) => `\u001b[31m${text}\u001b[39m`
    const rows = [
      ['日本', '1'],
      ['นี้', '22'],
      [{ text: 'ab', paint: red }, '333'],
      ['', ''],
    ]
    expect(formatTable(rows, { head: ['name', 'n'], align: 'lr', width: 80 })).toBe(
      ['name    n', '────  ───', '日本    1', 'นี้      22', '\u001b[31mab\u001b[39m    333', ''].join('\n'),
    )
  })

  it('cuts text, not numbers, to fit the width', () => {
    const rows = [['a very long name that does not fit', '1,234,567']]
    expect(formatTable(rows, { head: ['name', 'tokens'], align: 'lr', width: 30 })).toBe(
      ['name                    tokens', '───────────────────  ─────────', 'a very long name t…  1,234,567'].join('\n'),
    )
  })

  it('keeps the fixed words of a report whole under w', () => {
    const rows = [['a very long name that does not fit', 'cost per run', '1,234,567']]
    const [, , row] = formatTable(rows, { head: ['name', 'metric', 'n'], align: 'lwr', width: 33 }).split('\n')
    expect(row).toBe('a very …  cost per run  1,234,567')
  })

  it('never lets a cell break the table', () => {
    const cell = `x\n\u001b[2J${'y'.repeat(100_000)}\ue000`
    const lines = formatTable([[cell, '1']], { head: ['name', 'n'], align: 'lr', width: 40 }).split('\n')
    expect(lines).toHaveLength(3)
    expect(lines.map(columns)).toEqual([40, 40, 40])
    expect(dangerous.test(lines.join(''))).toBe(false)
  })
})

/** A pilot in its middle: coverage that equals its target, every output mapped, nothing else known. */
function scorecard(tenant = 'acme'): Scorecard {
  const values = Array.from({ length: 100 }, (_, index) => 0.01 * (index + 1))
  const group = {
    key: tenant,
    latencyMs: { values: [], unknown: 0 },
    costUsd: { values, unknown: 2 },
    errors: { x: 0, n: 102 },
    tokens: { input: 0, output: 0 },
  }
  const candidate = evidenceOf({
    coverage: {
      production: coverageOf(2000, 1900, {
        examples: { missing: ['r1', tenant], outside: [], duplicate: [], late: [] },
      }),
      replay: coverageOf(0, 0),
      synthetic: coverageOf(30, 30),
    },
    tally: {
      costPerRun: { values, unknown: 2 },
      groups: { model: [], tenant: [group], user: [], workflow: [], step: [], 'prompt version': [], release: [] },
    },
  })
  const baseline = evidenceOf({ platform: 'logs', role: 'baseline', tally: { promptMapped: { x: 0, n: 30 } } })
  return assembleScorecard({
    pilot: { name: 'support', start: '2026-03-02', end: '2026-03-29', candidates: ['promptlayer'], baseline: 'logs' },
    criteria: [
      { id: 'trace-coverage', target: { comparison: '>=', value: 0.95 }, must: true },
      { id: 'debug-time', target: { comparison: '<', value: 10 }, must: true },
      { id: 'prompt-version-mapped', target: { comparison: '==', value: 1 }, must: true },
      { id: 'request-volume', target: { comparison: '>=', value: 500 }, must: false },
      { id: 'feedback-joined', target: { comparison: '>=', value: 0.9 }, must: false },
    ],
    catalogue: criteria,
    minimumN: 500,
    evidence: [candidate, baseline],
    context: { detectors: ['email'] },
    review: { attendees: [], owners: [], next_workflows: [], waivers: [] },
    security: {},
    lock: {
      lockedAtMs: Date.UTC(2026, 2, 1),
      changes: [{ id: 'window', was: '2026-03-02 to 2026-03-15', now: '2026-03-02 to 2026-03-29', reason: undefined }],
      amendments: [
        {
          criterion: 'trace-coverage',
          before: { target: { comparison: '>=', value: 0.99 }, must: true },
          reason: 'the load balancer answers 1 % itself',
        },
      ],
    },
    nowMs: Date.UTC(2026, 2, 15),
  })
}

describe('the scorecard', () => {
  it('reads in a terminal of 100 columns as in the golden file', () => {
    const text = formatScorecard(scorecard(), plain)
    expect(text).toBe(golden('scorecard.txt'))
    expect(text.split('\n').filter((line) => columns(line) > 100)).toEqual([])
  })

  it('reads in Markdown as in the golden file', () => {
    expect(formatScorecardMarkdown(scorecard())).toBe(golden('scorecard.md'))
  })

  it('is the same data in JSON, with a schema version', () => {
    const card = scorecard()
    expect(JSON.parse(formatScorecardJson(card))).toEqual({ schemaVersion: 1, ...JSON.parse(JSON.stringify(card)) })
  })

  it('explains one criterion with its method, rule and examples', () => {
    expect(formatExplanation(scorecard(), plain, 'trace-coverage')).toBe(golden('explanation.txt'))
  })

  it('explains no criterion that there is not, and says which there are', () => {
    expect(() => formatExplanation(scorecard(), plain, 'trace-coverag')).toThrow('No criterion has this id.')
  })

  it('colours words, and is the same text without colour', () => {
    const colored = formatScorecard(scorecard(), { width: 100, color: new Chalk({ level: 1 }) })
    expect(colored).toContain('\u001b[33minconclusive\u001b[39m')
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatScorecard(scorecard(), plain))
  })

  it.skipIf(!existsSync(hostile))('prints no control character of ../shared/hostile in any report', () => {
    const texts = hostileTexts().filter((_, index) => index % 40 === 0)
    for (const text of texts) {
      const card = scorecard(text)
      const reports = [formatScorecard(card, plain), formatScorecardMarkdown(card), formatScorecardJson(card)]
      expect(reports.filter((report) => dangerous.test(report))).toEqual([])
    }
  })

  it('lets no markup of untrusted text into Markdown', () => {
    expect(markdown('a|b `c` <img src=x> [d](http://e) *f* _g_ & https://h www.i')).toBe(
      'a\\|b \\`c\\` &lt;img src=x&gt; \\[d\\](http&#58;//e) \\*f\\* \\_g\\_ &amp; https&#58;//h www&#46;i',
    )
    expect(formatScorecardMarkdown(scorecard('x | y\n# z'))).toContain('| tenant x \\| y\\\\u{a}# z |')
  })
})

describe('formatJson', () => {
  it('escapes what drives a terminal, and loses nothing', () => {
    const value = { text: 'a\u001b\u009b\u202e\u{e0041}\u2028é日' }
    expect(formatJson(value)).toBe('{\n  "text": "a\\u001b\\u009b\\u202e\\udb40\\udc41\\u2028é日"\n}\n')
    expect(JSON.parse(formatJson(value))).toEqual(value)
  })
})

function span(spanId: string, parts: Partial<TraceSpan> = {}): TraceSpan {
  return { traceId: 't', spanId, name: spanId, kind: 'other', status: 'unset', fields: 0, ...parts }
}

describe('treeOf', () => {
  it('puts children under their parents in the order given, and faults at the top', () => {
    const spans = [
      span('b', { parentId: 'a' }),
      span('a'),
      span('c', { parentId: 'a' }),
      span('d', { parentId: 'b' }),
      span('lost', { parentId: 'nowhere' }),
      span('x', { parentId: 'y' }),
      span('y', { parentId: 'x' }),
    ]
    expect(treeOf(spans).map(({ span, depth, fault }) => [span.spanId, depth, fault])).toEqual([
      ['a', 0, undefined],
      ['b', 1, undefined],
      ['d', 2, undefined],
      ['c', 1, undefined],
      ['lost', 0, 'parent missing'],
      ['x', 0, 'in a cycle'],
      ['y', 1, undefined],
    ])
  })

  it('nests a hundred thousand deep, and names a span that is its own parent once', () => {
    const deep = Array.from({ length: 100_000 }, (_, index) =>
      span(`${index}`, index === 0 ? {} : { parentId: `${index - 1}` }),
    )
    expect(treeOf(deep).at(-1)?.depth).toBe(99_999)
    expect(treeOf([span('self', { parentId: 'self' })])).toHaveLength(1)
  })
})

describe('formatTrace', () => {
  const sums = {
    evals: [],
    cost: { computed: new Map<string, number>(), total: undefined },
    tokens: { input: undefined, output: undefined },
    repeated: new Set<string>(),
    inferred: { retries: new Set<string>(), fallbacks: new Set<string>() },
    steps: [],
  }

  const startMs = Date.UTC(2026, 2, 2, 10)
  const contents = new Map<string, SpanContent>([
    [
      'find',
      {
        query: 'opening hours',
        documents: [
          { id: 'doc-1', score: 0.83, content: 'Open from 9 to 5.' },
          { content: 'Closed on Sunday.', distance: 0.2 },
        ],
      },
    ],
    [
      'draft',
      {
        settings: { temperature: 0.2, max_tokens: 500 },
        promptVariables: { city: 'Bern' },
        inputMessages: [{ role: 'user', content: 'When do you open?\nToday.' }],
        outputMessages: [{ role: 'assistant', toolCalls: [{ name: 'hours', arguments: { day: 'Mon' } }] }],
      },
    ],
    [
      'call',
      {
        toolName: 'hours',
        toolArguments: { day: 'Mon' },
        events: [
          { name: 'exception', attributes: { 'exception.type': 'TimeoutError', 'exception.message': 'after 2 s' } },
        ],
      },
    ],
  ])
  const view: TraceView = {
    trace: {
      platform: 'promptlayer',
      traceId: '4f3a',
      spans: [
        span('root', {
          name: 'support.answer',
          kind: 'workflow',
          startMs,
          endMs: startMs + 3420,
          status: 'ok',
          tenant: 'acme',
          request: 'r1',
        }),
        span('find', { parentId: 'root', kind: 'retriever', startMs, endMs: startMs + 80 }),
        span('draft', {
          ...{ parentId: 'root', kind: 'llm', promptName: 'support-answer', promptVersion: '7', provider: 'openai' },
          ...{ requestModel: 'gpt-4.1', responseModel: 'gpt-4.1-2025-04-14', startMs, endMs: startMs + 1240 },
          ...{ usage: { input: 1200, output: 80 }, costUsd: 0.0031 },
        }),
        span('call', { parentId: 'draft', kind: 'tool', status: 'error', statusMessage: 'no answer\u001b[2J' }),
      ],
    },
    contents,
    feedback: [{ kind: 'thumbs', value: -1, comment: 'wrong city', traceId: '4f3a' }],
    scores: [{ name: 'helpful', value: 0.2, source: 'model', spanId: 'draft' }],
    ...sums,
    cost: { computed: new Map([['draft', 0.00304]]), total: 0.0031 },
    tokens: { input: 1200, output: 80 },
  }

  it('shows tree, prompt, context, tools, text, feedback and scores in one place', () => {
    expect(formatTrace(view, { ...plain, full: false })).toBe(golden('trace.txt'))
  })

  it('cuts a long text unless all of it is wanted', () => {
    const long = new Map<string, SpanContent>([['a', { output: 'word '.repeat(1000) }]])
    const one = {
      trace: { platform: 'p', traceId: 't', spans: [span('a')] },
      contents: long,
      feedback: [],
      scores: [],
      ...sums,
    }
    expect(formatTrace(one, { ...plain, full: false })).toContain('… 5,000 characters, --full shows all')
    expect(formatTrace(one, { ...plain, full: true }).match(/word/g)).toHaveLength(1000)
  })

  it('shows a trace without spans', () => {
    const none = {
      trace: { platform: 'p', traceId: 't', spans: [] },
      contents: new Map(),
      feedback: [],
      scores: [],
      ...sums,
    }
    expect(
      formatTrace(none, { ...plain, full: false })
        .split('\n')
        .slice(0, 2),
    ).toEqual(['Trace t on p, 0 spans', 'start unknown'])
  })
})

describe('the breakdowns', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1)
  const group = (key: string, sample: number[]) => ({
    key,
    latencyMs: { values: sample.map((value) => value * 100), unknown: 1 },
    costUsd: { values: sample.map((value) => value / 100), unknown: 0 },
    errors: { x: 3, n: sample.length },
    tokens: { input: 0, output: 0 },
  })
  const steps = Array.from({ length: 23 }, (_, index) => group(`step ${index + 1}`, [23 - index]))
  const tally = tallyOf({
    costUsd: { stated: undefined, computed: 50.5, unpricedSpans: 2, unpricedModels: ['house-7b'] },
    costPerRun: { values: values.map((value) => value / 100), unknown: 2 },
    costPerTask: {
      rule: { status: 'ok', without_step: 'escalate' },
      all: {
        ...{ runs: 102, completed: 80, notCompleted: 15, unknown: 5, unknownCost: 2, totalUsd: 50.5 },
        ...{ usd: undefined, low: 0.5941, high: 0.6312, interval: { low: 0.5, high: 1.25 } },
      },
      tenant: [
        {
          ...{ key: 'acme', runs: 3, completed: 2, notCompleted: 1, unknown: 0, unknownCost: 0, totalUsd: 3 },
          ...{ usd: 1.5, low: 1.5, high: 1.5, interval: undefined },
        },
      ],
      release: [],
      unseen: [],
    },
    latencyPerRun: { values: values.map((value) => value * 100), unknown: 0 },
    groups: {
      model: [group('gpt-4.1', values), group('日本', [1])],
      tenant: [],
      user: [],
      workflow: [],
      step: steps,
      'prompt version': [],
      release: [],
    },
    retries: { ...inferredOnly(4, 5), stated: { runs: 1, spans: 2 }, inferred: { runs: 3, spans: 3 } },
    capture: [
      { kind: 'llm', field: 'model', share: { x: 475, n: 500 } },
      { kind: 'tool', field: 'arguments', share: { x: 0, n: 0 } },
    ],
    promptMapped: { x: 1900, n: 2000 },
    unmapped: [{ name: 'draft', spans: 100, examples: ['s1'] }],
    metadata: [
      {
        ...{ key: 'tenant', present: { x: 100, n: 200 }, distinct: 3, spellings: [['Acme', 'acme']] },
        ...{ conflicting: 2, tooManyValues: false },
      },
    ],
  })

  it('shows cost per run and group, with what is unknown beside it', () => {
    expect(formatCost(tally, plain, ['model', 'tenant'])).toBe(golden('cost.txt'))
  })

  it('shows latency with intervals, or the n that one needs, and 20 groups at most', () => {
    expect(formatLatency(tally, plain, ['model', 'step'])).toBe(golden('latency.txt'))
  })

  it('shows required fields, prompt versions, trace states and metadata', () => {
    expect(formatCapture(tally, plain)).toBe(golden('capture.txt'))
  })

  it('shows coverage by origin, or why there is none', () => {
    const coverage = {
      production: coverageOf(2000, 1900, { examples: { missing: ['r1', 'r2'], outside: [], duplicate: [], late: [] } }),
      replay: coverageOf(0, 0),
      synthetic: coverageOf(200, 100),
    }
    expect(formatCoverage({ coverage, unjoinable: undefined }, plain)).toBe(golden('coverage.txt'))
    const title = 'Requests that have their trace (only production is judged)'
    expect(formatCoverage({ coverage: undefined, unjoinable: undefined }, plain)).toBe(
      `${title}\n  - not measured. No request log was ingested. Next: pilot ingest <requests> --as requests\n`,
    )
    expect(formatCoverage({ coverage, unjoinable: 'No id in common.' }, plain)).toBe(
      `${title}\n  - not measured. No id in common.\n`,
    )
  })
})
