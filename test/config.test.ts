import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { editorSchema } from '../src/config/editor-schema.js'
import { loadConfig, parseYaml } from '../src/config/load.js'
import { Config } from '../src/config/schema.js'
import { nearest } from '../src/config/suggest.js'
import { PilotError } from '../src/core/errors.js'
import { canaryKinds, channelNames } from '../src/core/probes/canary.js'

const folder = mkdtempSync(join(tmpdir(), 'pilot-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const example = readFileSync(new URL('../pilot.yaml.example', import.meta.url), 'utf8')

const smallest = `version: 1
pilot:
  name: Support
  owner: jane
  start: 2026-03-02
  end: 2026-03-29
  candidates: [{ id: promptlayer }]
workflow:
  name: support-answer
  match: { root: support.answer }
criteria:
  - { id: trace-coverage, target: '>= 95%', must: true }
`

const parse = (text: string) => parseYaml(text, Config, { label: 'pilot.yaml', hint: 'Fix it.' })

/** The message of the `PilotError` that a text causes, without the count at its end. */
function problems(text: string): string {
  try {
    parse(text)
    return 'none'
  } catch (error) {
    if (!(error instanceof PilotError)) throw error
    expect(error.exitCode).toBe(2)
    return error.message.replace(/\n\d+ problems? in pilot\.yaml\.$/, '')
  }
}

/** The smallest config with one thing replaced. */
const changed = (from: string, to: string) => {
  expect(smallest).toContain(from)
  return smallest.replace(from, to)
}

/** A suite that has these checks, in one line. */
function suite(checks: string): string {
  return `evals: { suites: [{ id: a, checks: [${checks}] }] }\n`
}

describe('pilot.yaml', () => {
  it('of the smallest kind gets its defaults', () => {
    expect(parse(smallest)).toEqual({
      version: 1,
      pilot: {
        name: 'Support',
        owner: 'jane',
        start: '2026-03-02',
        end: '2026-03-29',
        candidates: [{ id: 'promptlayer' }],
      },
      workflow: { name: 'support-answer', match: { root: 'support.answer' }, volume: { min: 500, max: 2000 } },
      capture: { keys: {}, required: {} },
      inputs: {},
      coverage: { lateAfterMs: 300_000 },
      prices: [],
      evals: { margin: 0.05, suites: [], promotion: { environments: ['dev', 'staging', 'production'] } },
      judges: [],
      costs: { platforms: [], terms: { growth: 0, months: 12 } },
      criteria: [{ id: 'trace-coverage', target: { comparison: '>=', value: 0.95 }, must: true }],
      prompts: { within: 900_000 },
      drills: {
        incidents: { min: 5, max: 10 },
        timebox: 1_800_000,
        test: 'log-rank',
        required: ['prompt-version', 'context', 'model', 'failures', 'cause'],
        questions: [],
        fail_below: {},
        fail_above: {},
      },
      probes: {
        privacy: { channels: [...channelNames], kinds: [...canaryKinds], expect: {} },
        deletion: { timeout: 30_000 },
      },
      security: {},
      review: { attendees: [], owners: [], next_workflows: [], waivers: [] },
      plan: {},
    })
  })

  it('comes out with ranges, durations and targets parsed', () => {
    const config = parse(example)
    expect(config.workflow.map?.map(({ times }) => times)).toEqual([
      { min: 1, max: 3 },
      { min: 0, max: 2 },
      { min: 1, max: 4 },
    ])
    expect(config.coverage).toEqual({ lateAfterMs: 300_000 })
    expect(config.plan.evals).toEqual({ min: 8, max: 14 })
    expect(config.criteria.find(({ id }) => id === 'prompt-version-mapped')).toEqual({
      id: 'prompt-version-mapped',
      target: { comparison: '==', value: 1 },
      must: true,
    })
  })

  it('reports every problem at once, each where it is, then their number and one hint', () => {
    const text = `version: 2
pilot:
  name: 2026
  start: 2026-02-30
  end: 2026-03-29
  candidates: []
workflow:
  name: support-answer
  match: { rot: support.answer }
  volume: { min: 9, max: 3 }
criteria:
  - { id: trace-coverage, taget: '>= 95%', must: yes }
  - { id: debug-tme, target: '< 10 min' }
`
    let thrown: unknown
    try {
      parse(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ exitCode: 2, hint: 'Fix it.' })
    expect(thrown instanceof PilotError && thrown.message).toBe(`pilot.yaml:1:10: version: expected 1
pilot.yaml:3:3: pilot.owner: missing; expected text
pilot.yaml:3:9: pilot.name: expected text; put it in quotes
pilot.yaml:4:10: pilot.start: expected a day such as 2026-03-02
pilot.yaml:6:15: pilot.candidates: is empty; expected at least one
pilot.yaml:9:12: workflow.match: unknown key "rot"; did you mean "root"?
pilot.yaml:10:26: workflow.volume.max: is less than min
pilot.yaml:12:5: criteria.0.target: missing; expected text or a number
pilot.yaml:12:27: criteria.0: unknown key "taget"; did you mean "target"?
pilot.yaml:12:50: criteria.0.must: expected true or false
pilot.yaml:13:11: criteria.1.id: expected one of ${catalogueIds()}; did you mean "debug-time"?
11 problems in pilot.yaml.`)
  })

  it.each<[string, string, string]>([
    [
      'must: true',
      'must: false',
      'pilot.yaml:12:3: criteria: none is a must, so nothing would decide; set must: true on those that do',
    ],
    [
      ', must: true }\n',
      ', must: true }\n  - { id: trace-coverage, target: 100% }\n',
      'pilot.yaml:13:11: criteria.1.id: names the same criterion as an earlier one',
    ],
    [
      "'>= 95%'",
      "'< 10 min'",
      'pilot.yaml:12:35: criteria.0.target: is measured in per cent; expected a target such as ">= 95 %"',
    ],
    ["'>= 95%'", 'soon', 'pilot.yaml:12:35: criteria.0.target: expected a target such as ">= 95 %"'],
    [
      'promptlayer }',
      'promptlayer }, { id: promptlayer }',
      'pilot.yaml:7:43: pilot.candidates.1.id: names the same candidate as an earlier one',
    ],
    [
      'start:',
      'baseline: promptlayer\n  start:',
      'pilot.yaml:8:22: pilot.candidates.0.id: is the baseline too; a platform is one or the other',
    ],
    ['2026-03-29', '2026-03-01', 'pilot.yaml:6:8: pilot.end: lies before start'],
    [
      'promptlayer',
      'a/b',
      'pilot.yaml:7:22: pilot.candidates.0.id: expected letters, digits, ".", "_" and "-" only, at most 64',
    ],
    [
      'workflow:\n',
      'plan: { evals: 8..40 }\nworkflow:\n',
      'pilot.yaml:8:16: plan.evals: lies outside the window, which has days 1..28',
    ],
    [
      'workflow:\n',
      'plan: { evals: 9..8 }\nworkflow:\n',
      'pilot.yaml:8:16: plan.evals: expected a range such as 1..3, or one number',
    ],
    [
      'workflow:\n',
      'coverage: { late_after: 5 }\nworkflow:\n',
      'pilot.yaml:8:25: coverage.late_after: expected text; put it in quotes',
    ],
    [
      'workflow:\n',
      'coverage: { late_after: 5 min }\nworkflow:\n',
      'pilot.yaml:8:25: coverage.late_after: expected a duration such as 5m, 30s or 1h',
    ],
    [
      'workflow:\n',
      'capture: { required: { lm: [model] } }\nworkflow:\n',
      'pilot.yaml:8:24: capture.required: unknown key "lm"; did you mean "llm"?',
    ],
    [
      'workflow:\n',
      'capture: { privacy: [{ do: hash }] }\nworkflow:\n',
      'pilot.yaml:8:22: capture.privacy.0: needs one of field, detect and match',
    ],
    [
      'workflow:\n',
      "capture: { privacy: [{ match: '(a)\\1', do: hash }] }\nworkflow:\n",
      'pilot.yaml:8:31: capture.privacy.0.match: is no RE2 expression (linear time: no look-around, no back-references)',
    ],
    [
      'workflow:\n',
      'capture: { privacy: [{ field: request.id, do: redact }] }\nworkflow:\n',
      'pilot.yaml:8:47: capture.privacy.0.do: would break the joins between traces, requests and feedback; use hash or store',
    ],
    [
      'workflow:\n',
      'inputs: { requests: { columns: { tiem: ts } } }\nworkflow:\n',
      'pilot.yaml:8:34: inputs.requests.columns: unknown key "tiem"; did you mean "time"?',
    ],
    ['workflow:\n', 'metrics: {}\nworkflow:\n', 'pilot.yaml:8:1: unknown key "metrics"'],
    [
      'workflow:\n',
      'evals: { margin: five }\nworkflow:\n',
      'pilot.yaml:8:18: evals.margin: expected a share such as 5 % or 0.05',
    ],
    [
      'workflow:\n',
      `${suite('{ check: contians, value: a }')}workflow:\n`,
      `pilot.yaml:8:46: evals.suites.0.checks.0.check: expected one of ${checkNames()}; did you mean "contains"?`,
    ],
    [
      'workflow:\n',
      `${suite('{ chek: contains }')}workflow:\n`,
      `pilot.yaml:8:37: evals.suites.0.checks.0.check: missing; expected one of ${checkNames()}`,
    ],
    [
      'workflow:\n',
      `${suite('contains')}workflow:\n`,
      'pilot.yaml:8:37: evals.suites.0.checks.0: expected a mapping of keys to values',
    ],
    [
      'workflow:\n',
      `${suite('{ check: not-empty }, { check: max-tokens, outptu: 600 }')}workflow:\n`,
      'pilot.yaml:8:80: evals.suites.0.checks.1: unknown key "outptu"; did you mean "output"?',
    ],
    [
      'workflow:\n',
      // The setting is one of `matches`, not of `contains`.
      `${suite('{ check: contains, patern: a }')}workflow:\n`,
      'pilot.yaml:8:56: evals.suites.0.checks.0: unknown key "patern"',
    ],
    [
      'workflow:\n',
      `${suite('{ check: max-latency, max: 8 s }')}workflow:\n`,
      'pilot.yaml:8:64: evals.suites.0.checks.0.max: expected a duration such as 5m, 30s or 1h',
    ],
    [
      'workflow:\n',
      `${suite('{ check: cites }, { check: cites }')}workflow:\n`,
      'pilot.yaml:8:55: evals.suites.0.checks.1: is called cites like an earlier one; give it an id',
    ],
    [
      'workflow:\n',
      'evals: { suites: [{ id: a, target: { url: http://a, model: m }, checks: [{ check: cites }] }] }\nworkflow:\n',
      'pilot.yaml:8:60: evals.suites.0.target.model: stands beside url; a suite has one target',
    ],
    [
      'workflow:\n',
      'judges: [{ id: a, model: m, rubric: r, key_env: sk-live-0 }]\nworkflow:\n',
      'pilot.yaml:8:49: judges.0.key_env: expected the name of an environment variable, such as OPENAI_API_KEY; never the key',
    ],
    [
      'workflow:\n',
      'judges: [{ id: a, model: m, rubric: r, scale: 1..5 }]\nworkflow:\n',
      'pilot.yaml:8:10: judges.0.pass_from: missing; a range needs the number from which on it passes',
    ],
  ])('with %j as %j says what is wrong', (from, to, problem) => {
    expect(problems(changed(from, to))).toBe(problem)
  })

  it('never prints a value, not even one that stands where a key belongs', () => {
    const secret = 'sk-live-0123456789abcdef'
    const text = changed('owner: jane', `owner: [${secret}]`)
      .replace('trace-coverage', secret)
      .replace('version: 1', `version: 1\n"${secret} \u001b[31m": 1`)
    expect(problems(text)).not.toContain('sk-live')
    expect(problems(text)).toContain('pilot.yaml:2:1: unknown key\n')
  })

  it.each<[string, string, string]>([
    [
      'an alias bomb',
      `a: &a [1,1]\n${'bcdefghijkl'
        .split('')
        .map((name, i) => `${name}: &${name} [${`*${'abcdefghijkl'[i]},`.repeat(9)}]`)
        .join('\n')}`,
      'pilot.yaml:3: more than 10 aliases',
    ],
    ['an alias of nothing', 'a: *b', 'pilot.yaml:1: alias of an anchor that is not above it'],
    ['20,000 levels of brackets', '['.repeat(20_000), 'pilot.yaml:1: nested deeper than 100 levels'],
    ['20,000 levels of dashes', '- '.repeat(20_000), 'pilot.yaml:1: nested deeper than 100 levels'],
    ['20,000 levels of question marks', '? '.repeat(20_000), 'pilot.yaml:1: nested deeper than 100 levels'],
    ['90 levels of question marks', '? '.repeat(90), 'pilot.yaml:1: a key that is not text'],
    [
      '100,000 keys',
      Array.from({ length: 100_000 }, (_, i) => `k${i}: 1`).join('\n'),
      'pilot.yaml:4286: holds more than a pilot needs: split off what is not configuration',
    ],
    ['more than 1 MiB', `a: ${'x'.repeat(1024 * 1024)}`, 'pilot.yaml:1: larger than 1 MiB'],
    [
      'a tag of a programming language',
      'version: !!js/function "x"',
      'pilot.yaml:1: a tag that pilot does not know; leave it out',
    ],
    ['a key that stands there twice', 'version: 1\nversion: 1', 'pilot.yaml:2: this key stands here twice'],
    ['two documents', 'version: 1\n---\nversion: 1', 'pilot.yaml:2: a second document; one file is one document'],
    ['a tab', 'pilot:\n\tname: x', 'pilot.yaml:2: a tab as indentation; use spaces'],
    ['an open quote', 'version: "1', 'pilot.yaml:1: a closing quote or bracket, a comma or a colon is missing'],
    [
      'a target without quotes',
      'target: >= 95%',
      'pilot.yaml:1: a value that begins with >, |, %, @ or ` needs quotes, such as ">= 95 %"',
    ],
    [
      'a target without quotes in braces',
      '{ target: >= 95% }',
      'pilot.yaml:1: a value that begins with >, |, %, @ or ` needs quotes, such as ">= 95 %"',
    ],
    ['nothing at all', '', 'pilot.yaml:1: expected a mapping of keys to values'],
  ])('that is %s is refused with its line, without a hang', (_, text, problem) => {
    const startMs = performance.now()
    expect(problems(text).replace(/:\d+: /, ': ')).toBe(problem)
    expect(performance.now() - startMs).toBeLessThan(15_000)
  })

  it('with __proto__ and constructor as keys is refused, and nothing is polluted', () => {
    expect(problems(`${smallest}__proto__: { polluted: true }\nconstructor: 1\n`)).toBe(
      'pilot.yaml:13:1: unknown key "__proto__"\npilot.yaml:14:1: unknown key "constructor"',
    )
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('may use an alias', () => {
    const text = changed(
      'match:',
      'map: [{ step: a, kind: llm, models: &models [gpt-4.1], fallbacks: *models }]\n  match:',
    )
    expect(parse(text).workflow.map?.[0]?.fallbacks).toEqual(['gpt-4.1'])
  })
})

describe('the lookup of pilot.yaml', () => {
  const nested = join(folder, 'a', 'b')
  mkdirSync(nested, { recursive: true })
  writeFileSync(join(folder, 'pilot.yaml'), smallest)
  writeFileSync(join(folder, 'a', 'other.yaml'), smallest.replace('Support', 'Other'))

  it('takes --config before PILOT_CONFIG before the nearest at or above the folder', () => {
    const env = { PILOT_CONFIG: '../other.yaml' }
    expect(loadConfig({ cwd: nested, env: {} }).path).toBe(join(folder, 'pilot.yaml'))
    expect(loadConfig({ cwd: nested, env: {} }).directory).toBe(folder)
    expect(loadConfig({ cwd: nested, env }).config.pilot.name).toBe('Other')
    expect(loadConfig({ cwd: nested, env, config: '../../pilot.yaml' }).config.pilot.name).toBe('Support')
  })

  it('names the file as it is reached from the working directory', () => {
    writeFileSync(join(folder, 'a', 'bad.yaml'), smallest.replace('version: 1', 'version: 3'))
    expect(() => loadConfig({ cwd: nested, env: {}, config: '../bad.yaml' })).toThrow(
      '../bad.yaml:1:10: version: expected 1\n1 problem in ../bad.yaml.',
    )
  })

  it.each<[string, string, number]>([
    ['nope.yaml', 'Cannot read nope.yaml: ENOENT.', 2],
    ['.', ' is not a regular file.', 2],
    ['latin1.yaml', 'latin1.yaml is not UTF-8.', 2],
    ['large.yaml', 'large.yaml:1:1: larger than 1 MiB.', 2],
  ])('of %s says %j', (config, message, exitCode) => {
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xe9]))
    writeFileSync(join(folder, 'large.yaml'), ' '.repeat(1024 * 1024 + 1))
    expect(() => loadConfig({ cwd: folder, env: {}, config })).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), exitCode }),
    )
  })

  it('says pilot init where there is none', () => {
    expect(() => loadConfig({ cwd: '/', env: {} })).toThrow(
      expect.objectContaining({ message: 'No pilot.yaml here or above.', hint: 'Run pilot init.', exitCode: 2 }),
    )
  })
})

type JsonSchema = {
  description?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  oneOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  $schema?: string
}

describe("the editor's schema", () => {
  const schema = JSON.parse(editorSchema()) as JsonSchema // our own output

  it('is draft-07, the newest that yaml-language-server reads', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#')
  })

  it('describes every key, and the example has it', () => {
    const keys = keysOf(schema)
    expect(keys.filter(({ description }) => !description).map(({ path }) => path)).toEqual([])
    expect(
      keys.filter(({ path }) => !new RegExp(`\\b${path.split('.').at(-1)}:`).test(example)).map(({ path }) => path),
    ).toEqual([])
  })
})

describe('a mistyped name', () => {
  it.each([
    ['treshold', 'threshold'],
    ['traget', 'target'],
    ['Target', 'target'],
    ['id', undefined],
    ['xy', undefined],
    ['x'.repeat(100_000), undefined],
  ])('%.12s is taken for %s', (typed, name) => {
    expect(nearest(typed, ['threshold', 'target', 'to'])).toBe(name)
  })
})

function keysOf(schema: JsonSchema, prefix = ''): { path: string; description: string | undefined }[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const path = prefix ? `${prefix}.${key}` : key
    return [{ path, description: inner.description }, ...keysOf(inner, path)]
  })
  const others = [...(schema.items ? [schema.items] : []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
  return [...own, ...others.flatMap((inner) => keysOf(inner, prefix))]
}

function checkNames(): string {
  return 'equals, contains, matches, starts-with, ends-with, not-empty, valid-json, json-schema, required-fields, number, overlap, similar, fields-match, cites, citations-resolve, grounded, grounded-judge, refuses, no-leak, max-latency, max-cost, max-tokens, calls-tool, avoids-tool, tool-arguments, trajectory, command, rubric, pairwise'
}

function catalogueIds(): string {
  return 'instrumentation-effort, trace-coverage, trace-structure, required-fields, request-volume, metadata-consistent, debug-time, slow-steps-visible, retries-visible, prompt-version-mapped, prompt-rollback, evals-connected, feedback-joined, overhead, outage-fail-open, no-leaks, canary-leaks, security-signoff, deletion, export-fidelity, team-adoption, cost-per-run, cost-by-model, cost-by-tenant, cost-per-completed-task, platform-cost'
}
