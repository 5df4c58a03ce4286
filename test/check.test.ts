import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseYaml } from '../src/config/load.js'
import { Config } from '../src/config/schema.js'
import { checkPilot } from '../src/core/mistakes.js'
import type { PilotFacts } from '../src/core/pilot-facts.js'
import { planStatus } from '../src/core/plan.js'
import { promptTests } from '../src/core/prompts/tests.js'

// The example is a config that can be defended.
const example = readFileSync(new URL('../pilot.yaml.example', import.meta.url), 'utf8')
const parse = (text: string) => parseYaml(text, Config, { label: 'pilot.yaml', hint: '' })
const good = parse(example)

const fresh: PilotFacts = {
  lock: 'unlocked',
  spans: 0,
  emptyCandidates: ['promptlayer'],
  requests: undefined,
  firstProductionMs: undefined,
  workflows: [],
  looseKeys: [],
  sourcesUnderOtherRules: 0,
  unseenNames: [],
  securityReview: { questions: 9, open: 9 },
  scores: 0,
  promptVersions: 0,
  releases: 0,
  pricedRuns: 0,
  deployments: { prompts: 0, releases: 0 },
  recordedTests: [],
  probed: [],
  unanswered: ['prompt-version', 'quality-change'],
  offTheMap: ['promptlayer'],
  drills: { attempts: 0, lastMs: undefined },
  openMusts: ['trace-coverage'],
}

const full: PilotFacts = {
  lock: 'locked',
  spans: 9000,
  emptyCandidates: [],
  requests: { production: 600, replay: 30, synthetic: 10 },
  firstProductionMs: Date.UTC(2026, 2, 2, 8),
  workflows: ['support-answer'],
  looseKeys: [],
  sourcesUnderOtherRules: 0,
  unseenNames: [],
  securityReview: { questions: 9, open: 0 },
  scores: 40,
  promptVersions: 2,
  releases: 2,
  pricedRuns: 590,
  deployments: { prompts: 2, releases: 1 },
  recordedTests: [...promptTests],
  probed: ['overhead', 'outage'],
  unanswered: [],
  offTheMap: [],
  drills: { attempts: 12, lastMs: Date.UTC(2026, 2, 12) },
  openMusts: [],
}

const line = (id: string, facts: Partial<PilotFacts>, config = good) =>
  checkPilot(config, { ...full, ...facts }).find((found) => found.id === id)

describe('pilot check', () => {
  it('finds nothing wrong with a pilot that made no mistake', () => {
    expect(checkPilot(good, full).filter(({ severity }) => severity !== 'ok')).toEqual([])
  })

  it('says of an empty store that mistakes in the data do not show yet', () => {
    const lines = checkPilot(good, fresh)
    expect(lines.at(-1)).toEqual({
      severity: 'warning',
      id: 'data-present',
      message: 'Nothing was ingested yet, so mistakes in the data do not show.',
      next: 'pilot ingest <export>',
    })
    expect(lines.map(({ id }) => id)).not.toContain('real-requests')
  })

  it.each<[string, string, Partial<PilotFacts>, string, string]>([
    [
      'only made-up requests',
      'real-requests',
      { requests: { production: 0, replay: 3, synthetic: 9 } },
      'error',
      'Only made-up requests: 3 replayed, 9 synthetic, none from production.',
    ],
    [
      'no request log',
      'real-requests',
      { requests: undefined },
      'warning',
      'Without a request log nobody knows what is real, or missing.',
    ],
    [
      'no evals',
      'evals-present',
      { scores: 0 },
      'warning',
      'No eval scores: nothing says whether outputs are good. Send 30 to 100 scored examples through the platform.',
    ],
    [
      'loose metadata',
      'metadata-structured',
      { looseKeys: ['tenant', 'release'] },
      'warning',
      'Metadata keys that nothing can be grouped by: tenant, release.',
    ],
    [
      'privacy rules after data',
      'privacy-first',
      { sourcesUnderOtherRules: 2 },
      'error',
      'Privacy rules changed after data: sources under other rules: 2.',
    ],
    [
      'several workflows',
      'one-workflow',
      { workflows: ['a', 'b'] },
      'warning',
      'Several workflows at once: 2. Narrow workflow.match to one.',
    ],
    [
      'one request too few',
      'volume-reached',
      { requests: { production: 499, replay: 500, synthetic: 0 } },
      'warning',
      'Production requests: 499 of the 500 wanted.',
    ],
    [
      'data before the sign-off',
      'security-signed-off',
      { firstProductionMs: Date.UTC(2026, 1, 28, 23, 59) },
      'error',
      'Security signed off on 2026-03-01, after the first production data of 2026-02-28.',
    ],
    [
      'data on the day of the sign-off',
      'security-signed-off',
      { firstProductionMs: Date.UTC(2026, 2, 1) },
      'ok',
      'Security signed off on 2026-03-01, before the first production data.',
    ],
    [
      'an open question of security',
      'security-questions',
      { securityReview: { questions: 10, open: 1 } },
      'warning',
      'Security questions that are open: 1 of 10.',
    ],
    [
      'a silent change of the criteria',
      'criteria-locked',
      { lock: 'amended without reason' },
      'warning',
      'Criteria changed after the lock without a reason.',
    ],
  ])('sees %s', (_, id, facts, severity, message) => {
    expect(line(id, facts)).toMatchObject({ severity, message })
  })

  it.each([
    [
      'no privacy section',
      'privacy-declared',
      example.replace(/ {2}privacy:[\s\S]*?(?=\ninputs:)/, ''),
      'capture.privacy is missing: privacy is left to the rollout. Decide per field before production data flows.',
    ],
    [
      'an undocumented workflow',
      'workflow-documented',
      example.replace(/ {2}entry:.*\n/, '').replace(/ {2}existing_logs:.*\n/, ''),
      'The workflow is not written down: workflow.entry, workflow.existing_logs missing.',
    ],
    [
      'a question that nothing will answer',
      'questions-captured',
      example.replace('[documents.id, prompt.version]', '[user, prompt.version]'),
      'Questions need fields that capture.required does not ask for: user.',
    ],
    [
      'dashboards that decide',
      'dashboards-decide',
      example
        .replaceAll(', must: true', '')
        .replace('    must: true', '')
        .replace("target: '<= $500'", "target: '<= $500', must: true"),
      'No must asks what the tool is for. Make one of these a must: debug-time, trace-coverage, prompt-version-mapped, evals-connected, feedback-joined, retries-visible.',
    ],
  ])('sees %s in the config', (_, id, text, message) => {
    expect(line(id, {}, parse(text))).toMatchObject({ severity: 'warning', message })
  })

  it('takes production data without a sign-off for an error', () => {
    const config = parse(example.replace(/ {2}sign_off:[\s\S]*?(?= {2}questions:)/, ''))
    expect(line('security-signed-off', {}, config)).toMatchObject({
      severity: 'error',
      message: 'Production data since 2026-03-02 without a sign-off in security.sign_off.',
    })
    expect(line('security-signed-off', { firstProductionMs: undefined }, config)?.severity).toBe('ok')
  })
})

const day = (n: number, hour = 12) => Date.UTC(2026, 2, 1 + n, hour)
const status = (facts: PilotFacts, nowMs: number, config = good) =>
  planStatus({ declared: config, ranges: config.plan, facts }, nowMs)

describe('the day plan', () => {
  it('of four weeks has the days of the method', () => {
    const config = { ...good, plan: {} }
    expect(status(fresh, day(1), config).items.map(({ id, days, due }) => [id, days.min, days.max, due])).toEqual([
      ['criteria', 1, 2, '2026-03-03'],
      ['tracing', 3, 5, '2026-03-06'],
      ['evals', 8, 14, '2026-03-15'],
      ['release', 15, 21, '2026-03-22'],
      ['decision', 22, 28, '2026-03-29'],
    ])
  })

  it.each([
    [
      'one week',
      '2026-03-08',
      [
        [1, 1],
        [1, 2],
        [2, 4],
        [4, 6],
        [6, 7],
      ],
    ],
    [
      'one day',
      '2026-03-02',
      [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    ],
    [
      'six weeks',
      '2026-04-12',
      [
        [1, 2],
        [3, 5],
        [8, 14],
        [15, 21],
        [36, 42],
      ],
    ],
  ])('fits into a window of %s', (_, end, days) => {
    const config = { ...good, pilot: { ...good.pilot, end }, plan: {} }
    expect(status(fresh, day(1), config).items.map((item) => [item.days.min, item.days.max])).toEqual(days)
  })

  it('takes the days that pilot.yaml says', () => {
    const config = { ...good, plan: { evals: { min: 6, max: 9 } } }
    expect(status(fresh, day(1), config).items[2]).toMatchObject({ days: { min: 6, max: 9 }, due: '2026-03-10' })
  })

  it('calls a phase due until its last moment, late from then on, and later before its first', () => {
    const states = (nowMs: number) => status(fresh, nowMs).items.map(({ state }) => state)
    expect(states(day(2, 23))).toEqual(['due', 'later', 'later', 'later', 'later'])
    expect(states(day(3, 0))).toEqual(['late', 'due', 'later', 'later', 'later'])
    expect(states(day(0))).toEqual(['later', 'later', 'later', 'later', 'later'])
  })

  it('names what is missing, and the one next command', () => {
    const { items, next } = status({ ...fresh, lock: 'locked' }, day(3))
    expect(items[0]).toMatchObject({ state: 'done', missing: [], next: undefined })
    expect(items[1]).toMatchObject({
      missing: [
        'traces of every candidate',
        'the request log',
        'prompt versions in the traces',
        'runs with a known cost',
        'runs that conform to the map',
        'runs that answer the production questions, but for those on quality',
      ],
      next: 'pilot ingest <export>',
    })
    expect(next).toBe('pilot ingest <export>')
    expect(status(fresh, day(1)).next).toBe('pilot lock')
  })

  it('calls every phase done that has its evidence', () => {
    const { items, next } = status(full, day(30))
    expect(items.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(next).toBe('pilot scorecard')
  })

  const missing = (phase: number, facts: Partial<PilotFacts>) => {
    const { missing, next } = status({ ...full, ...facts }, day(30)).items[phase]!
    return { missing, next }
  }

  it('asks in the second week for deployments of prompts and for each test that has no recorded result', () => {
    const recordedTests = ['version-visible', 'reviewed-before-production'] as const
    expect(missing(2, { recordedTests, deployments: { prompts: 0, releases: 1 } })).toEqual({
      missing: [
        'deployments of prompt versions',
        'the test versions-compared, recorded',
        'the test rollback-reflected, recorded',
      ],
      next: 'pilot ingest <deployments> --as deployments',
    })
    expect(missing(2, { recordedTests: [] }).next).toBe('pilot prompts tests')
  })

  it('asks in the first week for what traces alone answer, in the second for answers on quality', () => {
    const [first, second] = ['production questions, but for those on quality', 'production questions on quality']
    expect(missing(1, { unanswered: ['own-1'] })).toEqual({
      ...{ missing: [`runs that answer the ${first}`], next: 'pilot ask' },
    })
    expect(missing(2, { unanswered: ['own-1'] }).missing).toEqual([])
    expect(missing(1, { unanswered: ['quality-change'] }).missing).toEqual([])
    expect(missing(2, { unanswered: ['quality-change'] })).toEqual({
      ...{ missing: [`runs that answer the ${second}`], next: 'pilot ask' },
    })
  })

  it('asks for runs that conform to the map, and in the third week for deployments of releases', () => {
    expect(missing(1, { offTheMap: ['promptlayer'] })).toEqual({
      ...{ missing: ['runs that conform to the map'], next: 'pilot map' },
    })
    expect(missing(3, { probed: ['overhead'] })).toEqual({
      missing: ['a probe of an outage'],
      next: 'pilot probe outage',
    })
    expect(missing(3, { deployments: { prompts: 1, releases: 0 } })).toEqual({
      missing: ['deployments of releases'],
      next: 'pilot ingest <deployments> --as deployments',
    })
  })

  it('asks for timed drills until an attempt has ended', () => {
    const { items, next } = status({ ...full, drills: { attempts: 0, lastMs: undefined } }, day(30))
    expect(items[2]).toMatchObject({ state: 'late', missing: ['timed drills'] })
    expect(next).toBe('pilot drill new')
  })
})
