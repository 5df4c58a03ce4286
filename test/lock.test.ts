import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseYaml } from '../src/config/load.js'
import { amend, type Lock, lockCriteria, lockState, readLock, saveLock } from '../src/config/lock.js'
import { Config } from '../src/config/schema.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilot-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const monday = Date.UTC(2026, 2, 2, 9)
const tuesday = monday + 86_400_000

function config(
  criteria = ["{ id: trace-coverage, target: '>= 95%', must: true }", "{ id: debug-time, target: '< 10 min' }"],
  rest = '',
) {
  const text = `version: 1
pilot: { name: Support, owner: jane, start: 2026-03-02, end: 2026-03-29, candidates: [{ id: promptlayer }] }
workflow: { name: support-answer, match: { root: support.answer } }
criteria: [${criteria.join(', ')}]
${rest}`
  return parseYaml(text, Config, { label: 'pilot.yaml', hint: '' })
}

const coverage = "{ id: trace-coverage, target: '>= 95%', must: true }"
const debugTime = "{ id: debug-time, target: '< 10 min' }"
const slackened = "{ id: trace-coverage, target: '>= 90%', must: true }"

describe('pilot.lock', () => {
  it('is read back as it was written', () => {
    const lock = lockCriteria(config(), monday)
    saveLock(folder, lock)
    expect(readLock(folder)).toEqual(lock)
    expect(readdirSync(folder)).toEqual(['pilot.lock'])
    expect(statSync(join(folder, 'pilot.lock')).mode & 0o777).toBe(0o644)
  })

  it('is a short text that a reviewer can read', () => {
    const lock = lockCriteria(config(), monday)
    saveLock(folder, lock)
    expect(
      readFileSync(join(folder, 'pilot.lock'), 'utf8'),
    ).toBe(`# Written by pilot lock. Commit it: it shows what was fixed before the data came in.
version: 1
locked_at: 2026-03-02T09:00:00.000Z
hash: ${lock.hash}
terms:
  criteria:
    - id: trace-coverage
      target: ">= 95 %"
      must: true
    - id: debug-time
      target: < 10 min
      must: false
  window:
    start: 2026-03-02
    end: 2026-03-29
  late_after_ms: 300000
  volume:
    min: 500
    max: 2000
  match:
    root: support.answer
  required: {}
amendments: []
`)
  })

  it('is missing until something was locked', () => {
    expect(readLock(folder)).toBeUndefined()
    expect(lockState(config(), undefined)).toEqual({
      state: 'unlocked',
      lockedAtMs: undefined,
      changes: [],
      amendments: [],
    })
  })

  it('has the same hash whatever the order, layout and writing of the same criteria', () => {
    const { hash } = lockCriteria(config([coverage, debugTime]), monday)
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(lockCriteria(config(["{ target: '<600 s', id: debug-time }", coverage]), tuesday).hash).toBe(hash)
    expect(lockCriteria(config([slackened, debugTime]), monday).hash).not.toBe(hash)
  })

  it.each([
    ['the tolerance', 'coverage: { late_after: 10m }'],
    ['the required fields', 'capture: { required: { llm: [model] } }'],
  ])('notices a change of %s', (_, rest) => {
    expect(lockState(config(undefined, rest), lockCriteria(config(), monday)).state).toBe('amended without reason')
  })

  it('says nothing of evals while they are as proposed, or only report', () => {
    const bare = lockCriteria(config(), monday)
    const reporting = `evals: { margin: 0.05, suites: [{ id: answers, checks: [{ check: cites, gate: false }] }] }`
    expect(bare.terms).not.toHaveProperty('evals')
    expect(lockCriteria(config(undefined, reporting), monday).hash).toBe(bare.hash)
  })

  it('holds the time in which a prompt version has to show, unless it is as proposed', () => {
    const bare = lockCriteria(config(), monday)
    expect(bare.terms).not.toHaveProperty('prompts')
    expect(lockCriteria(config(undefined, 'prompts: { within: 15m }'), monday).hash).toBe(bare.hash)
    const slower = config(undefined, 'prompts: { within: 90m }')
    expect(lockState(slower, bare).changes).toEqual([
      { id: 'prompts.within', was: 'as proposed', now: '90m', reason: undefined },
    ])
    expect(lockState(slower, lockCriteria(slower, monday)).state).toBe('locked')
  })

  it('that was edited by hand is refused', () => {
    saveLock(folder, lockCriteria(config(), monday))
    const path = join(folder, 'pilot.lock')
    writeFileSync(path, readFileSync(path, 'utf8').replace('>= 95 %', '>= 90 %'))
    expect(() => readLock(folder)).toThrow(
      'pilot.lock: a hash does not fit the terms below it, so the file was edited by hand.',
    )
  })

  it('with a broken line is refused at that line', () => {
    saveLock(folder, lockCriteria(config(), monday))
    const path = join(folder, 'pilot.lock')
    writeFileSync(path, readFileSync(path, 'utf8').replace('must: true', 'must: perhaps'))
    expect(() => readLock(folder)).toThrow(
      'pilot.lock:9:13: terms.criteria.0.must: expected true or false\n1 problem in pilot.lock.',
    )
  })
})

describe('the evals in pilot.lock', () => {
  const evals = (margin: string, ...checks: string[]) =>
    config(undefined, `evals: { margin: ${margin}, suites: [{ id: answers, checks: [${checks.join(', ')}] }] }`)
  const [cites, long] = ['{ check: cites, min: 2 }', '{ check: max-latency, max: 8s, id: quick }']
  const lock = lockCriteria(evals('5 %', cites, long), monday)
  // SHA-256 of {"check":"cites","settings":{"min":2}} and so on, as sha256sum computes it.
  const hashes = { cites: '2606912832834100', quick: '19a0374f6774dc17', citesOne: '4ed6d8e7a4972a1c' }

  it('are a hash of each gating check, and the margin where it is another than proposed', () => {
    expect(lock.terms.evals).toEqual({ checks: { 'answers/cites': hashes.cites, 'answers/quick': hashes.quick } })
    expect(lockCriteria(evals('2.5 %', cites), monday).terms.evals).toEqual({
      margin: 0.025,
      checks: { 'answers/cites': hashes.cites },
    })
  })

  it('are read back as they were written', () => {
    saveLock(folder, lock)
    expect(readLock(folder)).toEqual(lock)
  })

  it('are the same whatever the order and layout of the checks', () => {
    expect(lockCriteria(evals('0.05', long, '{ min: 2, gate: true, check: cites }'), tuesday).hash).toBe(lock.hash)
  })

  it.each<[string, ReturnType<typeof config>, [string, string | undefined, string | undefined][]]>([
    ['another margin', evals('10 %', cites, long), [['evals.margin', 'as proposed', '10 %']]],
    [
      'other settings',
      evals('5 %', '{ check: cites }', long),
      [['evals.answers/cites', `settings ${hashes.cites}`, `settings ${hashes.citesOne}`]],
    ],
    [
      'a check that holds no release any more',
      evals('5 %', cites, '{ check: max-latency, max: 8s, id: quick, gate: false }'),
      [['evals.answers/quick', `settings ${hashes.quick}`, undefined]],
    ],
    [
      'no suite at all',
      config(),
      [
        ['evals.answers/cites', `settings ${hashes.cites}`, undefined],
        ['evals.answers/quick', `settings ${hashes.quick}`, undefined],
      ],
    ],
  ])('show %s as an amendment without reason', (_, today, changes) => {
    const state = lockState(today, lock)
    expect(state.state).toBe('amended without reason')
    expect(state.changes.map(({ id, was, now }) => [id, was, now])).toEqual(changes)
    expect(state.amendments).toEqual([])
  })

  it('show a suite that came after the lock, with the reason once it is recorded', () => {
    const first = lockCriteria(config(), monday)
    const today = evals('5 %', cites)
    const change = { id: 'evals.answers/cites', was: undefined, now: `settings ${hashes.cites}` }
    expect(lockState(today, first).changes).toEqual([{ ...change, reason: undefined }])
    expect(lockState(today, amend(first, today, 'suites written', tuesday))).toMatchObject({
      state: 'amended',
      changes: [{ ...change, reason: 'suites written' }],
    })
  })
})

describe('the state of the lock', () => {
  const lock = lockCriteria(config(), monday)
  const changed = config([slackened, debugTime])

  it('is locked while the terms are the same', () => {
    expect(lockState(config(), lock)).toEqual({ state: 'locked', lockedAtMs: monday, changes: [], amendments: [] })
  })

  it('is amended without reason after a silent change, which keeps the old target for the old verdict', () => {
    expect(lockState(changed, lock)).toEqual({
      state: 'amended without reason',
      lockedAtMs: monday,
      changes: [{ id: 'criteria.trace-coverage', was: '>= 95 %, must', now: '>= 90 %, must', reason: undefined }],
      amendments: [
        {
          criterion: 'trace-coverage',
          before: { target: { comparison: '>=', value: 0.95 }, must: true },
          reason: undefined,
        },
      ],
    })
  })

  it('is amended once the change has its reason', () => {
    const amended = amend(lock, changed, ' traffic fell ', tuesday)
    expect(amended.amendments.map(({ at, reason }) => ({ at, reason }))).toEqual([
      { at: '2026-03-03T09:00:00.000Z', reason: 'traffic fell' },
    ])
    expect(lockState(changed, amended)).toMatchObject({ state: 'amended', changes: [{ reason: 'traffic fell' }] })
  })

  it('keeps the reason of the first amendment that made a term what it is', () => {
    const added = "{ id: overhead, target: '<= 50 ms' }"
    const twice = amend(
      amend(lock, changed, 'first', tuesday),
      config([slackened, debugTime, added]),
      'second',
      tuesday,
    )
    const { state, changes } = lockState(config([slackened, debugTime, added]), twice)
    expect(state).toBe('amended')
    expect(changes.map(({ id, was, reason }) => ({ id, was, reason }))).toEqual([
      { id: 'criteria.trace-coverage', was: '>= 95 %, must', reason: 'first' },
      { id: 'criteria.overhead', was: undefined, reason: 'second' },
    ])
  })

  it('is amended without reason when a second change follows one that had a reason', () => {
    const amended = amend(lock, changed, 'first', tuesday)
    expect(
      lockState(config(["{ id: trace-coverage, target: '>= 80%', must: true }", debugTime]), amended),
    ).toMatchObject({
      state: 'amended without reason',
      changes: [{ was: '>= 95 %, must', now: '>= 80 %, must', reason: undefined }],
    })
  })

  it('is locked again once everything is as it was', () => {
    expect(lockState(config(), amend(lock, changed, 'first', tuesday)).state).toBe('locked')
  })

  it('shows a criterion that was taken out, and one whose must was dropped', () => {
    const { changes, amendments } = lockState(
      config(["{ id: trace-coverage, target: '>= 95%' }", '{ id: no-leaks, target: 0, must: true }']),
      lock,
    )
    expect(changes.map(({ id, was, now }) => [id, was, now])).toEqual([
      ['criteria.trace-coverage', '>= 95 %, must', '>= 95 %'],
      ['criteria.debug-time', '< 10 min', undefined],
      ['criteria.no-leaks', undefined, '0, must'],
    ])
    expect(amendments.map(({ criterion, before }) => [criterion, before?.must])).toEqual([
      ['trace-coverage', true],
      ['debug-time', false],
      ['no-leaks', undefined],
    ])
  })

  it.each<[string, Lock, ReturnType<typeof config>, string]>([
    ['without a change', lock, config(), 'Nothing changed since the last entry of pilot.lock.'],
    ['with an empty reason', lock, changed, 'An amendment needs a reason.'],
  ])('takes no amendment %s', (_, from, to, message) => {
    expect(() => amend(from, to, message.startsWith('An') ? ' ' : 'why', tuesday)).toThrow(message)
  })
})
