import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { PilotError } from '../src/core/errors.js'
import { type ImportedRow, judgeImported } from '../src/core/eval/imported.js'
import { countOutcomes, passRate } from '../src/core/eval/result.js'
import { nextRunId } from '../src/core/eval/run.js'
import type { Json } from '../src/core/span.js'
import { passHatK } from '../src/core/stats/repeats.js'
import { recordOfTable } from '../src/formats/evals/cells.js'
import { detectEvalFormat, evalFormats } from '../src/formats/evals/index.js'
import { isRow } from '../src/formats/row.js'
import { hashOf } from '../src/jobs/eval/hash.js'
import { type ImportFile, importRun } from '../src/jobs/eval/import-run.js'
import { importScores } from '../src/jobs/eval/import-scores.js'
import { readRunCases, readRunOutputs, readRunResults, readRuns, saveRun } from '../src/store/evals.js'
import { openStore, type Store } from '../src/store/open.js'
import { pilot, temporaryFolder } from './pilot.js'
import { jsonLines, project, span } from './project.js'

const fixtures = new URL('../fixtures/evals/', import.meta.url)
const shared = new URL('../../shared/', import.meta.url)
const sample = fileURLToPath(new URL('samples/promptfoo/sample-export.json', shared))
const airline = fileURLToPath(new URL('labelled/tau-bench/gpt-4o-airline.json', shared))

const text = (name: string) => readFileSync(new URL(name, fixtures), 'utf8')
const fileOf = (format: string) =>
  ['json', 'jsonl'].map((end) => `${format}.${end}`).find((name) => existsSync(new URL(name, fixtures)))
/** Without undefined fields, as the store writes it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** The records of a fixture: a document, a list, or lines. */
function recordsOf(name: string): Json[] {
  if (name.endsWith('.jsonl'))
    return text(name)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  const document = JSON.parse(text(name)) as Json
  return Array.isArray(document) ? document : [document]
}

/** A store that is gone with the test. */
function newStore(): Store {
  const db = openStore(`${temporaryFolder()}/pilot.db`, 'write')
  onTestFinished(() => {
    db.close()
  })
  return db
}

/** Imports a file by path, or this text as standard input. */
function importing(db: Store, source: { path: string } | string, more: Partial<ImportFile> = {}) {
  const isText = typeof source === 'string'
  return importRun(db, {
    path: isText ? '-' : source.path,
    format: undefined,
    suite: undefined,
    passFrom: 1,
    world: { stdin: Readable.from(isText ? [Buffer.from(source)] : []), cwd: dirname(fileURLToPath(fixtures)) },
    nowMs: 1_772_445_600_000,
    applyText: (given) => given,
    ...more,
  })
}

const results = (db: Store, run: string) =>
  readRunResults(db, run).map(({ caseId, repeat, check, outcome, score }) => [caseId, repeat, check, outcome, score])

describe('every eval format', () => {
  test.each(evalFormats.map(({ name }) => name))(
    '%s reads its fixture as expected, and no other format takes its records',
    (name) => {
      const format = evalFormats.find((each) => each.name === name)!
      const records = recordsOf(fileOf(name) ?? `${name}.jsonl`).filter(isRow)
      const isReport = (record: object) => 'final_report' in record
      expect(records.filter((record) => !isReport(record)).map((record) => detectEvalFormat(record)?.name)).toEqual(
        records.filter((record) => !isReport(record)).map(() => name),
      )
      const read = records
        .flatMap((record) => format.rows(record))
        .filter(isRow)
        .map((row) => format.read(row))
      expect(plain(read.filter((row) => row !== undefined))).toEqual(JSON.parse(text(`${name}.expected.json`)))
    },
  )

  test.each(evalFormats)('$name survives any value in any place of its records', (format) => {
    const records = recordsOf(fileOf(format.name)!).filter(isRow)
    const strange = fc.constantFrom<Json>(
      null,
      true,
      -1,
      1e300,
      '',
      'x',
      [],
      {},
      [[[]]],
      { __proto__: 1 },
      [{ key: 1 }],
      'NaN',
    )
    const places = records.flatMap((record, index) => pathsOf(record).map((path) => ({ index, path })))
    fc.assert(
      fc.property(fc.constantFrom(...places), strange, ({ index, path }, value) => {
        const record = replaced(records[index]!, path, value)
        if (!isRow(record)) return
        detectEvalFormat(record)
        for (const row of format.rows(record).filter(isRow)) {
          const read = format.read(row)
          if (typeof read === 'object') expect(unsound(read)).toEqual([])
        }
      }),
      { numRuns: 600, seed: 7 },
    )
  })

  test.each(evalFormats)('$name is told by content, and all of its fixture becomes results', async ({ name }) => {
    const db = newStore()
    const expected = JSON.parse(text(`${name}.expected.json`)) as ImportedRow[]
    const {
      runs,
      results: count,
      problems,
    } = await importing(db, { path: fileURLToPath(new URL(fileOf(name)!, fixtures)) })
    expect(runs.map(({ importedFrom }) => importedFrom)).toEqual(runs.map(() => name))
    const withValue = expected.flatMap(({ checks }) => checks.filter(({ mayBeNone }) => mayBeNone !== true))
    // In the fixture of ragas another row has the value that one lacks.
    expect(count).toBe(withValue.length + (name === 'ragas' ? 1 : 0))
    expect(runs.flatMap(({ id }) => readRunResults(db, id))).toHaveLength(count)
    expect(problems.map(({ message }) => message)).toEqual(
      {
        'openai-evals': ['f1 has no value in any row: it is no check'],
        langsmith: ['note has no value in any row: it is no check'],
      }[name] ?? [],
    )
  })
})

/** What is of the wrong type. */
function unsound({ caseId, repeat, target, checks, tags }: ImportedRow): unknown[] {
  const isText = (value: unknown) => value === undefined || (typeof value === 'string' && value !== '')
  const isNumber = (value: unknown) => value === undefined || (typeof value === 'number' && Number.isFinite(value))
  return [
    ...[caseId, target, ...(tags ?? [])].filter((value) => !isText(value)),
    ...(isNumber(repeat) ? [] : [repeat]),
    ...checks.filter(
      ({ check, reason, score, threshold }) =>
        !isText(check) || !isText(reason) || !isNumber(score) || !isNumber(threshold),
    ),
  ]
}

function pathsOf(value: Json, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))]
}

function replaced(value: Json, path: string[], by: Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return by
  if (Array.isArray(value))
    return value.map((child, index) => (String(index) === key ? replaced(child, rest, by) : child))
  const object = value as { [key: string]: Json }
  return { ...object, [key]: replaced(object[key]!, rest, by) }
}

describe('a score without a verdict', () => {
  test('passes from its own threshold on, else from what the caller says, exactly at the limit too', () => {
    const outcome = (score: number, threshold?: number) => judgeImported({ check: 'a', score, threshold }, 0.8).outcome
    expect([outcome(0.5, 0.5), outcome(0.49, 0.5), outcome(0.8), outcome(0.79)]).toEqual([
      'pass',
      'fail',
      'pass',
      'fail',
    ])
  })

  test('that is missing is an error, and a verdict stands whatever the score', () => {
    expect(judgeImported({ check: 'a' }, 0)).toEqual({ outcome: 'error', reason: 'no score' })
    expect(judgeImported({ check: 'a', outcome: 'fail', score: 1 }, 0)).toEqual({
      outcome: 'fail',
      score: 1,
      reason: 'the runner says fail, score 1',
    })
  })
})

test('the id of the next run counts the runs of its suite, and goes past one that is taken', () => {
  expect(nextRunId([], 'a')).toBe('a-1')
  expect(
    nextRunId(
      [
        { id: 'a-1', suite: 'a' },
        { id: 'b-1', suite: 'b' },
      ],
      'a',
    ),
  ).toBe('a-2')
  expect(nextRunId([{ id: 'a-2', suite: 'a' }], 'a')).toBe('a-3')
})

describe('an import', () => {
  const table =
    'case,run,metric,passed,score,version,tags\nb,0,exact,yes,,v1,"x;y"\na,0,exact,no,,v1,\na,1,exact,1,,v1,\na,0,overlap,,0.5,v1,\n'

  test('of CSV becomes a run whose repeats count from 1', async () => {
    const db = newStore()
    const { runs, results: count, problems } = await importing(db, table, { suite: 'nightly' })
    expect(problems).toEqual([])
    expect(count).toBe(4)
    expect(runs).toEqual([
      {
        id: 'nightly-1',
        suite: 'nightly',
        startedMs: 1_772_445_600_000,
        finishedMs: 1_772_445_600_000,
        target: 'v1',
        targetHash: hashOf({ importedFrom: 'rows', target: 'v1' }),
        casesHash: hashOf([
          ['a', hashOf([null, null])],
          ['b', hashOf([null, null])],
        ]),
        cases: 2,
        repeats: 2,
        checks: [
          { id: 'exact', hash: hashOf({ importedFrom: 'rows', check: 'exact' }), gate: true },
          { id: 'overlap', hash: hashOf({ importedFrom: 'rows', check: 'overlap', passFrom: 1 }), gate: true },
        ],
        importedFrom: 'rows',
        notes: ['a score without a verdict passes from 1 on'],
      },
    ])
    expect(readRuns(db)).toEqual(runs)
    expect(results(db, 'nightly-1')).toEqual([
      ['a', 1, 'exact', 'fail', undefined],
      ['a', 1, 'overlap', 'fail', 0.5],
      ['a', 2, 'exact', 'pass', undefined],
      ['b', 1, 'exact', 'pass', undefined],
    ])
    expect(readRunCases(db, 'nightly-1').map(({ id, tags }) => [id, tags])).toEqual([
      ['a', []],
      ['b', ['x', 'y']],
    ])
  })

  test('of the same file twice adds nothing and says so; under another suite it is another run', async () => {
    const db = newStore()
    const first = await importing(db, table)
    const again = await importing(db, table)
    expect(again).toEqual({
      ...first,
      runs: [{ ...first.runs[0]!, notes: [...first.runs[0]!.notes, 'already there'] }],
    })
    expect(readRuns(db)).toEqual(first.runs)
    expect((await importing(db, table, { suite: 'other' })).runs.map(({ id }) => id)).toEqual(['other-1'])
  })

  test('with one other result, or another limit for passing, is a new run', async () => {
    const db = newStore()
    await importing(db, table)
    const changed = await importing(db, table.replace('a,1,exact,1', 'a,1,exact,0'))
    const limit = await importing(db, table, { passFrom: 0.5 })
    expect([changed.runs[0]!.id, limit.runs[0]!.id]).toEqual(['rows-2', 'rows-3'])
    expect(results(db, 'rows-3')[1]).toEqual(['a', 1, 'overlap', 'pass', 0.5])
    expect(limit.runs[0]!.checks[1]!.hash).not.toBe(changed.runs[0]!.checks[1]!.hash)
    expect(changed.runs[0]!.casesHash).toBe(limit.runs[0]!.casesHash)
  })

  test('of rows without a repeat counts the second result of a case as its second repeat', async () => {
    const db = newStore()
    await importing(
      db,
      jsonLines([
        { case: 'a', pass: true },
        { case: 'a', check: 'b', pass: true },
        { case: 'a', pass: false },
      ]),
    )
    expect(results(db, 'rows-1').map((row) => row.slice(0, 4))).toEqual([
      ['a', 1, 'b', 'pass'],
      ['a', 1, 'score', 'pass'],
      ['a', 2, 'score', 'fail'],
    ])
  })

  test('tells what it cannot use by line, and the run says how much that was', async () => {
    const db = newStore()
    const { problems, runs } = await importing(
      db,
      jsonLines([
        { case: 'a', run: 1, pass: true, input: 'x' },
        { case: 'a', run: 1, pass: false },
        { case: 'a', run: 2, pass: true, input: 'y' },
        { case: 'b', pass: 'perhaps' },
        { case: 'b', run: 'second', pass: true },
        { case: 'b', score: 'high' },
        { pass: true },
        7,
      ]),
    )
    expect(problems).toEqual([
      { line: 2, message: 'a second result of check score for case a at repeat 1: left out' },
      { line: 3, message: 'case a has other inputs or another reference here than before: left out' },
      { line: 4, message: 'pass is none of true, false, 1, 0, yes, no, pass, fail, error' },
      { line: 5, message: 'the run is no whole number: a name of a run goes into the column version' },
      { line: 6, message: 'the score is no number' },
      { line: 7, message: 'no case: expected a column case, id or item' },
      { line: 8, message: 'expected an object with columns' },
    ])
    expect(runs[0]!.notes).toEqual(["7 of the file's entries could not be used"])
    expect(results(db, 'rows-1')).toEqual([['a', 1, 'score', 'pass', undefined]])
  })

  test('leaves out a repeat that cannot be counted, whichever runner states it', async () => {
    const db = newStore()
    const trial = (number: number) => ({ task_id: 1, trial: number, reward: 1, info: {} })
    const { problems } = await importing(db, jsonLines([trial(0), trial(0.5), trial(-2), trial(1e300)]))
    const message = 'case 1 is at a repeat that is no whole number from 0 on: left out'
    expect(problems).toEqual([2, 3, 4].map((line) => ({ line, message })))
    expect(results(db, 'tau-bench-1')).toEqual([['1', 1, 'reward', 'pass', 1]])
  })

  test('of a metric that failed keeps the failure in the denominator', async () => {
    const db = newStore()
    const { runs } = await importing(db, { path: fileURLToPath(new URL('ragas.jsonl', fixtures)) }, { passFrom: 0.5 })
    const rate = (check: string) =>
      passRate(countOutcomes(readRunResults(db, runs[0]!.id).filter((result) => result.check === check)))
    expect(rate('faithfulness')).toMatchObject({ passed: 2, n: 4, worst: 2 / 4, best: 4 / 4 })
    expect(rate('politeness')).toMatchObject({ passed: 1, n: 2 })
  })

  test('of a table in which a metric has no value in a cell is an error there', async () => {
    const db = newStore()
    await importing(db, ',user_input,response,faithfulness,tone\n0,q1,a1,1.0,0.5\n1,q2,a2,,\n')
    expect(
      results(db, 'ragas-1')
        .map(([, , check, outcome]) => `${check} ${outcome}`)
        .sort(),
    ).toEqual(['faithfulness error', 'faithfulness pass', 'tone error', 'tone fail'])
    expect(recordOfTable({ a: '', b: '[1]', c: '1', d: '[x' })).toEqual({ a: null, b: [1], c: '1', d: '[x' })
  })

  test('writes no text that the privacy policy has not seen', async () => {
    const db = newStore()
    const secret = 'k-123'
    const reason = `${'long '.repeat(199)}${secret} and more`
    const row = {
      case: 'a',
      pass: false,
      reason,
      tags: [secret],
      cluster: secret,
      version: secret,
      output: { [secret]: [secret, 1] },
      error: secret,
    }
    await importing(db, jsonLines([row]), { applyText: (given) => given.replaceAll(secret, '[key]') })
    const written = ['eval_run', 'eval_case', 'eval_output', 'eval_result'].flatMap((name) =>
      db.prepare(`SELECT * FROM ${name}`).all(),
    )
    expect(JSON.stringify(written)).not.toContain(secret)
    expect(readRunOutputs(db, 'rows-1')).toEqual([['a', 1, { value: { '[key]': ['[key]', 1] }, failure: '[key]' }]])
    // 199 times five letters, and what is left up to a thousand.
    expect(readRunResults(db, 'rows-1')[0]!.reason).toBe(`${'long '.repeat(199)}[key…`)
  })

  test('that fails on the way leaves nothing behind', async () => {
    const db = newStore()
    let calls = 0
    const applyText = (given: string) => {
      calls += 1
      if (calls === 3) throw new Error('the detector broke')
      return given
    }
    const lines = jsonLines(['a', 'b', 'c', 'd'].map((id) => ({ case: id, pass: true })))
    await expect(importing(db, lines, { applyText })).rejects.toThrow('the detector broke')
    for (const name of ['eval_run', 'eval_case', 'eval_output', 'eval_result'])
      expect(db.prepare(`SELECT count(*) FROM ${name}`).pluck().get()).toBe(0)
    expect((await importing(db, lines)).runs).toHaveLength(1)
  })

  test('of a file without a usable row exits 3 and names what was seen and the formats', async () => {
    const error = async (source: string, format?: string) => {
      const failed: unknown = await importing(newStore(), source, { format }).catch((thrown: unknown) => thrown)
      return failed instanceof PilotError ? [failed.message, failed.exitCode] : failed
    }
    expect(await error('{"trace_id":"1","name":"x"}\n')).toEqual([
      '- holds no eval result: no eval result that is known has the keys trace_id, name.',
      3,
    ])
    expect(await error('{"evalId":"e","results":{"results":[]}}\n', 'promptfoo')).toEqual([
      '- holds no usable result of promptfoo: no row tells of one.',
      3,
    ])
    expect(await error('{"a":1}\n', 'junit')).toEqual(['The eval format "junit" is not known.', 2])
    const hint: unknown = await importing(newStore(), '[]').catch((thrown: unknown) => thrown)
    expect(hint instanceof PilotError ? hint.hint : hint).toBe(
      'Formats: promptfoo, deepeval, inspect, openai-evals, tau-bench, langsmith, braintrust, ragas, rows; rows takes a table with the columns case and pass or score.',
    )
  })

  test('of a document that is too large to hold reads it row by row', async () => {
    const db = newStore()
    const padding = 'x'.repeat(100_000)
    const tests = Array.from({ length: 170 }, (_, index) => ({
      promptIdx: 0,
      testIdx: index,
      provider: 'p',
      success: index % 2 === 0,
      score: 1,
      response: { output: padding },
      testCase: { vars: { index } },
    }))
    const {
      runs,
      results: count,
      problems,
    } = await importing(db, JSON.stringify({ evalId: 'e', results: { version: 4, results: tests } }))
    expect([runs[0]!.cases, runs[0]!.repeats, count, problems]).toEqual([170, 1, 170, []])
    const inspected = {
      eval: { model: 'm' },
      samples: tests.map(({ testIdx }) => ({
        id: testIdx,
        epoch: 1,
        input: padding,
        target: '',
        scores: { match: { value: 'C' } },
      })),
    }
    expect((await importing(db, JSON.stringify(inspected))).runs[0]).toMatchObject({ target: 'm', cases: 170 })
  })
})

describe('real results', () => {
  test.skipIf(!existsSync(sample))('of promptfoo: a run per provider, with the failures of its table', async () => {
    const db = newStore()
    const { runs, results: count, problems } = await importing(db, { path: sample })
    const document = JSON.parse(readFileSync(sample, 'utf8'))
    const table = document.results.prompts as { provider: string; metrics: Record<string, number> }[]
    expect(problems).toEqual([])
    expect(runs.map(({ target }) => target.split(',')[0]).sort()).toEqual(table.map(({ provider }) => provider))
    for (const { provider, metrics } of table) {
      const run = runs.find(({ target }) => target.startsWith(`${provider},`))!
      const found = readRunResults(db, run.id)
      const whole = countOutcomes(found.filter(({ check }) => check === 'promptfoo'))
      const parts = countOutcomes(found.filter(({ check }) => check !== 'promptfoo'))
      expect([whole.pass, whole.fail, whole.error]).toEqual([
        metrics.testPassCount,
        metrics.testFailCount,
        metrics.testErrorCount,
      ])
      expect([parts.pass, parts.fail]).toEqual([metrics.assertPassCount, metrics.assertFailCount])
      expect(readRunOutputs(db, run.id).reduce((sum, [, , { costUsd }]) => sum + (costUsd ?? 0), 0)).toBeCloseTo(
        metrics.cost!,
        10,
      )
    }
    expect(new Set(runs.map(({ casesHash }) => casesHash)).size).toBe(1)
    // Four whole tests, and the fourteen assertions that the table counts.
    expect(count).toBe(4 + 14)
    expect((await importing(db, { path: sample })).runs.map(({ notes }) => notes)).toEqual([
      ['already there'],
      ['already there'],
    ])
  })

  test.skipIf(!existsSync(airline))('of tau-bench: 50 tasks by 4 trials with the published pass^k', async () => {
    const db = newStore()
    const { runs, results: count, problems } = await importing(db, { path: airline })
    expect([runs[0]!.cases, runs[0]!.repeats, count, problems]).toEqual([50, 4, 200, []])
    const found = readRunResults(db, runs[0]!.id)
    const passed = readRunCases(db, runs[0]!.id).map(
      ({ id }) => found.filter(({ caseId, outcome }) => caseId === id && outcome === 'pass').length,
    )
    const published = [1, 2, 3, 4].map(
      (k) => passed.reduce((sum, each) => sum + passHatK(4, each, k)!, 0) / passed.length,
    )
    expect(published.map((share) => share.toFixed(3))).toEqual(['0.420', '0.273', '0.220', '0.200'])
    const outputs = readRunOutputs(db, runs[0]!.id)
    expect(outputs.reduce((sum, [, , { costUsd }]) => sum + (costUsd ?? 0), 0)).toBeCloseTo(0.50315, 5)
    const errors = outputs.map(([caseId, repeat, { tools }]) => ({
      caseId,
      repeat,
      n: tools!.filter(({ isError }) => isError).length,
    }))
    const withErrors = errors.filter(({ n }) => n > 0)
    const failed = withErrors.filter(({ caseId, repeat }) =>
      found.some((result) => result.caseId === caseId && result.repeat === repeat && result.outcome === 'fail'),
    )
    expect([errors.reduce((sum, { n }) => sum + n, 0), withErrors.length, failed.length]).toEqual([73, 36, 27])
  })
})

describe('the scores of a platform', () => {
  test('become a run: a case per request or trace, the last score of a name, words for pass and fail as verdicts', async () => {
    const at = (second: number) => `2026-03-02T10:00:0${second}Z`
    const cwd = project({
      'traces.jsonl': jsonLines([
        span('1'.repeat(32), '1'.repeat(16), { request: { id: 'req-1' }, request_id: 'req-1' }),
        span('2'.repeat(32), '2'.repeat(16)),
      ]),
      'scores.jsonl': jsonLines([
        { trace_id: '1'.repeat(32), name: 'tone', value: 0.4, time: at(1) },
        { trace_id: '1'.repeat(32), name: 'tone', value: 0.9, time: at(2), comment: 'better' },
        { trace_id: '2'.repeat(32), name: 'tone', label: 'fail', time: at(1) },
        { trace_id: '2'.repeat(32), name: 'kind', label: 'formal', time: at(1) },
        { trace_id: '3'.repeat(32), name: 'tone', value: 0.1, time: at(1) },
      ]),
    })
    expect((await pilot(cwd, ['ingest', 'traces.jsonl'])).code).toBe(0)
    expect((await pilot(cwd, ['ingest', 'scores.jsonl', '--as', 'scores'])).code).toBe(0)
    const db = openStore(`${cwd}/.pilot/pilot.db`, 'write')
    onTestFinished(() => {
      db.close()
    })
    const options = { platform: 'lantern', suite: undefined, passFrom: 0.5, nowMs: 1 }
    const { runs, results: count } = importScores(db, options)
    expect([runs.map(({ id, cases, repeats }) => [id, cases, repeats]), count]).toEqual([[['lantern-1', 3, 1]], 4])
    expect(results(db, 'lantern-1')).toEqual([
      ['2'.repeat(32), 1, 'kind', 'unscored', undefined],
      ['2'.repeat(32), 1, 'tone', 'fail', undefined],
      ['3'.repeat(32), 1, 'tone', 'fail', 0.1],
      ['req-1', 1, 'tone', 'pass', 0.9],
    ])
    expect(readRunCases(db, 'lantern-1').find(({ id }) => id === 'req-1')!.trace).toEqual({
      platform: 'lantern',
      traceId: '1'.repeat(32),
    })
    expect(importScores(db, options).runs[0]!.notes).toContain('already there')
    expect(() => importScores(db, { ...options, platform: 'other' })).toThrow(
      'No score of a trace of other is in the store.',
    )
  })
})

test('runs that were there before keep what they hold', async () => {
  const db = newStore()
  const first = (await importing(db, jsonLines([{ case: 'a', pass: true }]))).runs[0]!
  saveRun(db, { ...first, notes: ['kept'] })
  await importing(db, jsonLines([{ case: 'a', pass: false }]))
  expect(readRuns(db).map(({ id, notes }) => [id, notes])).toEqual([
    ['rows-1', ['kept']],
    ['rows-2', []],
  ])
  expect(results(db, 'rows-1')).toEqual([['a', 1, 'score', 'pass', undefined]])
})
