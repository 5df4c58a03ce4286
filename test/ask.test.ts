import { describe, expect, it } from 'vitest'
import { costOverall } from '../src/core/ask/cost-overall.js'
import { compareWithOffline } from '../src/core/ask/offline-overall.js'
import { ownQuestion } from '../src/core/ask/own.js'
import { qualityOverall } from '../src/core/ask/quality-overall.js'
import type { AskedRun } from '../src/core/ask/question.js'
import { findQuestion, productionQuestions } from '../src/core/ask/questions.js'
import { standingOf } from '../src/core/ask/standing.js'
import { type QuestionTally, questionTally } from '../src/core/ask/tally.js'
import { completionOf, usualRule } from '../src/core/completed.js'
import { plantFaults, slowTenant } from '../src/jobs/demo/plan.js'
import { readLabels } from '../src/store/labels.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'
import { cases, suiteOf } from './suites.js'
import type { traceOf } from './trace-of.js'
import { runOf } from './trace-run.js'

type Parts = Parameters<typeof traceOf>[0]

/** A run of these spans, the first of which is its root; nothing is joined to it unless said. A token costs a dollar. */
function askedOf(parts: Parts, more: Partial<AskedRun> = {}, traceId = 't1'): AskedRun {
  const run = runOf(parts, traceId)
  const completion = completionOf(run, { scores: [], feedback: undefined }, usualRule)
  return { run, isJudged: false, evaluated: 'no', completion, ...more }
}

const root = { spanId: 'r', kind: 'workflow', startMs: 0, endMs: 100 } as const
const call = { spanId: 'c', parentId: 'r', kind: 'llm', requestModel: 'm', startMs: 1, endMs: 9 } as const
const retrieval = { spanId: 'd', parentId: 'r', kind: 'retriever', startMs: 1, endMs: 2 } as const
const tool = { spanId: 'o', parentId: 'r', kind: 'tool', startMs: 1, endMs: 2 } as const
const prompt = { promptName: 'answer', promptVersion: '7' } as const

const map = [
  { kind: 'tool', times: { min: 1 } },
  { kind: 'retriever', times: { min: 0 } },
]

/** What one run lacks for one of the seven. */
function reading(id: string, asked: AskedRun, wanted = map.slice(1)) {
  const { missing, lacks } = findQuestion(productionQuestions({ required: {}, map: wanted }), id)!.read(asked)
  return lacks.length === 0 ? missing : { missing, lacks }
}

describe('a run answers question', () => {
  it.each<[string, Parts, string[]]>([
    ['without a model call', [root], ['model call']],
    ['with name and version', [root, { ...call, ...prompt }], []],
    ['with an empty version', [root, { ...call, promptName: 'answer', promptVersion: '' }], ['prompt.version']],
    ['with neither', [root, call], ['prompt.name', 'prompt.version']],
    [
      'whose last call failed after one that answered',
      [root, { ...call, ...prompt }, { ...call, spanId: 'e', startMs: 10, status: 'error' }],
      [],
    ],
    [
      'whose last answer states none, though an earlier one does',
      [root, { ...call, ...prompt }, { ...call, spanId: 'e', startMs: 10 }],
      ['prompt.name', 'prompt.version'],
    ],
    ['all of whose calls failed', [root, { ...call, ...prompt, status: 'error' }], []],
  ])('1 %s', (_, parts, missing) => {
    expect(reading('1', askedOf(parts))).toEqual(missing)
  })

  it.each<[string, Parts, ReturnType<typeof reading>]>([
    ['with ids on every retrieval', [root, { ...retrieval, has: ['documents.id'] }, call], []],
    ['with neither ids nor input', [root, retrieval, call], ['documents.id', 'input']],
    ['by text only', [root, retrieval, { ...call, has: ['input'] }], { missing: [], lacks: ['documents.id'] }],
    [
      'by text only where one of two retrievals has no ids',
      [root, { ...retrieval, has: ['documents.id'] }, { ...retrieval, spanId: 'd2' }, { ...call, has: ['input'] }],
      { missing: [], lacks: ['documents.id'] },
    ],
    [
      'without regard to a retrieval that failed',
      [root, { ...retrieval, status: 'error' }, { ...retrieval, spanId: 'd2', has: ['documents.id'] }, call],
      [],
    ],
    [
      'by text only without any retrieval',
      [root, { ...call, has: ['input'] }],
      { missing: [], lacks: ['retriever span'] },
    ],
    ['not from the input of the root', [{ ...root, has: ['input'] }, call], ['retriever span', 'input']],
  ])('2 %s', (_, parts, found) => {
    expect(reading('2', askedOf(parts))).toEqual(found)
  })

  it.each<[string, Parts, string[], typeof map]>([
    ['with a step', [root, call], [], []],
    ['without steps', [root], ['steps'], []],
    ['without the tool that the map wants in every run', [root, call], ['tool span'], map],
    ['without the retriever that the map allows', [root, tool], [], map],
    [
      'when it failed and a step did',
      [
        { ...root, status: 'error' },
        { ...tool, status: 'error' },
      ],
      [],
      [],
    ],
    ['when it failed and no step did', [{ ...root, status: 'error' }, tool], ['status of the failed step'], []],
    ['when it is one failed call alone', [{ ...call, spanId: 'c', parentId: undefined, status: 'error' }], [], []],
    [
      'when the failed step has no time',
      [root, { ...tool, startMs: undefined, status: 'error' }],
      ['start of the failed step'],
      [],
    ],
  ])('3 %s', (_, parts, missing, wanted) => {
    expect(reading('3', askedOf(parts as Parts), wanted)).toEqual(missing)
  })

  it.each<[string, AskedRun, string[]]>([
    ['judged, of a release', askedOf([{ ...root, release: 'a' }], { isJudged: true }), []],
    ['judged, of a prompt version', askedOf([root, { ...call, ...prompt }], { isJudged: true }), []],
    ['judged, of neither', askedOf([root, call], { isJudged: true }), ['release or prompt.version']],
    ['not judged', askedOf([{ ...root, release: 'a' }]), ['score or feedback']],
  ])('4 %s', (_, asked, missing) => {
    expect(reading('4', asked)).toEqual(missing)
  })

  it.each<[string, Parts, string[]]>([
    ['with a stated cost', [{ ...root, costUsd: 2 }, call], []],
    ['with a price', [root, { ...call, usage: { input: 3 } }], []],
    ['without a price', [root, { ...call, requestModel: 'unknown', usage: { input: 3 } }], ['price of the model']],
    ['with neither tokens nor cost', [root, call], ['cost or tokens']],
    ['without a model call', [root, tool], ['model call']],
  ])('5 %s', (_, parts, missing) => {
    expect(reading('5', askedOf(parts))).toEqual(missing)
  })

  it.each<[string, Parts, ReturnType<typeof reading>]>([
    ['with tenant and user', [{ ...root, tenant: 'acme', user: 'u' }], []],
    ['with a user on a step alone', [root, { ...call, user: 'u' }], { missing: [], lacks: ['tenant'] }],
    ['with a workflow alone', [{ ...root, workflow: 'w' }], ['tenant or user']],
    ['with nobody', [root], ['tenant or user']],
    ['without an end', [{ ...root, endMs: undefined, tenant: 'acme' }], ['duration']],
  ])('6 %s', (_, parts, found) => {
    expect(reading('6', askedOf(parts as Parts))).toEqual(found)
  })

  it.each([
    ['no', ['score or check']],
    ['yes', ['offline eval run of the same check']],
    ['comparable', []],
  ] as const)('7, evaluated: %s', (evaluated, missing) => {
    expect(reading('7', askedOf([root], { evaluated }))).toEqual(missing)
  })
})

describe("a team's own question", () => {
  const required = { retriever: ['documents.id'], llm: ['output'] } as const
  const read = (fields: Parameters<typeof ownQuestion>[0]['fields'], parts: Parts) =>
    ownQuestion({ question: 'Why?', fields }, 1, required).read(askedOf(parts)).missing

  it('is known by its place', () => {
    expect(ownQuestion({ question: 'Why?', fields: ['tenant'] }, 1, required)).toMatchObject({
      ...{ id: 'own-2', name: 'own-2', text: 'Why?' },
    })
  })

  it('wants who and where on any span', () => {
    expect(read(['tenant', 'release'], [root, { ...tool, tenant: 'acme' }])).toEqual(['release'])
  })

  it('wants all else on each span of the kinds that owe it, and on one at least', () => {
    const having = { ...retrieval, has: ['documents.id'] as const }
    expect(read(['documents.id'], [root, having])).toEqual([])
    expect(read(['documents.id'], [root, having, { ...retrieval, spanId: 'd2' }])).toEqual(['documents.id'])
    expect(read(['documents.id'], [root, having, { ...retrieval, spanId: 'd2', status: 'error' }])).toEqual([])
    expect(read(['documents.id'], [root, call])).toEqual(['documents.id'])
  })

  it('takes a field that no kind owes from any span, and names each field once', () => {
    expect(read(['query', 'query'], [root, { ...tool, has: ['query'] }])).toEqual([])
    expect(read(['query', 'query'], [root, tool])).toEqual(['query'])
  })
})

describe('a question over all runs', () => {
  const ask = (id: string, asked: readonly AskedRun[]): QuestionTally => {
    const tally = questionTally([findQuestion(productionQuestions({ required: {} }), id)!])
    for (const each of asked) tally.add(each)
    return tally.result()[0]!
  }
  const versioned = (x: number, n: number) =>
    Array.from({ length: n }, (_, index) =>
      askedOf([root, { ...call, ...(index < x ? prompt : { promptName: 'answer' }) }], {}, `t${index}`),
    )

  it('counts what is missing, with three examples', () => {
    const lacking = { attribute: 'prompt.version', runs: 4, examples: ['t1', 't2', 't3'] }
    expect(ask('1', versioned(1, 5))).toMatchObject({ share: { x: 1, n: 5 }, missing: [lacking], lacks: [] })
  })

  // Wilson: 73 of 73 has a lower bound of 73 / (73 + 1.96²) = 95.0 %, 72 of 72 one of 94.9 %.
  it.each([
    [0, 0, 'not measured', undefined],
    [72, 72, 'partly', 73],
    [73, 73, 'answerable', undefined],
    [72, 73, 'partly', undefined],
    [0, 100, 'not', undefined],
    [1, 100, 'partly', undefined],
  ])('of %i of %i runs is %s', (x, n, state, neededRuns) => {
    expect(standingOf(ask('1', versioned(x, n)), [])).toMatchObject({ state, neededRuns })
  })

  it('about a change is answered by no run while all are on one side', () => {
    const judged = (release: string) => askedOf([{ ...root, release }], { isJudged: true })
    expect(ask('4', [judged('a'), judged('a')])).toMatchObject({ share: { x: 0, n: 2 }, noChange: true, missing: [] })
    expect(ask('4', [judged('a'), judged('b')])).toMatchObject({ share: { x: 2, n: 2 }, noChange: false })
    const other = askedOf([{ ...root, release: 'b' }])
    expect(ask('4', [judged('a'), other])).toMatchObject({ share: { x: 0, n: 2 }, noChange: true })
  })
})

describe('the answer over all runs', () => {
  it('of cost divides what all known runs cost by those that were completed', () => {
    const { add, result } = costOverall(usualRule)
    expect(result()).toMatchObject({ runs: 0, usd: undefined, perCompletedUsd: null })
    add(askedOf([{ ...root, costUsd: 2 }]))
    add(askedOf([{ ...root, costUsd: 1, status: 'error' }]))
    add(askedOf([root]))
    expect(result()).toMatchObject({
      ...{ runs: 3, knownRuns: 2, unknownCost: 1, completed: 1, notCompleted: 1, unknown: 0 },
      ...{ totalUsd: 3, perCompletedUsd: 3, usd: 3, rule: 'its root span did not fail' },
    })
  })

  it('of cost is unknown where nothing was completed', () => {
    const { add, result } = costOverall(usualRule)
    add(askedOf([{ ...root, costUsd: 1, status: 'error' }]))
    expect(result()).toMatchObject({ completed: 0, totalUsd: 1, usd: undefined, perCompletedUsd: null })
  })

  const change = () => {
    const quality = qualityOverall({ below: {}, above: {} })
    const at = (release: string, startMs: number, traceId: string) =>
      askedOf([{ ...root, release, startMs, endMs: startMs + 1, request: `q-${traceId}` }], { isJudged: true }, traceId)
    for (const asked of [at('b', 30, 't3'), at('a', 10, 't1'), at('a', 20, 't2'), at('b', 40, 't4')]) quality.add(asked)
    return quality
  }

  it('of quality compares the newest release with the one before, by trace or request', () => {
    const feedback = [
      { traceId: 't1', kind: 'thumbs', value: 1 },
      { request: 'q-t2', kind: 'thumbs', value: -1 },
      { traceId: 't3', kind: 'thumbs', value: 1 },
      { traceId: 'unknown', kind: 'thumbs', value: 1 },
      { traceId: 't1', kind: 'comment', comment: 'no number' },
    ] as const
    const scores = ['t1', 't2', 't3', 't4'].map((traceId, index) => ({ traceId, name: 'tone', value: index }))
    expect(change().result([...scores, { traceId: 't1', name: 'lone', value: 1 }], feedback)).toMatchObject({
      change: { what: 'release', before: 'a', after: 'b' },
      judged: [
        { name: 'score tone', before: [0, 1], after: [2, 3], shift: { shift: 2 } },
        { name: 'thumbs', before: { x: 1, n: 2 }, after: { x: 1, n: 1 }, difference: { difference: 0.5 } },
      ],
    })
  })

  it('of quality needs a change, and judgements', () => {
    expect(change().result([], [])).toMatchObject({ change: { before: 'a' }, judged: [] })
    expect(qualityOverall({ below: {}, above: {} }).result([], [])).toEqual({ change: undefined, judged: [] })
  })

  it('of production and offline compares the newest results of the same name', () => {
    const results = (check: string, pass: number, fail: number, scoreSum = 0, scored = 0) => ({
      ...{ check, pass, fail, scoreSum, scored },
    })
    const found = compareWithOffline(
      [results('cites', 8, 2), results('tone', 0, 0, 3, 2), results('here', 1, 0)],
      [results('cites', 9, 1), results('cites', 0, 10), results('tone', 1, 0, 4, 2), results('there', 1, 0)],
    )
    expect(found).toMatchObject([
      { check: 'cites', rates: { production: { x: 8, n: 10 }, offline: { x: 9, n: 10 } }, means: undefined },
      { check: 'tone', rates: undefined, means: { production: { mean: 1.5, n: 2 }, offline: { mean: 2, n: 2 } } },
    ])
    expect(found[0]?.rates?.difference.difference).toBeCloseTo(-0.1)
  })
})

const asks = async (cwd: string, ...argv: string[]) => {
  const { code, out, err } = await pilot(cwd, ['ask', ...argv])
  return { code, text: `${out}${err}` }
}

describe('pilot ask', () => {
  it('of an empty store is not measured', async () => {
    const cwd = project({})
    expect(await asks(cwd, 'cost-per-task')).toEqual({
      code: 0,
      text: `5 cost-per-task: What does a completed task cost?
  - Answerable where the whole cost of the run is known, stated or by price, and whether it is
    completed; a run is completed when its root span did not fail (query version 2).
lantern: not measured, since no run is stored
Next: pilot cost
`,
    })
    const { platforms } = await json(cwd, 'ask')
    expect(platforms[0].questions.map(({ state }: { state: string }) => state)).toEqual(Array(7).fill('not measured'))
  })

  it.each([
    ['promt-version', 'There is no question promt-version.\nDid you mean prompt-version? They are 1 prompt-version,'],
    ['own-2', 'There is no question own-2.\nDid you mean own-1? They are 1 prompt-version,'],
    ['9', 'There is no question 9.\nThey are 1 prompt-version,'],
    ['\u001b[31m', 'There is no question like that.\nThey are 1 prompt-version,'],
  ])('refuses the question %j', async (typed, text) => {
    const own = 'questions: [{ question: Who?, fields: [tenant] }]\ncapture: { required: { llm: [tenant] } }\n'
    const ran = await pilot(project({}, own), ['ask', typed])
    expect([ran.code, ran.out, ran.err.slice(0, text.length + 6)]).toEqual([2, '', `error ${text}`])
  })

  it.each([
    [['--by', 'e1'], '--evidence and --by go with --record.'],
    [['--record', 'no', '--evidence', 'x', '--by', 'e1'], '--record needs a question.'],
    [['1', '--record', 'no', '--trace', 'a'], '--record and --trace are one or the other.'],
    [['1', '--record', 'maybe', '--evidence', 'x', '--by', 'e1'], '--record: there is no answer maybe.'],
    [['1', '--record', 'no', '--evidence', 'x'], '--by is missing.'],
    [['1', '--record', 'no', '--evidence', 'x', '--by', 'Jane Doe'], '--by: expected an alias such as e1'],
    [['1', '--record', 'no', '--by', 'e1'], '--evidence is missing.'],
    [['1', '--record', 'no', '--platform', 'other'], 'pilot.yaml names no platform other.'],
    [['--platform', 'other'], 'pilot.yaml names no platform other.'],
  ])('refuses %j', async (argv, message) => {
    const { code, out, err } = await pilot(project({}), ['ask', ...argv])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(`error ${message}`)
  })

  it('shows what a person says of a platform without runs, after the privacy rules, and who said it', async () => {
    const cwd = project({}, 'capture: { privacy: [{ detect: [email], do: redact }] }\n')
    const record = (by: string, value: string, evidence: string) =>
      asks(cwd, '1', '--record', value, '--evidence', evidence, '--by', by)
    expect(await record('e1', 'yes', 'ask ann@example.com')).toEqual({
      code: 0,
      text: 'Recorded for lantern, prompt-version: yes, as e1 said on 2026-03-03: ask [redacted:email]\nNext: pilot ask\n',
    })
    expect((await asks(cwd, '1')).text).toContain(
      'lantern: yes, as a person says\n  - yes, as e1 said on 2026-03-03: ask [redacted:email]\n',
    )
    const { out } = await pilot(cwd, ['ask'])
    expect(out).toMatch(/^1 {2}Which version of the prompt wrote this answer\? +yes, as a person says$/m)
    expect(out).toMatch(/^2 {2}Which documents .+ not measured$/m)
    // The same person says it again: the later word stands.
    await pilot(cwd, ['ask', '1', '--record', 'no', '--evidence', 'none', '--by', 'e1'], {
      nowMs: Date.UTC(2026, 2, 4),
    })
    const labels = stored(cwd, (db) => readLabels(db))
    expect(labels).toEqual([
      {
        ...{ item: 'question:1', name: 'answerable@lantern', value: 'no', by: 'e1', note: 'none' },
        timeMs: Date.UTC(2026, 2, 4),
      },
    ])
    expect((await pilot(cwd, ['label', 'report'])).out).not.toContain('answerable')
  })

  it('stands in the scorecard, which shows product no question of the team, no evidence and nobody', async () => {
    const own = `questions: [{ question: Did Ann wait?, fields: [tenant] }]
capture: { required: { llm: [tenant] } }
`
    const cwd = project({ 'spans.jsonl': jsonLines([span('aa11', 'r')]) }, own, '[{ id: lantern }, { id: beacon }]')
    await pilot(cwd, ['ingest', 'spans.jsonl', '--platform', 'lantern'])
    await pilot(cwd, [
      'ask',
      '1',
      '--record',
      'yes',
      '--evidence',
      'as Ann showed',
      '--by',
      'e1',
      '--platform',
      'beacon',
    ])
    for (const form of [[], ['--markdown'], ['--html']]) {
      const { out } = await pilot(cwd, ['scorecard', '--audience', 'product', ...form])
      expect(out).toContain('Can production questions be answered?')
      expect(out).toContain('yes, as a person says')
      expect(out).toContain('lantern, own-1: tenant missing on 1 of 1 runs')
      expect(out).not.toMatch(/Ann|\be1\b|aa11/)
    }
    const { questions } = await json(cwd, 'scorecard', '--audience', 'product')
    expect(questions).toMatchObject([
      { platform: 'lantern', runs: 1, questions: { 0: { state: 'not', missing: [{ runs: 1, examples: [] }] } } },
      {
        platform: 'beacon',
        runs: 0,
        questions: { 0: { state: 'not measured', said: [{ value: 'yes', by: 'a person' }] } },
      },
    ])
    expect((await pilot(cwd, ['scorecard', '--audience', 'security'])).out).not.toContain('questions be answered')
    expect((await pilot(cwd, ['ask'])).out).toMatch(/^own-1 {2}Did Ann wait\?/m)
  })

  const spans = [
    span('aa11', 'r', { end: '2026-03-02T10:00:02Z', tenant: 'acme', release: 'v1', request: 'q1', cost_usd: 0.5 }),
    span('aa11', 'd', { parent_id: 'r', name: 'find', kind: 'retriever', documents: [{ id: 'faq-1', score: 0.5 }] }),
    span('aa11', 't', { parent_id: 'r', name: 'look', kind: 'tool', error: 'timed out', end: '2026-03-02T10:00:00Z' }),
    span('aa11', 'c', {
      parent_id: 'r',
      name: 'draft',
      kind: 'llm',
      model: 'm',
      prompt: { name: 'answer', version: 7 },
    }),
    span('bb22', 'r', { end: '2026-03-02T10:00:01Z', scores: [{ name: 'cites', value: 1, label: 'pass' }] }),
  ]

  it('answers of one run with the span and attribute, or names what is missing', async () => {
    const cwd = project({ 'spans.jsonl': jsonLines(spans) })
    await pilot(cwd, ['ingest', 'spans.jsonl'])
    expect(await asks(cwd, '1', '--trace', 'aa')).toEqual({
      code: 0,
      text: `Trace aa11 on lantern
1 prompt-version: Which version of the prompt wrote this answer?
  - answer, version 7 [span draft (c), prompt.name and prompt.version]
Next: pilot trace aa11
`,
    })
    expect((await asks(cwd, '--trace', 'aa11')).text).toBe(`Trace aa11 on lantern
1 prompt-version: Which version of the prompt wrote this answer?
  - answer, version 7 [span draft (c), prompt.name and prompt.version]
2 context: Which documents or other context did the model call get?
  - faq-1 (score 0.5) [span find (d), documents]
3 failed-step: Which step failed, was tried again, or called the wrong tool?
  - look failed: timed out [span look (t), status]
  - tools in order: look [tool spans]
4 quality-change: Did quality fall after a change of prompt, model or retrieval? Not answerable.
  - release v1 [release]
  - prompt answer 7 [prompt.version]
  - missing: score or feedback
5 cost-per-task: What does a completed task cost?
  - $0.5 as stated [cost]
  - completed [span answer (r), status]
6 latency-spikes: Which tenants, users or workflows have the slowest runs?
  - took 2000 ms [span answer (r), start and end]
  - tenant acme [tenant]
  - workflow answer [workflow]
  - without user
7 production-vs-offline: Do production runs compare with offline eval results? Not answerable.
  - missing: score or check
Next: pilot trace aa11
`)
    expect((await asks(cwd, '1', '--trace', 'bb')).text).toBe(`Trace bb22 on lantern
1 prompt-version: Which version of the prompt wrote this answer? Not answerable.
  - missing: model call
Next: pilot trace bb22
`)
    const { answers } = await json(cwd, 'ask', '1', '--trace', 'bb')
    expect(answers).toMatchObject([{ isAnswered: false, facts: [], missing: ['model call'], lacks: [] }])
    expect(await asks(cwd, '1', '--trace', 'cc')).toEqual({
      code: 2,
      text: 'error No trace begins with cc.\npilot traces lists what is stored.\n',
    })
  })

  it('compares production scores with an eval run over a dataset, not with one over recorded traces', async () => {
    const cwd = project(
      {
        'spans.jsonl': jsonLines(spans),
        ...cases({ id: 'a', inputs: 'x', output: 'faq-1' }, { id: 'b', inputs: 'y', output: 'none' }),
      },
      suiteOf("{ check: contains, id: cites, values: ['faq'] }"),
    )
    await pilot(cwd, ['ingest', 'spans.jsonl'])
    expect((await asks(cwd, '7')).text).toContain(
      '  - offline eval run of the same check missing on 1 of 2 runs, for example bb22\n',
    )
    const ran = await pilot(cwd, ['eval', 'run'])
    expect(ran.err).not.toContain('error')
    expect((await asks(cwd, '7')).text).toContain(
      `  - cites passes 100 % (n 1, 95 % CI 20.7–100) in production, 50.0 % (n 2, 95 % CI 9.5–90.5)
    offline; 50.0 points (95 % CI −39.1 to 90.5)
`,
    )
  })
})

describe('the demo', () => {
  it('answers as it was planted', async () => {
    const cwd = temporaryFolder()
    await pilot(cwd, ['demo', 'made'])
    const { platforms } = await json(`${cwd}/made`, 'ask')
    const runs = plantFaults('extend')
      .filter(({ origin, hasTrace }) => origin === 'production' && hasTrace)
      .flatMap((plan) => (plan.isDuplicated ? [plan, plan] : [plan]))
    const n = runs.length
    const count = (has: (plan: (typeof runs)[number]) => boolean) => runs.filter(has).length
    const judged = count(({ index }) => index % 9 === 0)
    const shares = platforms[0].questions.map(({ name, state, share }: QuestionTally & { state: string }) => [
      ...[name, state, share.x, share.n],
    ])
    expect(shares).toEqual([
      ['prompt-version', 'answerable', count(({ hasPromptVersion }) => hasPromptVersion), n],
      ['context', 'answerable', n, n],
      ['failed-step', 'answerable', n, n],
      ['quality-change', 'partly', judged, n],
      ['cost-per-task', 'answerable', count(({ isUnpriced }) => !isUnpriced), n],
      ['latency-spikes', 'answerable', n, n],
      ['production-vs-offline', 'not', 0, n],
    ])
    // Of 594 runs 30 lie above rank 564; two of them may take equally long there.
    const spikes = await json(`${cwd}/made`, 'ask', '6')
    const { slowRuns, sources } = spikes.platforms[0].answer
    expect([29, 30]).toContain(slowRuns)
    const globex = count(({ tenantInTrace }) => tenantInTrace === slowTenant)
    const slow = { x: slowRuns, n: globex }
    expect(sources).toMatchObject([{ dimension: 'tenant', key: slowTenant, slow, rest: { x: 0, n: n - globex } }])
    const found = await json(`${cwd}/made`, 'latency', '--spikes')
    expect(found.platforms[0].spikes).toEqual(spikes.platforms[0].answer)
    const thumbs = count(({ index, release }) => release === '9b07aa1' && index % 9 === 0)
    const good = count(({ index, release }) => release === '9b07aa1' && index % 9 === 0 && index % 4 !== 0)
    // Under the last release nobody was content.
    const bad = count(({ index, release }) => release === 'e58c2d4' && index % 9 === 0)
    const quality = await json(`${cwd}/made`, 'ask', '4')
    expect(quality.platforms[0].answer.judged).toMatchObject([
      { name: 'thumbs', before: { x: good, n: thumbs }, after: { x: 0, n: bad } },
    ])
  })
})
