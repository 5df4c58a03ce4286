import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseYaml } from '../src/config/load.js'
import { lockCriteria, lockState, readLock, saveLock } from '../src/config/lock.js'
import { Config } from '../src/config/schema.js'
import { templates } from '../src/config/templates/index.js'
import {
  type CompletionRule,
  completionOf,
  ruleTerms,
  ruleText,
  type SaidOfRun,
  usualRule,
} from '../src/core/completed.js'
import { completedCost } from '../src/core/completed-cost.js'
import { fieller } from '../src/core/stats/ratio.js'
import { meanInterval, tQuantile } from '../src/core/stats/student.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'
import { randomOf } from './seed.js'
import { traceOf } from './trace-of.js'

type Parts = Parameters<typeof traceOf>[0]

const root = { spanId: 'answer' }
const silent: SaidOfRun = { scores: [], feedback: new Set() }

function stateOf(rule: CompletionRule, parts: Parts = [root], said: Partial<SaidOfRun> = {}) {
  const trace = traceOf(parts)
  return completionOf({ trace, root: trace.spans[0]! }, { ...silent, ...said }, rule).state
}

describe('a run is completed', () => {
  it.each([
    ['unset', 'completed'],
    ['ok', 'completed'],
    ['error', 'not completed'],
  ] as const)('by the usual rule where its root is %s: %s', (status, state) => {
    expect(stateOf(usualRule, [{ ...root, status }])).toBe(state)
  })

  const send = (spanId: string, status: 'ok' | 'error') => ({ spanId, name: 'send', status })
  it.each<[string, Parts, string]>([
    ['not reached', [root], 'not completed'],
    ['reached', [root, send('a', 'ok')], 'completed'],
    ['failed, then tried again', [root, send('a', 'error'), send('b', 'ok')], 'completed'],
    ['failed the last time', [root, send('a', 'ok'), send('b', 'error')], 'not completed'],
    ['reached under the name of a tool', [root, { spanId: 'a', kind: 'tool', name: 'execute_tool send' }], 'completed'],
  ])('by a step that is %s', (_, parts, state) => {
    expect(stateOf({ step: 'send' }, parts)).toBe(state)
  })

  it('without a step, whether that failed or not', () => {
    expect(stateOf({ without_step: 'send' })).toBe('completed')
    expect(stateOf({ without_step: 'send' }, [root, send('a', 'error')])).toBe('not completed')
  })

  it('by a step alone although its root failed, since only what is written is asked', () => {
    expect(stateOf({ without_step: 'send' }, [{ ...root, status: 'error' }])).toBe('completed')
  })

  const scored = (value: number | undefined, label?: string) => ({ value, label })
  it.each<[string, Omit<NonNullable<CompletionRule['score']>, 'name'>, SaidOfRun['scores'], string]>([
    ['at the least value', { min: 0.7 }, [scored(0.7)], 'completed'],
    ['just below it', { min: 0.7 }, [scored(0.6999)], 'not completed'],
    ['at the most', { max: 2 }, [scored(2)], 'completed'],
    ['above the most', { max: 2 }, [scored(2.001)], 'not completed'],
    ['of 0, which is a value', { max: 0 }, [scored(0)], 'completed'],
    ['that is absent', { min: 0.7 }, [], 'unknown'],
    ['with a label alone, asked for a value', { min: 0.7 }, [scored(undefined, 'good')], 'unknown'],
    ['with this label', { label: 'yes' }, [scored(undefined, 'yes')], 'completed'],
    ['with another label', { label: 'yes' }, [scored(1, 'no')], 'not completed'],
    ['without a label', { label: 'yes' }, [scored(1)], 'unknown'],
    ['twice, of which one is too low', { min: 0.7 }, [scored(1), scored(0.2)], 'not completed'],
    ['twice, of which one says nothing', { min: 0.7 }, [scored(1), scored(undefined)], 'unknown'],
  ])('by a score %s', (_, bounds, scores, state) => {
    expect(stateOf({ score: { name: 'resolved', ...bounds } }, [root], { scores })).toBe(state)
  })

  const not = { feedback: { not: ['down', 'escalation'] } } as const
  const any = { feedback: { any: ['up'] } } as const
  it.each<[string, CompletionRule, SaidOfRun['feedback'], string]>([
    ['none of it, and nobody said anything', not, new Set(), 'completed'],
    ['none of it, and somebody said something else', not, new Set(['up', 'edit']), 'completed'],
    ['none of it, and somebody did', not, new Set(['up', 'escalation']), 'not completed'],
    ['none of it, where nobody records any', not, undefined, 'unknown'],
    ['some, and there is', any, new Set(['up']), 'completed'],
    ['some, and there is some beside other', any, new Set(['down', 'up']), 'completed'],
    ['some, and there is other', any, new Set(['down']), 'not completed'],
    ['some, and nobody said anything', any, new Set(), 'unknown'],
    ['some, where nobody records any', any, undefined, 'unknown'],
    ['both, and neither was said', { feedback: { not: ['down'], any: ['up'] } }, new Set(), 'unknown'],
    [
      'both, and both were said',
      { feedback: { not: ['down'], any: ['up'] } },
      new Set(['up', 'down']),
      'not completed',
    ],
  ])('by feedback where the rule wants %s', (_, rule, feedback, state) => {
    expect(stateOf(rule, [root], { feedback })).toBe(state)
  })

  it('where all conditions hold; one that fails outweighs one that is unknown', () => {
    const rule = { status: 'ok', score: { name: 'resolved', min: 1 } } as const
    expect(stateOf(rule, [root], { scores: [scored(1)] })).toBe('completed')
    expect(stateOf(rule, [root])).toBe('unknown')
    expect(stateOf(rule, [{ ...root, status: 'error' }])).toBe('not completed')
  })

  it('or else lacks what would tell', () => {
    const trace = traceOf([root])
    const rule: CompletionRule = { score: { name: 'resolved', min: 1 }, feedback: { any: ['up'] } }
    const { missing } = completionOf({ trace, root: trace.spans[0]! }, silent, rule)
    expect(missing).toEqual(['score resolved', 'feedback'])
  })
})

describe('a rule', () => {
  const rule: CompletionRule = {
    ...{ status: 'ok', step: 'send', without_step: 'escalate' },
    score: { name: 'resolved', min: 0.5, max: 1, label: 'yes' },
    feedback: { not: ['escalation', 'down'], any: ['up'] },
  }

  it('reads as a sentence', () => {
    expect(ruleText(usualRule)).toBe('its root span did not fail')
    expect(ruleText(rule)).toBe(
      'its root span did not fail, and the step send was reached and did not fail in the end, and the step escalate was not reached, and its score resolved is at least 0.5 and at most 1 and labelled yes, and it has no feedback down or escalation, but feedback up',
    )
  })

  it('has a term for each key, in one order, and none where it is the usual one', () => {
    expect(ruleTerms(usualRule)).toEqual({})
    expect(ruleTerms(rule)).toEqual({
      ...{ status: 'ok', step: 'send', without_step: 'escalate' },
      score: 'resolved at least 0.5 and at most 1 and labelled yes',
      feedback: 'no feedback down or escalation, feedback up',
    })
  })
})

type State = Parameters<ReturnType<typeof completedCost>['add']>[0]

function costOf(runs: readonly [State, number | undefined][]) {
  const { add, result } = completedCost()
  for (const [state, usd] of runs) add(state, usd)
  return result()
}

describe('the cost of a completed task', () => {
  const nothing = { runs: 0, completed: 0, notCompleted: 0, unknown: 0, unknownCost: 0, totalUsd: 0 }
  const unmeasured = { usd: undefined, low: undefined, high: undefined, interval: undefined }

  it('is not measured of no run, nor where none is completed', () => {
    expect(costOf([])).toEqual({ ...nothing, ...unmeasured })
    expect(costOf([['not completed', 2]])).toEqual({
      ...{ ...nothing, ...unmeasured },
      ...{ runs: 1, notCompleted: 1, totalUsd: 2 },
    })
  })

  it('is that of all runs of known cost, failed ones too, for each completed one', () => {
    const cost = costOf([
      ['completed', 2],
      ['completed', 4],
      ['not completed', 3],
      ['completed', undefined],
      ['not completed', undefined],
    ])
    expect(cost).toMatchObject({ runs: 5, completed: 2, notCompleted: 1, unknown: 0, unknownCost: 2, totalUsd: 9 })
    expect([cost.usd, cost.low, cost.high]).toEqual([4.5, 4.5, 4.5])
  })

  it('is not measured where no cost is known', () => {
    expect(costOf([['completed', undefined]])).toEqual({ ...nothing, ...unmeasured, runs: 1, unknownCost: 1 })
  })

  it('has only a lower bound where it is unknown of every run', () => {
    const cost = costOf([
      ['unknown', 2],
      ['unknown', 4],
    ])
    expect(cost).toMatchObject({
      completed: 0,
      unknown: 2,
      usd: undefined,
      low: 3,
      high: undefined,
      interval: undefined,
    })
  })

  it('lies between all unknown runs completed and none, with an interval that holds those of both', () => {
    const known: [State, number][] = Array.from({ length: 20 }, (_, at) => ['completed', 2 + (at % 3)])
    const open = [3, 5, 7]
    const as = (state: State) => costOf([...known, ...open.map((usd): [State, number] => [state, usd])])
    const [best, worst, cost] = [as('completed'), as('not completed'), as('unknown')]
    // 20 runs of 2, 3, 4 in turn cost 7 · 2 + 7 · 3 + 6 · 4 = 59; with the open ones 74.
    expect(cost).toMatchObject({ totalUsd: 74, unknown: 3, usd: undefined, high: 74 / 20 })
    expect(cost.low).toBeCloseTo(74 / 23, 12)
    expect(cost.interval!.low).toBeCloseTo(best.interval!.low, 12)
    expect(cost.interval!.high).toBeCloseTo(worst.interval!.high, 12)
  })

  it('has the t interval of the mean where every run is completed', () => {
    // Mean 11, standard deviation 1, t(2) = 4.302653: half of it is 4.302653 / √3 = 2.484138.
    const { interval } = costOf([
      ['completed', 10],
      ['completed', 11],
      ['completed', 12],
    ])
    expect(interval!.low).toBeCloseTo(11 - 2.484138, 5)
    expect(interval!.high).toBeCloseTo(11 + 2.484138, 5)
  })

  it('has no interval of one run, nor of so few completed that no cost is too high', () => {
    expect(costOf([['completed', 1]])).toMatchObject({ usd: 1, interval: undefined })
    const few = Array.from({ length: 40 }, (_, at): [State, number] => [at < 3 ? 'completed' : 'not completed', 1])
    expect(costOf(few)).toMatchObject({ completed: 3, interval: undefined })
    expect(costOf(few).usd).toBeCloseTo(40 / 3, 12)
  })

  it('has no bound below 0', () => {
    const { interval } = costOf([
      ['completed', 0],
      ['completed', 0],
      ['completed', 9],
    ])
    expect(interval!.low).toBe(0)
  })

  it('keeps its digits where costs hardly differ', () => {
    const values = [1_000_000.1, 1_000_000.2, 1_000_000.3, 1_000_000.4]
    const { interval } = costOf(values.map((usd) => ['completed', usd]))
    const expected = meanInterval(values)!
    expect(interval!.low).toBeCloseTo(expected.low, 6)
    expect(interval!.high).toBeCloseTo(expected.high, 6)
  })
})

describe("Fieller's interval", () => {
  it('ends where y − R x differs from 0 by just the t quantile', () => {
    const pairs = Array.from({ length: 30 }, (_, at) => ({ x: at % 3 === 0 ? 0 : 1, y: 1 + ((at * 7) % 11) }))
    const runs = pairs.map(({ x, y }): [State, number] => [x === 1 ? 'completed' : 'not completed', y])
    const { interval, usd } = costOf(runs)
    for (const [end, sign] of [
      [interval!.low, 1],
      [interval!.high, -1],
    ] as const)
      expect(meanInterval(pairs.map(({ x, y }) => y - end * x))!.t).toBeCloseTo(sign * tQuantile(0.975, 29), 8)
    expect(interval!.low).toBeLessThan(usd!)
    expect(interval!.high).toBeGreaterThan(usd!)
  })

  it('is undefined of one case and of a mean of x that may be 0', () => {
    expect(fieller({ n: 1, meanX: 1, meanY: 1, xx: 0, yy: 0, xy: 0 })).toBeUndefined()
    expect(fieller({ n: 10, meanX: 0, meanY: 1, xx: 0, yy: 1, xy: 0 })).toBeUndefined()
    expect(fieller({ n: 10, meanX: 0.1, meanY: 1, xx: 0.9, yy: 1, xy: 0 })).toBeUndefined()
  })

  /** How often of 2,000 pilots the interval holds the true cost of a completed task, where failed runs cost twice as much. */
  function coverage(n: number, completed: number, interval: (runs: [State, number][]) => [number, number] | undefined) {
    const random = randomOf(7)
    const truth = (completed * 1.5 + (1 - completed) * 3) / completed
    const counts = { held: 0, stated: 0 }
    for (let times = 0; times < 2000; times += 1) {
      const runs = Array.from({ length: n }, (): [State, number] => {
        const cost = 1 + random()
        return random() < completed ? ['completed', cost] : ['not completed', 2 * cost]
      })
      const [low, high] = interval(runs) ?? []
      if (low === undefined || high === undefined) continue
      counts.stated += 1
      if (low <= truth && truth <= high) counts.held += 1
    }
    return { share: counts.held / counts.stated, stated: counts.stated }
  }

  const byFieller = (runs: [State, number][]): [number, number] | undefined => {
    const { interval } = costOf(runs)
    return interval && [interval.low, interval.high]
  }

  const byDelta = (runs: [State, number][]): [number, number] | undefined => {
    const { usd, completed } = costOf(runs)
    if (usd === undefined) return undefined
    const rest = meanInterval(runs.map(([state, cost]) => cost - (state === 'completed' ? usd : 0)))!
    const half = ((rest.high - rest.low) / 2) * (runs.length / completed)
    return [usd - half, usd + half]
  }

  it.each([
    [300, 0.9, 0.935],
    [60, 0.5, 0.935],
    [80, 0.2, 0.935],
    [400, 0.05, 0.925],
    // Six dear failures in a pilot are few.
    [60, 0.9, 0.905],
  ])('of %i runs, a share of %f completed, holds the truth in about 95 % of pilots', (n, completed, atLeast) => {
    const { share, stated } = coverage(n, completed, byFieller)
    expect(stated).toBeGreaterThan(1950)
    // Of 2,000 pilots the share itself is good to ± 1 point.
    expect(share).toBeGreaterThan(atLeast)
    expect(share).toBeLessThan(0.97)
  })

  it('holds it more often than the delta method where few runs are completed', () => {
    const [exact, delta] = [coverage(80, 0.2, byFieller), coverage(80, 0.2, byDelta)]
    expect(exact.share).toBeGreaterThan(delta.share)
  })
})

/** Such a pilot with a rule. */
function ruled(rule: string, files: Record<string, string>, more?: string): string {
  const cwd = project(files, more)
  const path = join(cwd, 'pilot.yaml')
  writeFileSync(path, readFileSync(path, 'utf8').replace('  volume:', `  completed: ${rule}\n  volume:`))
  return cwd
}

describe('pilot cost', () => {
  const runs = [
    span('t1', 'a', { cost_usd: 0.1, tenant: 'acme', request: 'q1' }),
    span('t2', 'a', { cost_usd: 0.2, tenant: 'acme', request: 'q2' }),
    span('t3', 'a', { cost_usd: 0.3, tenant: 'globex', status: 'error' }),
    span('t4', 'a', { cost_usd: 0.6, tenant: 'globex' }),
    span('t4', 'b', { name: 'escalate', parent_id: 'a', kind: 'tool' }),
    span('t5', 'a', { tenant: 'globex' }),
  ]
  const traces = { 'traces.jsonl': jsonLines(runs) }
  const perTask = async (cwd: string) => (await json(cwd, 'cost')).platforms[0].perCompletedTask

  it('measures nothing of an empty store, and says so', async () => {
    const cwd = project({})
    await pilot(cwd, ['ingest', 'none.jsonl'])
    writeFileSync(join(cwd, 'other.jsonl'), jsonLines([span('t1', 'a', { name: 'health' })]))
    await pilot(cwd, ['ingest', 'other.jsonl'])
    expect(await perTask(cwd)).toMatchObject({ usd: null, interval: null, runs: 0, low: null, high: null })
    expect((await pilot(cwd, ['cost'])).out).toMatch(/^all +0 +0 +0 +0 +not measured$/m)
  })

  it('divides by the runs whose root did not fail, where nothing is written', async () => {
    const cwd = project(traces)
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    // 0.1 + 0.2 + 0.3 + 0.6 = 1.2 for three runs.
    expect(await perTask(cwd)).toMatchObject({
      ...{ runs: 5, completed: 3, notCompleted: 1, unknown: 0, unknownCost: 1 },
      rule: 'its root span did not fail',
      by: {
        tenant: [
          { key: 'globex', completed: 1 },
          { key: 'acme', completed: 2 },
        ],
        release: [],
      },
    })
    expect((await perTask(cwd)).usd).toBeCloseTo(0.4, 12)
    const { out } = await pilot(cwd, ['cost', '--by', 'tenant'])
    expect(out).toMatch(/^all +4 +3 +1 +0 +\$0\.4000 \(/m)
    expect(out).toMatch(/^tenant acme +2 +2 +0 +0 +\$0\.1500 \(/m)
    expect(out).toContain('Runs of unknown cost, left out: 1.')
  })

  it('divides by the runs that reached no such step', async () => {
    const cwd = ruled('{ status: ok, without_step: escalate }', traces)
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect(await perTask(cwd)).toMatchObject({ completed: 2, notCompleted: 2 })
    expect((await perTask(cwd)).usd).toBeCloseTo(0.6, 12)
  })

  it('gives bounds where scores are lacking', async () => {
    const score = (trace_id: string, value: number) => ({ trace_id, name: 'resolved', value })
    const scores = jsonLines([score('t1', 0.5), score('t3', 0.49)])
    const cwd = ruled('{ score: { name: resolved, min: 0.5 } }', { ...traces, 'scores.jsonl': scores })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    await pilot(cwd, ['ingest', '--as', 'scores', 'scores.jsonl'])
    // Of known cost: t1 completed, t3 not, t2 and t4 unknown; 1.2 for one to three runs.
    const found = await perTask(cwd)
    expect(found).toMatchObject({ usd: null, completed: 1, notCompleted: 1, unknown: 2 })
    expect(found.low).toBeCloseTo(0.4, 12)
    expect(found.high).toBeCloseTo(1.2, 12)
    const asked = await pilot(cwd, ['ask', '5'])
    expect(asked.out).toContain('$0.4000 to $1.20 per completed task (too few for an interval)')
    expect(asked.out).toContain('a run is completed when its score resolved is at least 0.5')
    expect(asked.out).toContain('score resolved missing on 3 of 5 runs')
    expect((await pilot(cwd, ['ask', '5', '--trace', 't2'])).out).toContain('unknown whether it is completed [score]')
  })

  it('takes feedback by trace and by request, and none of a run for nothing against it', async () => {
    const feedback = jsonLines([
      { request: 'q1', kind: 'escalation' },
      { trace_id: 't4', kind: 'thumbs', value: -1 },
      { trace_id: 't2', kind: 'comment', comment: 'well' },
    ])
    const cwd = ruled('{ feedback: { not: [down, escalation] } }', { ...traces, 'feedback.jsonl': feedback })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect(await perTask(cwd)).toMatchObject({ completed: 0, unknown: 4 })
    expect((await pilot(cwd, ['cost'])).out).toMatch(/^all +4 +0 +0 +4 +from \$0\.3000 on$/m)
    await pilot(cwd, ['ingest', '--as', 'feedback', 'feedback.jsonl'])
    expect(await perTask(cwd)).toMatchObject({ completed: 2, notCompleted: 2, unknown: 0 })
  })

  it('says that no run completed', async () => {
    const cwd = ruled('{ step: answr }', traces)
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect(await perTask(cwd)).toMatchObject({ usd: null, low: null, high: null, notCompleted: 4 })
    expect((await pilot(cwd, ['cost'])).out).toMatch(/^all +4 +0 +4 +0 +no run completed$/m)
    expect((await pilot(cwd, ['ask', '5'])).out).toContain('no run was completed: $1.20 over 4 runs')
    expect((await json(cwd, 'ask', '5')).platforms[0].answer).toMatchObject({ usd: null, perCompletedUsd: null })
  })

  it('is warned of names that no run has, with the nearest', async () => {
    const names = '{ step: answr, without_step: escalate, score: { name: reslved, min: 1 } }'
    const scores = jsonLines([{ trace_id: 't1', name: 'resolved', value: 1 }])
    const cwd = ruled(names, { ...traces, 'scores.jsonl': scores })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    await pilot(cwd, ['ingest', '--as', 'scores', 'scores.jsonl'])
    const { out } = await pilot(cwd, ['check'])
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'workflow.completed names what no run has: step answr (not answer?), score reslved (not resolved?).',
    )
  })

  it('is not warned where every name is met, nor where nothing is written', async () => {
    const cwd = ruled('{ status: ok, without_step: escalate }', traces)
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect((await pilot(cwd, ['check'])).out).toContain('workflow.completed names steps and scores that runs have.')
    const usual = project(traces)
    await pilot(usual, ['ingest', 'traces.jsonl'])
    expect((await pilot(usual, ['check'])).out).not.toContain('workflow.completed')
  })
})

describe('workflow.completed in pilot.yaml', () => {
  const text = (completed: string) => `version: 1
pilot: { name: Support, owner: jane, start: 2026-03-02, end: 2026-03-29, candidates: [{ id: promptlayer }] }
workflow: { name: support-answer, match: { root: support.answer }${completed} }
criteria: [{ id: trace-coverage, target: '>= 95 %', must: true }]
`
  const config = (rule?: string) =>
    parseYaml(text(rule === undefined ? '' : `, completed: ${rule}`), Config, { label: 'pilot.yaml', hint: '' })

  it.each([
    ['{}', 'workflow.completed: names no condition; expected status, step, without_step, score or feedback'],
    ['{ stepp: a }', 'workflow.completed: unknown key "stepp"; did you mean "step"?'],
    ['{ score: { name: a } }', 'workflow.completed.score: says only a name; expected min, max or label too'],
    ['{ score: { name: a, min: 2, max: 1 } }', 'workflow.completed.score.max: is less than min'],
    ['{ feedback: {} }', 'workflow.completed.feedback: names nothing; expected not or any'],
  ])('of %s is refused', (rule, message) => {
    expect(() => config(rule)).toThrow(message)
  })

  it.each(templates.map(({ name }) => name))('is shown by the template %s as it can be written', async (name) => {
    const cwd = temporaryFolder()
    await pilot(cwd, ['init', '--yes', '--template', name])
    const written = readFileSync(join(cwd, 'pilot.yaml'), 'utf8')
    const load = (content: string) => parseYaml(content, Config, { label: 'pilot.yaml', hint: '' }).workflow.completed
    expect(load(written)).toBeUndefined()
    expect(load(written.replace('  # completed: ', '  completed: '))).toMatchObject({ status: 'ok' })
  })

  it('is locked unless it is the usual rule', () => {
    const monday = Date.UTC(2026, 2, 2, 9)
    const usual = lockCriteria(config(), monday)
    expect(usual.terms).not.toHaveProperty('completed')
    expect(lockCriteria(config('{ status: ok }'), monday).hash).toBe(usual.hash)

    const folder = temporaryFolder()
    const lock = lockCriteria(config('{ status: ok, feedback: { not: [escalation, down] } }'), monday)
    saveLock(folder, lock)
    expect(readLock(folder)).toEqual(lock)
    expect(lockState(config('{ feedback: { not: [down, escalation] }, status: ok }'), lock).state).toBe('locked')
    expect(lockState(config(), lock)).toMatchObject({
      state: 'amended without reason',
      changes: [
        { id: 'workflow.completed.status', was: 'ok', now: undefined },
        { id: 'workflow.completed.feedback', was: 'no feedback down or escalation', now: undefined },
      ],
    })
  })
})
