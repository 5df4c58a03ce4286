import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { readRuns } from '../src/store/evals.js'
import { type Answerer, answer, type Received, serve } from './fault-server.js'
import { pilot } from './pilot.js'
import { json, project, stored } from './project.js'
import { cases, outcomesOf, suiteOf } from './suites.js'

const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))

const completion = (content: string) =>
  JSON.stringify({ choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }] })

/** The last message of a request: of an application the input, of a judge the material. */
const askedOf = ({ body }: Received): string => JSON.parse(body).messages.at(-1).content

/** Answers an application with its input, and a judge with a pass, each after some milliseconds. */
const slowly =
  (ms: number): Answerer =>
  (response, one) => {
    const { model } = JSON.parse(one.body)
    const text = model === 'judge' ? '{"verdict":"pass","reason":"good"}' : askedOf(one)
    setTimeout(() => answer(200, completion(text))(response, one), ms)
  }

const numbered = (n: number) =>
  cases(...Array.from({ length: n }, (_, index) => ({ id: `c${index}`, input: `question ${index}.` })))

const suite = (url: URL) =>
  `judges: [{ id: helpful, model: judge, endpoint: "${url}", rubric: It helps. }]\n${suiteOf(
    '{ check: not-empty }, { check: rubric, judge: helpful }',
    'dataset: cases.jsonl',
    `target: { model: m1, endpoint: "${url}", retries: 0 }`,
    'concurrency: 4',
  )}`

/** Questions whose output is kept, and those whose results are, whatever is being written. */
function keptIn(folder: string): { made: string[]; judged: string[] } {
  const path = join(folder, '.pilot', 'pilot.db')
  if (!existsSync(path)) return { made: [], judged: [] }
  const db = new Database(path, { readonly: true })
  const questions = (sql: string) => (db.prepare(sql).pluck().all() as string[]).map((id) => `question ${id.slice(1)}.`)
  try {
    return {
      made: questions('SELECT case_id FROM eval_output'),
      judged: questions('SELECT DISTINCT case_id FROM eval_result'),
    }
  } catch {
    return { made: [], judged: [] } // the store is being made
  } finally {
    db.close()
  }
}

function start(folder: string) {
  const child = spawn(process.execPath, [bin, 'eval', 'run', '--quiet'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<{ code: number | null; err: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, err })),
  )
  return { child, ended }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a run that is killed', () => {
  it.each([1, 9, 20])(
    'after %i of 24 outputs goes on with the same command, and nothing that was kept is asked again',
    async (target) => {
      const { url, received } = await serve(slowly(15))
      const folder = project(numbered(24), suite(url))
      const { child, ended } = start(folder)
      while (child.exitCode === null && keptIn(folder).made.length < target) await pause(2)
      child.kill('SIGKILL')
      expect((await ended).code).toBe(null)
      const kept = keptIn(folder)
      expect(kept.made.length).toBeGreaterThanOrEqual(target)
      expect(kept.judged.length).toBeLessThan(24)
      const before = received.length

      expect(await start(folder).ended).toEqual({ code: 0, err: '' })
      const again = received.slice(before)
      const repeated = (kind: string, questions: string[]) =>
        questions.filter((question) =>
          again.some((one) => JSON.parse(one.body).model === kind && askedOf(one).includes(question)),
        )
      expect(repeated('m1', kept.made)).toEqual([])
      expect(repeated('judge', kept.judged)).toEqual([])

      // What was under way may be asked twice, but then as the same call.
      const keys = new Map<string, Set<unknown>>()
      for (const one of received) {
        const place = JSON.stringify([JSON.parse(one.body).model, askedOf(one)])
        keys.set(place, (keys.get(place) ?? new Set()).add(one.headers['idempotency-key']))
      }
      expect(keys.size).toBe(2 * 24)
      expect([...keys.values()].map(({ size }) => size)).toEqual(Array(48).fill(1))
      expect(received.length - 48).toBeLessThanOrEqual(4)

      const { runs } = await json(folder, 'eval', 'list')
      expect(runs).toEqual([
        expect.objectContaining({ id: 'answers-1', outputs: 24, rate: 1, finishedMs: expect.any(Number) }),
      ])
      expect(Object.keys(outcomesOf(folder))).toHaveLength(48)
      expect(stored(folder, (db) => db.pragma('integrity_check', { simple: true }))).toBe('ok')
    },
  )
})

describe('a run of the same', () => {
  /** Answers what begins with these words with an error. */
  const failing =
    (...words: string[]): Answerer =>
    (response, one) =>
      words.some((word) => askedOf(one) === word)
        ? answer(400, '{"error":"no"}')(response, one)
        : slowly(0)(response, one)

  it('that is whole begins anew, and so does --fresh after one that was cut off', async () => {
    const { url, received } = await serve(slowly(0))
    const folder = project(numbered(2), suite(url))
    await pilot(folder, ['eval', 'run'])
    await pilot(folder, ['eval', 'run'])
    expect(stored(folder, readRuns).map(({ id }) => id)).toEqual(['answers-1', 'answers-2'])
    const db = new Database(join(folder, '.pilot', 'pilot.db'))
    db.prepare("UPDATE eval_run SET finished_ms = NULL WHERE id = 'answers-2'").run()
    db.prepare("DELETE FROM eval_output WHERE run = 'answers-2' AND case_id = 'c1'").run()
    db.prepare("DELETE FROM eval_result WHERE run = 'answers-2' AND case_id = 'c1'").run()
    db.close()
    const { err } = await pilot(folder, ['eval', 'run', '--fresh'])
    expect(err).not.toContain('went on')
    expect(stored(folder, readRuns).map(({ id, finishedMs }) => [id, finishedMs !== undefined])).toEqual([
      ['answers-1', true],
      ['answers-2', false],
      ['answers-3', true],
    ])
    // The application is asked in each run, under another key; the judge, who would see the same, is not.
    const applications = received.filter(({ body }) => JSON.parse(body).model === 'm1')
    expect(applications).toHaveLength(3 * 2)
    expect(new Set(applications.map(({ headers }) => headers['idempotency-key'])).size).toBe(6)
    expect(received.length - applications.length).toBe(2)
  })

  it('does only what failed again with --retry-errors', async () => {
    let answers = failing('question 1.', 'question 3.')
    const { url, received } = await serve((response, one) => answers(response, one))
    const folder = project(numbered(4), suite(url))
    expect((await pilot(folder, ['eval', 'run'])).code).toBe(0)
    expect(Object.entries(outcomesOf(folder)).filter(([, outcome]) => outcome === 'error')).toHaveLength(4)
    answers = failing('question 3.')
    const before = received.length
    const { code, err } = await pilot(folder, ['eval', 'run', '--retry-errors'])
    expect(code).toBe(0)
    expect(err).toContain('answers-1: went on after 2 outputs that were there.\n')
    expect(
      received
        .slice(before)
        .filter(({ body }) => JSON.parse(body).model === 'm1')
        .map(askedOf),
    ).toEqual(['question 1.', 'question 3.'])
    expect(
      Object.entries(outcomesOf(folder))
        .filter(([, outcome]) => outcome === 'error')
        .map(([place]) => place),
    ).toEqual(['c3 not-empty', 'c3 rubric'])
    expect(stored(folder, readRuns)).toEqual([
      expect.objectContaining({ id: 'answers-1', finishedMs: expect.any(Number) }),
    ])
  })

  it.each([
    ['cases', 'cases.jsonl', 'question 2', 'question x'],
    ['settings', 'pilot.yaml', 'retries: 0 }', 'retries: 0, settings: { temperature: 1 } }'],
    ['checks', 'pilot.yaml', 'check: not-empty', 'check: contains, value: question'],
    ['rubric', 'pilot.yaml', 'It helps.', 'It does not help.'],
  ])('but for its %s is another run', async (_, file, from, to) => {
    const { url } = await serve(slowly(0))
    const folder = project(numbered(3), suite(url))
    await pilot(folder, ['eval', 'run'])
    const path = join(folder, file)
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
    const { err } = await pilot(folder, ['eval', 'run', '--retry-errors'])
    expect(err).not.toContain('went on')
    expect(stored(folder, readRuns).map(({ id }) => id)).toEqual(['answers-1', 'answers-2'])
  })
})
