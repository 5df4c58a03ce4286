import { describe, expect, it } from 'vitest'
import { answerKey, type RunFacts } from '../src/core/drill/answer-key.js'
import { armTimes } from '../src/core/drill/arm-times.js'
import { assignIncidents } from '../src/core/drill/assign.js'
import { type AttemptEvent, foldAttempts } from '../src/core/drill/attempt.js'
import { compareArms } from '../src/core/drill/compare-arms.js'
import { evaluationOf, failsEval } from '../src/core/drill/failed-eval.js'
import { judgeAttempt } from '../src/core/drill/judge-attempt.js'
import { addOutliers, joinByRequest, type Problem, pickProblems } from '../src/core/drill/problems.js'
import { questions } from '../src/core/drill/questions.js'
import { assembleDrillReport } from '../src/core/drill/report.js'
import { parseAnswer, parseTools } from '../src/core/drill/typed-answer.js'
import { seededRandom } from '../src/core/seeded-random.js'

const facts: RunFacts = {
  input: 'Where is my parcel from Lisbon?',
  prompt: { name: 'support-answer', version: '7' },
  documents: ['faq-1', 'faq-2', 'faq-3'],
  model: { answering: ['gpt-4.1-2025-04-14', 'gpt-4.1'], others: ['gpt-4.1-mini'] },
  failures: ['tool error', 'retry'],
  evaluation: 'no',
  fields: {},
}
const isRight = (question: string, answer: string[], run: RunFacts = facts) =>
  answerKey(questions, [run], new Map()).get(question)?.isRight(answer)

describe('an answer', () => {
  it.each<[question: string, answer: string, right: boolean]>([
    ['input', 'the parcel from Lisbon', true],
    ['input', 'a refund of the lamp', false],
    ['input', 'the', false],
    ['prompt-version', '7', true],
    ['prompt-version', 'v7', true],
    ['prompt-version', 'support-answer version 7', true],
    ['prompt-version', '8', false],
    ['prompt-version', '7 or 8', false],
    ['prompt-version', 'support-answer', false],
    ['context', 'faq-1,faq-2', true],
    ['context', 'FAQ-3,faq-2,faq-1', true],
    ['context', 'faq-1', false],
    ['context', 'faq-1,faq-2,faq-9', false],
    ['context', 'none', false],
    ['model', 'gpt-4.1', true],
    ['model', 'gpt-4.1-2025-04-14', true],
    ['model', 'gpt-4.1,gpt-4.1-mini', true],
    ['model', 'gpt-4.1-mini', false],
    ['model', 'gpt-4.1,claude', false],
    ['failures', 'retry,tool error', true],
    ['failures', 'retry', false],
    ['eval', 'no', true],
    ['eval', 'yes', false],
  ])('to %s, %j, is right: %s', (question, answer, right) => {
    expect(isRight(question, answer.split(','))).toBe(right)
  })

  it('to what no trace knows has no key, and one that retrieved nothing had none', () => {
    expect(isRight('context', ['none'], { ...facts, documents: [] })).toBe(true)
    expect(isRight('context', ['faq-1'], { ...facts, documents: undefined })).toBeUndefined()
    expect(isRight('cause', ['model'])).toBeUndefined()
  })

  it('may be typed by number or by its beginning, and one that fits no choice is named', () => {
    const { form, choices } = questions.find(({ id }) => id === 'cause')!
    expect(parseAnswer({ form, choices: choices! }, '2')).toEqual(['retrieval'])
    expect(parseAnswer({ form, choices: choices! }, 'tool')).toEqual(['tool logic'])
    expect(parseAnswer({ form, choices: choices! }, '9')).toBe(
      '9: choose from 1 prompt, 2 retrieval, 3 model, 4 tool logic, 5 requirements.',
    )
    expect(parseAnswer({ form, choices: choices! }, 're')).toContain('re: choose from')
    expect(parseAnswer({ form, choices: choices! }, '1,2')).toBe('Choose one.')
    expect(parseAnswer({ form: 'many', choices: ['retry', 'none'] }, 'none, retry')).toBe('none stands alone.')
    expect(parseTools('')).toEqual([])
    expect(parseTools('chat, 1')).toEqual(['logs', 'chat'])
  })
})

describe('incidents of engineers', () => {
  const drill = {
    arms: ['tool', 'logs'],
    seed: 1,
    engineers: ['e1', 'e2'],
    incidents: ['i1', 'i2', 'i3', 'i4'].map((id) => ({ id })),
  }

  it('are met once each, half on either arm, by neighbours on opposite arms', () => {
    const [one, two] = ['e1', 'e2'].map((engineer) => assignIncidents(drill, engineer).map(({ arm }) => arm))
    expect(one).toEqual(['tool', 'logs', 'tool', 'logs'])
    expect(two).toEqual(['logs', 'tool', 'logs', 'tool'])
  })

  it('are the same each time for whoever is not listed', () => {
    expect(assignIncidents(drill, 'stranger')).toEqual(assignIncidents(drill, 'stranger'))
  })

  it('are all on the one arm where there is one', () => {
    expect(new Set(assignIncidents({ ...drill, arms: ['tool'] }, 'e2').map(({ arm }) => arm))).toEqual(
      new Set(['tool']),
    )
  })
})

describe('problems', () => {
  const problem = (id: string, signals: Problem['signals'], tenant = 'acme', more: Partial<Problem> = {}): Problem => ({
    requestId: id,
    signals,
    tenant,
    traces: [{ platform: 'tool', traceId: id }],
    ...more,
  })

  it('of one request on two platforms are one, with the signals of both', () => {
    const other = { ...problem('r1', ['slow']), traces: [{ platform: 'logs', traceId: 'x' }] }
    expect(joinByRequest([problem('r1', ['error']), other, problem('r2', [])])).toEqual([
      {
        ...problem('r1', ['error', 'slow']),
        traces: [
          { platform: 'tool', traceId: 'r1' },
          { platform: 'logs', traceId: 'x' },
        ],
      },
      problem('r2', []),
    ])
  })

  it('are outliers beyond the upper quartile by three times the middle half, of twenty and more', () => {
    // 1 … 20: quartiles 5.75 and 15.25, so that the fence stands at 15.25 + 3 · 9.5 = 43.75.
    const runs = (last: number) =>
      addOutliers(
        [...Array.from({ length: 19 }, (_, index) => index + 1), last].map((latencyMs, index) =>
          problem(`r${index}`, [], 'acme', { latencyMs }),
        ),
      )
    expect(runs(43).at(-1)?.signals).toEqual([])
    expect(runs(44).at(-1)?.signals).toEqual(['slow'])
    expect(
      addOutliers([problem('a', [], 'acme', { latencyMs: 1 }), problem('b', [], 'acme', { latencyMs: 1e9 })]).flatMap(
        ({ signals }) => signals,
      ),
    ).toEqual([])
  })

  it('are picked from each sort in turn, from the tenant taken least often', () => {
    const problems = [
      ...['a', 'b', 'c'].map((id) => problem(id, ['error'], 'acme')),
      problem('d', ['error'], 'globex'),
      problem('e', ['slow'], 'acme'),
      problem('f', ['slow'], 'hooli'),
      problem('g', []),
    ]
    const picked = pickProblems(problems, 4, seededRandom(3))
    expect(picked.map(({ signals }) => signals[0])).toEqual(['error', 'slow', 'error', 'slow'])
    expect(new Set(picked.map(({ tenant }) => tenant))).toEqual(new Set(['acme', 'globex', 'hooli']))
    expect(pickProblems(problems, 100, seededRandom(3))).toHaveLength(6)
    expect(pickProblems([], 5, seededRandom(3))).toEqual([])
  })

  it('of a score are told by the bounds of the team, else by its label, and never by a bare number', () => {
    const bounds = { below: { correctness: 0.7 }, above: { toxicity: 0.5 } }
    const tell = (name: string, more: object) => failsEval({ name, ...more }, bounds)
    expect([tell('correctness', { value: 0.69 }), tell('correctness', { value: 0.7 })]).toEqual([true, false])
    expect([tell('toxicity', { value: 0.5 }), tell('toxicity', { value: 0.51 })]).toEqual([false, true])
    expect([
      tell('other', { label: 'Fail' }),
      tell('other', { label: 'pass' }),
      tell('other', { label: 'blue' }),
    ]).toEqual([true, false, undefined])
    // Of toxicity 0 is the best, of correctness the worst.
    expect([tell('other', { value: 0 }), tell('other', { value: 1 }), tell('other', {})]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('of a run are unknown where its scores do not tell', () => {
    const bounds = { below: {}, above: {} }
    const score = (more: object) => ({ name: 'x', ...more })
    expect(evaluationOf([], bounds)).toBe('not evaluated')
    expect(evaluationOf([score({ value: 0 })], bounds)).toBeUndefined()
    expect(evaluationOf([score({ value: 0 }), score({ label: 'pass' })], bounds)).toBe('no')
    expect(evaluationOf([score({ label: 'pass' }), score({ label: 'failed' })], bounds)).toBe('yes')
    expect(isRight('eval', ['no'], { ...facts, evaluation: undefined })).toBeUndefined()
  })
})

const minute = 60_000
const event = (more: Partial<AttemptEvent>): AttemptEvent => ({
  attempt: 'a',
  seq: 0,
  event: 'start',
  arm: 'tool',
  elapsedMs: 0,
  ...more,
})

describe('the events of an attempt', () => {
  const events = [
    event({ seq: 0, atMs: 5 }),
    event({ seq: 1, event: 'answer', question: 'input', answer: ['x'], elapsedMs: 1000 }),
    event({ seq: 2, event: 'tick', elapsedMs: 6000 }),
    event({ seq: 3, event: 'pause', elapsedMs: 7000 }),
    event({ seq: 4, event: 'resume', elapsedMs: 7000 }),
    event({ seq: 5, event: 'answer', question: 'input', answer: ['y'], elapsedMs: 9000 }),
    event({ seq: 6, event: 'end', outcome: 'answered', elapsedMs: 9500 }),
  ]

  it('make the same attempt in any order, and when they come twice', () => {
    const [attempt] = foldAttempts(events)
    expect(attempt).toMatchObject({ elapsedMs: 9500, pauses: 1, outcome: 'answered', startMs: 5, clock: 'measured' })
    expect(attempt!.answers.get('input')).toEqual({ answer: ['y'], tookMs: 9000 })
    expect(foldAttempts([...events.toReversed(), ...events])).toEqual([attempt])
  })

  it('without an end are an open attempt, which has no time', () => {
    const [attempt] = foldAttempts(events.slice(0, -1))
    expect(judgeAttempt(attempt!, questions, new Map(), 30 * minute)).toMatchObject({
      verdict: 'open',
      time: undefined,
    })
  })

  it('of one who gives up last until the time-box, and a diagnosis as long as it took', () => {
    const gaveUp = foldAttempts([
      event({}),
      event({ seq: 1, event: 'end', outcome: 'gave up', elapsedMs: 3 * minute }),
    ])[0]!
    expect(judgeAttempt(gaveUp, questions, new Map(), 30 * minute).time).toEqual({ minutes: 30, isDiagnosed: false })
    const stated = foldAttempts([
      event({ event: 'stated', outcome: 'answered', isDiagnosed: true, elapsedMs: 85 * minute }),
    ])[0]!
    expect(judgeAttempt(stated, questions, new Map(), 30 * minute).time).toEqual({ minutes: 85, isDiagnosed: true })
  })
})

describe('two arms', () => {
  const attempts = (arm: string, minutes: readonly number[], isDiagnosed = true) =>
    minutes.map((time, index) => {
      const [attempt] = foldAttempts([
        event({
          attempt: `${arm}${index}`,
          event: 'stated',
          arm,
          engineer: `e${index}`,
          outcome: 'answered',
          isDiagnosed,
          elapsedMs: time * minute,
          answers: { cause: [index === 0 ? arm : 'model'] },
        }),
      ])
      return { ...judgeAttempt(attempt!, questions, new Map(), 90 * minute), item: `i${index}` }
    })
  const compare = (all: ReturnType<typeof attempts>) =>
    compareArms(
      { arm: armTimes('tool', all, 10), against: armTimes('logs', all, 10) },
      all,
      'sign-flip',
      seededRandom(1),
    ).paired

  it('are compared on the incidents they share, by log times', () => {
    // Each takes half as long: all five signs agree, 2 of 2^5 flips are as far out.
    const paired = compare([...attempts('tool', [5, 10, 20, 30, 40]), ...attempts('logs', [10, 20, 40, 60, 80])])
    expect(paired).toMatchObject({ incidents: 5, reason: undefined })
    expect(paired.ratio).toBeCloseTo(0.5, 12)
    expect(paired.p).toBeCloseTo(2 / 32, 12)
  })

  it('have no paired test where the tool under pilot has no diagnosis of an incident of both, and none without a pair', () => {
    expect(compare([...attempts('tool', [5], false), ...attempts('logs', [10])])).toMatchObject({
      incidents: 1,
      p: undefined,
      ratio: undefined,
    })
    expect(compare(attempts('tool', [5]))).toMatchObject({
      incidents: 0,
      p: undefined,
      reason: 'No incident was met on both arms.',
    })
  })

  it('have a median, a share under the limit that ends below it, and agreement on the cause', () => {
    const all = [...attempts('tool', [9, 10, 11]), ...attempts('logs', [50, 60, 70])]
    const report = assembleDrillReport({
      attempts: all,
      arms: [
        { platform: 'tool', role: 'candidate' },
        { platform: 'logs', role: 'baseline' },
      ],
      questions: ['cause'],
      limitMinutes: 10,
      test: 'log-rank',
      random: seededRandom(1),
    })
    expect(report.arms.map(({ median, within }) => [median, within])).toEqual([
      [10, { x: 1, n: 3 }],
      [60, { x: 0, n: 3 }],
    ])
    // One engineer met each incident on both arms: whoever answers twice speaks once.
    expect(report.agreement.unanimous).toEqual({ x: 0, n: 0 })
    expect(report.weeks).toEqual([])
  })
})
