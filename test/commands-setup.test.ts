import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config/load.js'
import { readFacts } from '../src/jobs/facts.js'
import { openStore } from '../src/store/open.js'
import { beginSource } from '../src/store/sources.js'
import { pilot, temporaryFolder } from './pilot.js'

const jsonLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const march = (day: number, hour = 8) => new Date(Date.UTC(2026, 2, day, hour)).toISOString()

/** A run of two spans: the root, and a model call with a prompt version, usage and a price. */
function run(trace_id: string, day: number, root: object = {}, call: object = {}): object[] {
  const prompt = { name: 'reply', version: '1' }
  return [
    { trace_id, span_id: 'a', name: 'answer', kind: 'workflow', start: march(day), tenant: 'acme', ...root },
    {
      ...{
        trace_id,
        span_id: 'b',
        parent_id: 'a',
        name: 'draft',
        kind: 'llm',
        start: march(day),
        model: 'gpt-4.1',
        prompt,
      },
      ...{ usage: { input_tokens: 10, output_tokens: 5 }, cost_usd: 0.01, output: 'Yes.', ...call },
    },
  ]
}

const config = `version: 1
pilot:
  name: Answers
  owner: jane
  start: 2026-03-02
  end: 2026-03-29
  candidates: [{ id: lantern }]
workflow:
  name: answer
  match: { root: answer }
  volume: { min: 2, max: 10 }
criteria:
  - { id: trace-coverage, target: '>= 95 %', must: true }
  - { id: debug-time, target: '< 10 min', must: true }
`

describe('pilot init', () => {
  it('without a terminal and without --yes exits 2 and says how to go on', async () => {
    expect(await pilot(temporaryFolder(), ['init'])).toEqual({
      code: 2,
      out: '',
      err: `error Standard input is no terminal, so nothing can be asked.
pilot init --yes --template <support-agent|sales-email|extraction|coding-assistant|rag>
`,
    })
  })

  it('--yes says what it wrote, and the next command', async () => {
    const cwd = temporaryFolder()
    expect(await pilot(cwd, ['init', '--yes', '--template', 'rag'])).toEqual({
      code: 0,
      out: 'Wrote pilot.yaml, .pilot/schema.json, .gitignore.\n',
      err: 'The names in it come from the template rag: put yours there.\nNext: edit pilot.yaml, then pilot check\n',
    })
    expect(readdirSync(cwd).sort()).toEqual(['.gitignore', '.pilot', 'pilot.yaml'])
  })

  it('leaves a pilot.yaml alone that is there, but for --force', async () => {
    const cwd = temporaryFolder({ 'pilot.yaml': 'mine' })
    expect(await pilot(cwd, ['init', '--yes'])).toEqual({
      code: 2,
      out: '',
      err: 'error pilot.yaml exists already.\npilot init --force replaces it.\n',
    })
    expect((await pilot(cwd, ['init', '--yes', '--force', '--json'])).out).toBe(`{
  "schemaVersion": 1,
  "written": [
    "pilot.yaml",
    ".pilot/schema.json",
    ".gitignore"
  ],
  "template": "support-agent",
  "proposed": null
}
`)
  })

  it('--from prints what it proposes from a packed export, each line with its evidence', async () => {
    const spans = [
      ...run('t1', 2, { service: 'bot', attributes: { 'customer.id': 'c1' } }),
      ...run('t2', 3, { service: 'bot' }),
      { trace_id: 't3', span_id: 'a', name: 'health', kind: 'other', start: march(4) },
    ]
    const cwd = temporaryFolder({ 'export.jsonl.gz': gzipSync(jsonLines(spans)) })
    expect(await pilot(cwd, ['init', '--yes', '--platform', 'lantern', '--from', 'export.jsonl.gz'])).toEqual({
      code: 0,
      out: `Wrote pilot.yaml, .pilot/schema.json, .gitignore.

Proposed from export.jsonl.gz
pilot.yaml              proposed                        evidence
──────────────────────  ─────────────────────────  ─────────────
workflow.match.root     answer                     2 of 3 traces
workflow.match.service  bot                        2 of 3 traces
capture.keys.tenant     (found without it)         2 of 2 traces
capture.keys.user       (not seen)                 0 of 2 traces
capture.keys.session    (not seen)                 0 of 2 traces
capture.keys.request    (not seen)                 0 of 2 traces
capture.keys.release    (not seen)                 0 of 2 traces
workflow.map            draft (llm, under answer)  2 of 2 traces
`,
      err: 'Next: edit pilot.yaml, then pilot check\n',
    })
    expect(loadConfig({ cwd, env: {} }).config).toMatchObject({
      pilot: { start: '2026-03-02', candidates: [{ id: 'lantern' }] },
      workflow: { match: { root: 'answer', service: 'bot' }, map: [{ step: 'draft', times: { min: 1, max: 1 } }] },
    })
  })

  it('--from shows a hostile name as letters only', async () => {
    const spans = [{ trace_id: 't', span_id: 'a', name: 'a\u001b[2J\u202e', start: march(2) }]
    const { out } = await pilot(temporaryFolder({ 'e.jsonl': jsonLines(spans) }), [
      'init',
      '--yes',
      '--from',
      'e.jsonl',
    ])
    expect(out.split('\n')[5]).toBe('workflow.match.root   a\\u{1b}[2J\\u{202e}  1 of 1 traces')
  })

  it.each([
    [
      'a request log',
      jsonLines([
        { id: 'r', time: march(2) },
        { id: 's', time: march(2) },
      ]),
      'its records: 2 of no known format',
    ],
    ['metrics and a broken line', '{"resourceMetrics":[]}\n{"a":\n[]\n', 'its records: 1 without a span, 1 unreadable'],
    [
      'half a packed file',
      gzipSync('x'.repeat(9)).subarray(0, 15),
      'its records: 1 unreadable; the gzip data is cut short',
    ],
  ])('--from %s exits 3, says what was seen, and writes nothing', async (_, content, seen) => {
    const cwd = temporaryFolder({ 'e.jsonl': content })
    expect(await pilot(cwd, ['init', '--yes', '--from', 'e.jsonl'])).toEqual({
      code: 3,
      out: '',
      err: `error e.jsonl holds no span; ${seen}.
pilot ingest --formats lists what can be read, and how to get it.
`,
    })
    expect(existsSync(join(cwd, 'pilot.yaml'))).toBe(false)
  })

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('at a terminal asks on standard error, and %s exits 130 with nothing written', async (_, key) => {
    const cwd = temporaryFolder()
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
    const ran = pilot(cwd, ['init', '--template', 'rag'], { stdin })
    while (stdin.listenerCount('keypress') < 2) await wait(5)
    stdin.write(key)
    const { code, out, err } = await ran
    expect([code, out]).toEqual([130, ''])
    expect(err).toContain('Which visibility tool is under pilot')
    expect(err).toContain('error Cancelled; nothing was written.\n')
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('pilot check', () => {
  it('before any data says what pilot.yaml lacks, and exits 0', async () => {
    expect(await pilot(temporaryFolder({ 'pilot.yaml': config }), ['check'])).toEqual({
      code: 0,
      out: `warning  The criteria are not locked; the first ingest will do it.
         do: pilot lock
warning  The workflow is not written down: workflow.entry, workflow.destination,
         workflow.existing_logs, workflow.map missing.
warning  capture.privacy is missing: privacy is left to the rollout. Decide per field before
         production data flows.
warning  Security questions that are open: 9 of 9.
         do: pilot log security
warning  Nothing was ingested yet, so mistakes in the data do not show.
         do: pilot ingest <export>
ok       A must asks for evidence from real work, not for a dashboard.
ok       Every question of the team has its fields in capture.required.

errors: 0, warnings: 5, ok: 2
`,
      err: 'Next: pilot status\n',
    })
  })

  it('exits 2 with the place of every problem when pilot.yaml is wrong', async () => {
    const cwd = temporaryFolder({ 'pilot.yaml': config.replace('owner:', 'ower:') })
    expect(await pilot(cwd, ['check', '--json'])).toEqual({
      code: 2,
      out: '',
      err: `error pilot.yaml:3:3: pilot.owner: missing; expected text
pilot.yaml:4:3: pilot: unknown key "ower"; did you mean "owner"?
2 problems in pilot.yaml.
Every key and its unit stand in pilot.yaml.example; .pilot/schema.json makes editors show them.
`,
    })
  })

  it('exits 1 when all requests are made up, worst first, and says so in JSON', async () => {
    const requests = jsonLines([{ id: 'r1', time: march(2), origin: 'replay' }])
    const cwd = temporaryFolder({ 'pilot.yaml': config, 'requests.jsonl': requests })
    await pilot(cwd, ['ingest', '--as', 'requests', 'requests.jsonl'])
    const { code, out } = await pilot(cwd, ['check'])
    expect(code).toBe(1)
    expect(out.split('\n').slice(0, 2)).toEqual([
      'error    Only made-up requests: 1 replayed, 0 synthetic, none from production.',
      '         do: pilot ingest <requests> --as requests',
    ])
    const json = await pilot(cwd, ['check', '--json'])
    expect([json.code, json.err]).toEqual([1, ''])
    expect(JSON.parse(json.out)).toMatchObject({
      schemaVersion: 1,
      findings: expect.arrayContaining([
        { severity: 'ok', id: 'criteria-locked', message: 'The criteria are locked.', next: null },
      ]),
    })
  })

  it('sees privacy rules that changed after data, until the files came in again', async () => {
    const cwd = temporaryFolder({ 'pilot.yaml': config, 'traces.jsonl': jsonLines(run('t1', 2)) })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    const privacy = async () => {
      const { findings } = JSON.parse((await pilot(cwd, ['check', '--json'])).out)
      return findings.find(({ id }: { id: string }) => id === 'privacy-first')
    }
    expect(await privacy()).toMatchObject({ severity: 'ok' })
    writeFileSync(join(cwd, 'pilot.yaml'), `${config}capture:\n  privacy: [{ field: user, do: hash }]\n`)
    expect(await privacy()).toMatchObject({
      severity: 'error',
      message: 'Privacy rules changed after data: sources under other rules: 1.',
    })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect(await privacy()).toMatchObject({ severity: 'ok' })
  })
})

describe('the facts of a pilot', () => {
  const loaded = (cwd: string) => loadConfig({ cwd, env: {} })

  it('before any data are all unknown, and every must is open', () => {
    expect(readFacts(loaded(temporaryFolder({ 'pilot.yaml': config })), Date.UTC(2026, 2, 3))).toEqual({
      lock: 'unlocked',
      spans: 0,
      emptyCandidates: ['lantern'],
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
      unanswered: [
        ...['prompt-version', 'context', 'failed-step', 'quality-change', 'cost-per-task', 'latency-spikes'],
        'production-vs-offline',
      ],
      offTheMap: ['lantern'],
      drills: { attempts: 0, lastMs: undefined },
      openMusts: ['trace-coverage', 'debug-time'],
    })
  })

  it('are those of the window, without replays and without other traces', async () => {
    const traces = [
      ...run('t1', 3, { request: 'r1', release: 'v1' }, { scores: [{ name: 'good', value: 1 }] }),
      ...run('t2', 4, { request: 'r2', release: 'v2', tenant: 'Acme' }, { prompt: { name: 'reply', version: '2' } }),
      ...run('t3', 2, { request: 'r3', workflow: 'replayed' }),
      ...run('t4', 5, { name: 'other' }),
      ...run('t5', 1, { release: 'v0' }),
      ...run(
        't6',
        6,
        { workflow: 'refund' },
        { prompt: { name: 'else', version: '1' }, model: 'own', cost_usd: undefined },
      ),
    ]
    const requests = [
      { id: 'r0', time: march(1) },
      { id: 'r1', time: march(3) },
      { id: 'r2', time: march(4) },
      { id: 'r3', time: march(2), origin: 'replay' },
    ]
    const cwd = temporaryFolder({
      'pilot.yaml': config.replace('{ id: lantern }', '{ id: lantern }, { id: dark }'),
      'traces.jsonl': jsonLines(traces),
      'requests.jsonl': jsonLines(requests),
    })
    await pilot(cwd, ['ingest', '--platform', 'lantern', 'traces.jsonl'])
    const facts = () => readFacts(loaded(cwd), Date.UTC(2026, 2, 3))
    // Without a request log nobody knows which of the runs are replays.
    expect(facts()).toMatchObject({ requests: undefined, firstProductionMs: Date.UTC(2026, 2, 2, 8) })
    await pilot(cwd, ['ingest', '--as', 'requests', 'requests.jsonl'])
    expect(facts()).toEqual({
      lock: 'locked',
      spans: 12,
      emptyCandidates: ['dark'],
      requests: { production: 2, replay: 1, synthetic: 0 },
      firstProductionMs: Date.UTC(2026, 2, 3, 8),
      workflows: ['answer', 'refund'],
      looseKeys: ['tenant'],
      sourcesUnderOtherRules: 0,
      unseenNames: [],
      securityReview: { questions: 18, open: 18 },
      scores: 1,
      promptVersions: 2,
      releases: 2,
      pricedRuns: 2,
      deployments: { prompts: 0, releases: 0 },
      recordedTests: [],
      probed: [],
      // Of `dark` there is no run at all.
      unanswered: [
        ...['prompt-version', 'context', 'failed-step', 'quality-change', 'cost-per-task', 'latency-spikes'],
        'production-vs-offline',
      ],
      offTheMap: ['lantern', 'dark'],
      drills: { attempts: 0, lastMs: undefined },
      openMusts: ['trace-coverage', 'debug-time'],
    })
  })
})

describe('pilot status', () => {
  it('before any data shows the plan, what is missing, and the next command', async () => {
    expect(await pilot(temporaryFolder({ 'pilot.yaml': config }), ['status'])).toEqual({
      code: 0,
      out: `Pilot Answers: day plan
2026-03-02 to 2026-03-29 (UTC), day 2 of 28, criteria not locked

Plan
days   from        to          what                                             state  missing
─────  ──────────  ──────────  ───────────────────────────────────────────────  ─────  ───────
1–2    2026-03-02  2026-03-03  Criteria, workflow and map                       due          3
3–5    2026-03-04  2026-03-06  Tracing, prompt metadata, cost and latency       later        7
8–14   2026-03-09  2026-03-15  Evals, prompt versions, drills on real examples  later        9
15–21  2026-03-16  2026-03-22  Release workflow, access, overhead               later        5
22–28  2026-03-23  2026-03-29  Scorecard and decision                           later        2

Missing
  - Criteria, workflow and map: workflow entry, destination, existing logs and map in pilot.yaml;
    privacy rules in pilot.yaml; locked criteria
  - Tracing, prompt metadata, cost and latency: security sign-off; traces of every candidate; the
    request log; prompt versions in the traces; runs with a known cost; runs that conform to the
    map; runs that answer the production questions, but for those on quality
  - Evals, prompt versions, drills on real examples: eval scores on runs; a second prompt version;
    deployments of prompt versions; the test version-visible, recorded; the test versions-compared,
    recorded; the test rollback-reflected, recorded; the test reviewed-before-production, recorded;
    runs that answer the production questions on quality; timed drills
  - Release workflow, access, overhead: two releases in the traces, to be compared by pilot
    releases; deployments of releases; answers to the security questions; a probe of the overhead; a
    probe of an outage
  - Scorecard and decision: the wanted volume of production requests; a verdict on every must

Next: pilot check
`,
      err: '',
    })
  })

  it.each([
    ['the day before', 'not begun', Date.UTC(2026, 2, 1, 23, 59)],
    ['the first moment', 'day 1 of 28', Date.UTC(2026, 2, 2)],
    ['the last moment', 'day 28 of 28', Date.UTC(2026, 2, 29, 23, 59)],
    ['the day after', 'over', Date.UTC(2026, 2, 30)],
  ])('on %s says %s', async (_, day, nowMs) => {
    const { out } = await pilot(temporaryFolder({ 'pilot.yaml': config }), ['status'], { nowMs })
    expect(out.split('\n')[1]).toBe(`2026-03-02 to 2026-03-29 (UTC), ${day}, criteria not locked`)
  })

  it('names the sources that were not read to their end', async () => {
    const packed = gzipSync(jsonLines(Array.from({ length: 2000 }, (_, i) => run(`${Math.sin(i)}`, 2)).flat()))
    const cwd = temporaryFolder({ 'pilot.yaml': config, 'half.jsonl.gz': packed.subarray(0, packed.length / 2) })
    expect((await pilot(cwd, ['ingest', 'half.jsonl.gz'])).code).toBe(3)
    // As a killed ingest leaves it.
    const killed = { kind: 'requests', platform: '', path: 'a\u001b[2J.csv', policy: 'p', ingestedMs: 0 } as const
    beginSource(openStore(join(cwd, '.pilot/pilot.db'), 'write'), killed)
    const { out } = await pilot(cwd, ['status'])
    const table = out.slice(out.indexOf('Sources'), out.indexOf('\n\nNext'))
    expect(table).toBe(`Sources not read to their end: ingest them again, nothing is counted twice
source          kind      platform  state        reason
──────────────  ────────  ────────  ───────────  ──────────────────────────
half.jsonl.gz   traces    lantern   incomplete   the gzip data is cut short
a\\u{1b}[2J.csv  requests  —         interrupted`)
    const { sources, lock } = JSON.parse((await pilot(cwd, ['status', '--json'])).out)
    expect(lock).toEqual({ state: 'locked', lockedAtMs: Date.UTC(2026, 2, 3, 12) })
    expect(sources[1]).toEqual({
      path: 'a\u001b[2J.csv',
      kind: 'requests',
      platform: '',
      state: 'interrupted',
      reason: null,
    })
  })

  it('says when the criteria changed after the lock, and shows a hostile name as letters', async () => {
    const cwd = temporaryFolder({ 'pilot.yaml': config.replace('Answers', '"a\\e[2J"') })
    await pilot(cwd, ['lock'])
    writeFileSync(join(cwd, 'pilot.yaml'), readFileSync(join(cwd, 'pilot.yaml'), 'utf8').replace('95', '90'))
    const { out } = await pilot(cwd, ['status'])
    expect(out.split('\n').slice(0, 2)).toEqual([
      'Pilot a\\u{1b}[2J: day plan',
      '2026-03-02 to 2026-03-29 (UTC), day 2 of 28, criteria locked 2026-03-03, amended without reason',
    ])
  })
})
