import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Errand } from '../src/checks/check.js'
import { checks } from '../src/checks/index.js'
import type { JudgeSpec } from '../src/core/eval/judge.js'
import { type CheckResult, outcomes } from '../src/core/eval/result.js'
import type { Json } from '../src/core/span.js'

const size = 100_000
const nest = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

/** Output → what is hostile about it. */
const hostile: Record<string, Json> = {
  'a long text of one letter': 'a'.repeat(size),
  'a long text of digits': '1'.repeat(size),
  'long groups of digits': '1,111'.repeat(size / 5),
  'a long fraction': `1.${'0'.repeat(size)}1`,
  'a long text without blanks': '退货'.repeat(size / 2),
  'many marks': '[a1] '.repeat(size / 5),
  'a long text of space': ' '.repeat(size),
  'a long list': `[${'1,'.repeat(size / 2)}1]`,
  'a long list of lists': Array.from({ length: 10_000 }, (_, at) => [at]),
  'many escapes before a long integer': `{"a": "${'\\n'.repeat(size / 2)}", "b": 12345678901234567890}`,
  'deep JSON': nest(size / 2),
  'JSON that is never closed': '['.repeat(size),
  'JSON at the edge of its depth': JSON.parse(nest(200)) as Json,
  'a long fence': `\`\`\`json\n${'`'.repeat(size)}`,
  'lone surrogates': '\ud800 \udfff',
  'a prototype as text': '{"__proto__": {"a": 1}, "constructor": null, "total": 1e999}',
  'a prototype as JSON': JSON.parse('{"__proto__": {"a": 1}, "constructor": null, "items": {"__proto__": 1}}') as Json,
  'a line of controls': '\u0000\u001b[31m\u202e\n',
}

const judges = new Map<string, JudgeSpec>([
  ['helpful', { id: 'helpful', model: 'm', rubric: 'It helps.', scale: 'pass-fail' }],
  ['marks', { id: 'marks', model: 'm', rubric: 'It is good.', scale: { min: 1, max: 5, passFrom: 4 } }],
])

function settingsOf(name: string): unknown[] {
  const text = readFileSync(new URL(`../fixtures/checks/${name}.yaml`, import.meta.url), 'utf8')
  const all = (parse(text) as { examples: { settings?: unknown }[] }).examples.map(({ settings }) => settings ?? {})
  return [...new Map(all.map((settings) => [JSON.stringify(settings), settings])).values()]
}

/** What a check says once a judge or a command has answered with this text. */
function said(given: CheckResult | Errand, text: string): CheckResult {
  if (!('kind' in given)) return given
  return given.kind === 'judge' ? given.read([text, text]) : given.read({ exitCode: 1, stdout: text })
}

describe.each(checks.map((check) => [check.name, check] as const))('%s', (name, check) => {
  it.each(Object.keys(hostile))('says something short of %s', async (kind) => {
    const value = hostile[kind]!
    for (const settings of settingsOf(name)) {
      const grade = await check.prepare(check.settings.parse(settings), { judges })
      for (const reference of ['a', ['a'], { a: 1 }, value]) {
        const text = typeof value === 'string' ? value : JSON.stringify(value)
        const given = said(
          grade({
            case: { id: 'c1', tags: [], labels: { refuse: text }, inputs: value, reference },
            output: { value, documents: [{ id: text, content: text }], tools: [{ name: text, arguments: value }] },
          }),
          text,
        )
        expect(outcomes).toContain(given.outcome)
        expect(given.reason.length).toBeLessThan(600)
        expect(given.reason.isWellFormed()).toBe(true)
        expect(given.score ?? 0).toBeLessThan(Number.POSITIVE_INFINITY)
      }
    }
  })
})
