import { describe, expect, it } from 'vitest'
import { readScoreRow, scoreColumns } from '../src/formats/scores.js'
import { readFeedback, readScores } from '../src/store/judgements.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

const at = Date.UTC(2026, 2, 2, 10)
const time = (minutes: number) => new Date(at + minutes * 60_000).toISOString()
const scoresIn = (cwd: string) => stored(cwd, (db) => readScores(db, 'lantern'))
const feedbackIn = (cwd: string, platform = 'lantern') => stored(cwd, (db) => readFeedback(db, platform))
const ingest = (cwd: string, ...files: string[]) => json(cwd, 'ingest', '--as', 'scores', ...files)

/** Every order of a list. */
function orders<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap((first, index) => orders(list.toSpliced(index, 1)).map((rest) => [first, ...rest]))
}

describe('a file of scores', () => {
  it('is read as JSON lines and joins its trace', async () => {
    const rows = [
      {
        ...{ id: 's1', name: 'correct', value: 0.5, comment: 'Half.', source: 'LLM', trace_id: 't1', span_id: 'a' },
        ...{ time: time(0) },
      },
      { name: 'tone', label: 'polite', trace_id: 't1' },
    ]
    const cwd = project({ 'traces.jsonl': jsonLines([span('t1', 'a')]), log: jsonLines(rows) })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    const { files, totals } = await ingest(cwd, 'log')
    expect([files[0].platform, files[0].problems, totals.scores, totals.feedback]).toEqual(['lantern', [], 2, 0])
    expect(scoresIn(cwd)).toEqual([
      { name: 'tone', label: 'polite', traceId: 't1' },
      {
        ...{ id: 's1', name: 'correct', value: 0.5, comment: 'Half.', source: 'model', traceId: 't1', spanId: 'a' },
        timeMs: at,
      },
    ])
    const { total, sources } = await json(cwd, 'data')
    expect([total.scores, sources[1].scores, sources[1].kind]).toEqual([2, 2, 'scores'])
    expect((await pilot(cwd, ['trace', 't1'])).out).toContain('correct 0.5 (model): Half.')
  })

  it('is read as CSV under usual names', async () => {
    const csv =
      'traceId,observationId,name,value,stringValue,timestamp\nT-1,AB,tone,,polite,2026-03-02T10:00:00Z\nt2,,ok,true,,\n'
    const cwd = project({ 'log.csv': csv })
    await ingest(cwd, 'log.csv')
    expect(scoresIn(cwd)).toEqual([
      { name: 'ok', value: 1, traceId: 't2' },
      { name: 'tone', label: 'polite', traceId: 'T-1', spanId: 'ab', timeMs: at },
    ])
  })

  it('has its columns mapped in pilot.yaml', async () => {
    const more = 'inputs:\n  scores:\n    columns: { name: rubric, value: points, trace_id: run.id }\n'
    const cwd = project({ log: jsonLines([{ rubric: 'tone', points: '3.5', run: { id: 't1' }, name: 'no' }]) }, more)
    await ingest(cwd, 'log')
    expect(scoresIn(cwd)).toEqual([{ name: 'tone', value: 3.5, traceId: 't1' }])
  })

  it('of users is feedback, and says so in pilot trace', async () => {
    const rows = [
      { id: 'f1', name: 'feedback', value: 0, source: 'user', trace_id: 't1', time: time(0) },
      { name: 'stars', value: 4, source: 'USER', trace_id: 't1', comment: 'Fine.', time: time(1) },
    ]
    const cwd = project({ 'traces.jsonl': jsonLines([span('t1', 'a')]), log: jsonLines(rows) })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    const { totals } = await ingest(cwd, 'log')
    expect([totals.scores, totals.feedback]).toEqual([0, 2])
    expect(feedbackIn(cwd)).toEqual([
      { id: 'f1', kind: 'thumbs', name: 'feedback', value: -1, source: 'user', traceId: 't1', timeMs: at },
      { kind: 'rating', name: 'stars', value: 4, source: 'user', traceId: 't1', comment: 'Fine.', timeMs: at + 60_000 },
    ])
    expect((await ingest(cwd, 'log')).totals.feedback).toBe(0)
    expect((await pilot(cwd, ['trace', 't1'])).out).toMatch(/thumbs -1 \(user\)\n.*rating stars 4 \(user\): Fine\./)
  })

  it('with bad rows names each, and keeps the others', async () => {
    const good = { name: 'tone', value: 1, trace_id: 't1' }
    const rows = [
      { ...good, name: undefined },
      { ...good, trace_id: '' },
      { ...good, value: null },
      { ...good, value: 'NaN' },
      { ...good, source: 'oracle' },
      { ...good, time: 'soon' },
      good,
    ]
    const cwd = project({ log: jsonLines(rows) })
    const { files } = await ingest(cwd, 'log')
    expect(files[0].problems.map(({ message }: { message: string }) => message)).toEqual([
      'no name: expected a column name, score_name, key …',
      'no trace_id: expected a column trace_id, traceId, trace …',
      'no value, label or comment: expected a column value …',
      'no value, label or comment: expected a column value …',
      'the source is none of user, human, annotator, annotation, model, llm, judge, code, api, eval',
      'the time is neither ISO 8601 nor an epoch number',
    ])
    expect(files[0].scores).toBe(1)
  })

  it('without a usable row is refused', async () => {
    const cwd = project({ 'log.csv': 'a,b\n1,2\n' })
    expect(await pilot(cwd, ['ingest', '-q', '--as', 'scores', 'log.csv'])).toEqual({
      code: 3,
      out: '',
      err: `problem log.csv:2: no name: expected a column name, score_name, key …
error log.csv holds no usable row: no name: expected a column name, score_name, key ….
Map its columns in pilot.yaml under inputs.scores.columns.
`,
    })
  })

  it('belongs to a platform, which has to be named where there are several', async () => {
    const candidates = '[{ id: lantern }, { id: torch }]'
    const cwd = project({ log: jsonLines([{ name: 'tone', value: 1, trace_id: 't1' }]) }, '', candidates)
    expect(await pilot(cwd, ['ingest', '--as', 'scores', 'log'])).toMatchObject({
      code: 2,
      err: 'error Several candidates are under pilot.\nSay whose export it is: --platform lantern | torch.\n',
    })
    await ingest(cwd, 'log', '--platform', 'torch')
    expect([scoresIn(cwd), stored(cwd, (db) => readScores(db, 'torch')).length]).toEqual([[], 1])
  })
})

describe('the same score again', () => {
  const row = { id: 's1', name: 'tone', trace_id: 't1' }

  it('by its id: the latest stands as a whole, in whatever order and in how many files they come', async () => {
    const rows = [
      { ...row, value: 1, comment: 'First.', time: time(0) },
      { ...row, value: 2, time: time(5) },
      { ...row, value: 3, label: 'undated' },
    ]
    for (const lines of orders(rows)) {
      const cwd = project({ one: jsonLines(lines.slice(0, 2)), two: jsonLines(lines.slice(2)) })
      const { totals } = await ingest(cwd, 'one', 'two')
      expect(totals.scores).toBe(1)
      expect(scoresIn(cwd)).toEqual([{ id: 's1', name: 'tone', value: 2, traceId: 't1', timeMs: at + 5 * 60_000 }])
      expect((await ingest(cwd, 'two', 'one')).totals.scores).toBe(0)
      expect(scoresIn(cwd)).toMatchObject([{ value: 2 }])
    }
  })

  it('by its id and of the same time: which one stands does not depend on the order', async () => {
    const rows = ['a', 'b', 'c'].map((comment) => ({ ...row, value: 1, comment, time: time(0) }))
    const found = new Set<string | undefined>()
    for (const lines of orders(rows)) {
      const cwd = project({ log: jsonLines(lines) })
      await ingest(cwd, 'log')
      found.add(scoresIn(cwd)[0]?.comment)
    }
    expect(found).toEqual(new Set(['c']))
  })

  it('without an id is known by its content, and differs by its source', async () => {
    const rows = [
      { ...row, id: undefined, value: 1 },
      { ...row, id: undefined, value: 1 },
      { ...row, id: undefined, value: 1, source: 'human' },
    ]
    const cwd = project({ log: jsonLines(rows) })
    expect((await ingest(cwd, 'log')).totals.scores).toBe(2)
    expect((await ingest(cwd, 'log')).totals.scores).toBe(0)
  })

  it('rides in a trace too, by its id', async () => {
    const scores = (value: number, minutes: number) => [{ id: 's1', name: 'tone', value, time: time(minutes) }]
    const late = jsonLines([span('t1', 'a', { scores: scores(2, 5) })])
    const early = jsonLines([span('t1', 'a', { scores: scores(1, 0) })])
    const cwd = project({ late, early })
    await pilot(cwd, ['ingest', 'late', 'early'])
    expect(scoresIn(cwd)).toMatchObject([{ id: 's1', value: 2 }])
  })
})

describe('the same feedback again', () => {
  it('by its id: the latest stands as a whole, in whatever order they come', async () => {
    const row = { id: 'f1', kind: 'thumbs', trace_id: 't1' }
    const rows = [
      { ...row, value: 'up', comment: 'Good.', time: time(0) },
      { ...row, value: 'down', time: time(5) },
      { ...row, value: 'down', time: time(5), comment: 'Wrong.' },
    ]
    for (const lines of orders(rows)) {
      const cwd = project({ log: jsonLines(lines) })
      expect((await json(cwd, 'ingest', '--as', 'feedback', 'log')).totals.feedback).toBe(1)
      expect(feedbackIn(cwd, '')).toEqual([
        { id: 'f1', kind: 'thumbs', value: -1, comment: 'Wrong.', traceId: 't1', timeMs: at + 5 * 60_000 },
      ])
    }
  })

  it('says who gave it, where a log or a span does in words that are known', async () => {
    const row = { kind: 'rating', value: 4, trace_id: 't1' }
    const cwd = project({
      log: jsonLines([
        { ...row, source: 'annotator' },
        { ...row, source: 'User' },
        { ...row, source: 'slack' },
      ]),
      traces: jsonLines([span('t1', 'a', { feedback: [{ kind: 'thumbs', value: 1, source: 'annotator' }] })]),
    })
    await pilot(cwd, ['ingest', '--as', 'feedback', 'log'])
    await pilot(cwd, ['ingest', 'traces'])
    expect(feedbackIn(cwd, '').map(({ source }) => source)).toEqual(
      expect.arrayContaining(['annotator', 'user', undefined]),
    )
    expect(feedbackIn(cwd)).toMatchObject([{ kind: 'thumbs', source: 'annotator' }])
    expect((await pilot(cwd, ['trace', 't1'])).out).toContain('thumbs 1 (annotator)')
  })
})

describe('a score', () => {
  const row = { name: 'tone', trace_id: 't1' }
  const read = (more: object) => readScoreRow({ ...row, ...more }, {})

  it.each([
    ['1', { value: 1 }],
    [' -2.5e-1 ', { value: -0.25 }],
    ['.5', { value: 0.5 }],
    ['0x10', { label: '0x10' }],
    ['Infinity', { label: 'Infinity' }],
    ['polite', { label: 'polite' }],
    [false, { value: 0 }],
    [0, { value: 0 }],
  ])('of the value %j reads %o', (value, expected) => {
    const { value: number, label } = read({ value }) as { value?: number; label?: string }
    expect({ value: number, label }).toEqual(expected)
  })

  it.each([
    ['user', 'user'],
    ['Human', 'human'],
    ['ANNOTATOR', 'human'],
    ['judge', 'model'],
    ['LLM', 'model'],
    ['code', 'code'],
    ['API', undefined],
    [undefined, undefined],
  ])('of the source %s was given by %s', (source, expected) => {
    expect(read({ value: 1, source })).toMatchObject({ source: expected })
  })

  it.each(['constructor', '__proto__', 'toString'])('of the source %s, a name of the prototype, is bad', (source) => {
    expect(read({ value: 1, source })).toMatch(/^the source is none of user, /)
  })

  it('has a column for each of its fields', () => {
    expect(Object.keys(scoreColumns).sort()).toEqual(
      ['comment', 'id', 'label', 'name', 'source', 'span_id', 'time', 'trace_id', 'value'].sort(),
    )
  })
})
