import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config/load.js'
import { finalLabels } from '../src/core/final-labels.js'
import { adjudicated, type Label } from '../src/core/label.js'
import { listChoices, parseChoices, parseTypedLabel } from '../src/core/label-answer.js'
import { orderItems, sampleItems } from '../src/core/label-order.js'
import { assembleLabelReport } from '../src/core/label-report.js'
import { textsOfTrace } from '../src/core/label-texts.js'
import type { SpanContent } from '../src/core/span.js'
import { readLabel } from '../src/formats/labels.js'
import { storeSaid } from '../src/jobs/label/store-said.js'
import { workspaceOf } from '../src/jobs/workspace.js'
import { labelForm } from '../src/reports/label-form.js'
import { formatGivenLabels, formatLabelItem } from '../src/reports/label-item.js'
import { readLabels } from '../src/store/labels.js'
import { saveOutputs } from './outputs.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

const label = (item: string, value: string, by?: string, more: Partial<Label> = {}): Label => ({
  item,
  name: 'helpful',
  value,
  ...(by !== undefined && { by }),
  ...more,
})

describe('the final labels of a question', () => {
  it('of nobody are none', () => {
    expect(finalLabels([])).toEqual(new Map())
  })

  it('are the only one, the agreed one, that of more than half, or the adjudicated one', () => {
    const labels = [
      label('one', 'pass', 'a1'),
      ...['a1', 'a2', 'a3'].map((by) => label('all', 'fail', by)),
      ...['a1', 'a2'].map((by) => label('most', 'pass', by)),
      label('most', 'fail', 'a3'),
      label('settled', 'pass', 'a1'),
      label('settled', 'pass', 'a2'),
      label('settled', 'fail', adjudicated),
    ]
    expect(Object.fromEntries(finalLabels(labels))).toEqual({
      one: { value: 'pass', from: 'only' },
      all: { value: 'fail', from: 'agreed' },
      most: { value: 'pass', from: 'majority' },
      settled: { value: 'fail', from: 'adjudicated' },
    })
  })

  it('leave out a tie, and a value that is the most frequent but not that of more than half', () => {
    const values = { tie: ['pass', 'fail'], half: ['good', 'good', 'bad', 'odd'] }
    const labels = Object.entries(values).flatMap(([item, given]) =>
      given.map((value, index) => label(item, value, `a${index}`)),
    )
    expect(finalLabels(labels)).toEqual(new Map())
  })

  it('count a person once, by what they said last, whichever came first', () => {
    const twice = [label('x', 'fail', 'a1', { timeMs: 2 }), label('x', 'pass', 'a1', { timeMs: 1 })]
    for (const labels of [twice, twice.toReversed()])
      expect(finalLabels(labels).get('x')).toEqual({ value: 'fail', from: 'only' })
  })
})

describe('the report of labels', () => {
  it('of nobody has no question', () => {
    expect(assembleLabelReport([])).toEqual({ annotators: [], questions: [] })
  })

  it('of one annotator knows no agreement, but shares', () => {
    const { questions } = assembleLabelReport([label('x', 'pass', 'a1'), label('y', 'fail', 'a1')])
    expect(questions).toEqual([
      {
        name: 'helpful',
        items: 2,
        annotators: ['a1'],
        unnamed: 0,
        shared: 0,
        pairs: [],
        alpha: undefined,
        decided: { n: 2, adjudicated: 0, agreed: 0, majority: 0, only: 2 },
        prevalence: [
          { value: 'fail', x: 1 },
          { value: 'pass', x: 1 },
        ],
        disagreements: [],
      },
    ])
  })

  it('has a pair for each two who share an item, and counts the adjudicated label in none', () => {
    const { annotators, questions } = assembleLabelReport([
      label('x', 'pass', 'a1'),
      label('x', 'pass', 'a2'),
      label('y', 'pass', 'a2'),
      label('y', 'fail', 'a3'),
      label('y', 'pass', adjudicated),
      label('z', 'pass'),
      label('z', 'pass', 'a3'),
    ])
    expect(annotators).toEqual(['a1', 'a2', 'a3'])
    const [question] = questions
    expect(question).toMatchObject({ items: 3, shared: 3, unnamed: 1 })
    expect(
      question?.pairs.map(({ annotators: pair, agreement }) => [...pair, agreement.n, agreement.observed]),
    ).toEqual([
      ['a1', 'a2', 1, 1],
      ['a2', 'a3', 1, 0],
    ])
    expect(question?.decided).toEqual({ n: 3, adjudicated: 1, agreed: 2, majority: 0, only: 0 })
    expect(question?.disagreements.map(({ item, labels, final }) => [item, labels.map(({ by }) => by), final])).toEqual(
      [['y', ['a2', 'a3'], { value: 'pass', from: 'adjudicated' }]],
    )
  })

  it('where all agree on one label defines no kappa, but full agreement', () => {
    const [question] = assembleLabelReport(
      ['x', 'y'].flatMap((item) => [label(item, 'pass', 'a1'), label(item, 'pass', 'a2')]),
    ).questions
    expect(question?.alpha).toBe(1)
    expect(question?.pairs[0]?.agreement).toMatchObject({ n: 2, observed: 1, kappa: undefined, ac1: undefined })
  })

  it('of one question still numbers the annotators of all', () => {
    const labels = [label('x', 'pass', 'a2'), label('x', 'rude', 'a1', { name: 'tone' })]
    const report = assembleLabelReport(labels, 'helpful')
    expect([report.annotators, report.questions.map(({ name }) => name)]).toEqual([['a1', 'a2'], ['helpful']])
  })
})

describe('what an annotator types', () => {
  const choices = ['pass', 'partly', 'fail']

  it.each([
    ['1', { does: 'label', value: 'pass' }],
    ['4', { does: 'wrong', message: '4 is none of the choices.' }],
    ['FAIL', { does: 'label', value: 'fail' }],
    ['f: names the wrong article: twice', { does: 'label', value: 'fail', note: 'names the wrong article: twice' }],
    ['fail:', { does: 'label', value: 'fail' }],
    ['pa', { does: 'wrong', message: 'pa may be pass or partly.' }],
    [': pass', { does: 'wrong', message: 'Nothing is none of the choices.' }],
    ['', { does: 'nothing' }],
    [' s ', { does: 'skip' }],
    ['B', { does: 'back' }],
    ['u', { does: 'unsure' }],
    ['u: half of it', { does: 'unsure', note: 'half of it' }],
    ['q', { does: 'quit' }],
  ] as const)('%j is read', (line, typed) => {
    expect(parseTypedLabel(line, choices)).toEqual(typed)
  })

  it('is a number itself where the choices are numbers, and never their place', () => {
    expect(parseTypedLabel('1', ['0', '1'])).toEqual({ does: 'label', value: '1' })
    expect(parseTypedLabel('2', ['0', '1'])).toEqual({ does: 'wrong', message: '2 is none of the choices.' })
    expect(listChoices(['0', '1'])).toBe('0, 1')
    expect(listChoices(['pass', 'fail'])).toBe('1 pass, 2 fail')
  })

  it('may be a value with a colon that was given elsewhere', () => {
    expect(parseTypedLabel('wrong: article', ['wrong: article', 'fine'])).toEqual({
      does: 'label',
      value: 'wrong: article',
    })
  })

  it.each([
    ['pass', 'there is only one'],
    ['pass,', 'one is empty'],
    ['pass,Pass', '"Pass" is there twice'],
    ['pass,u', '"u" is a key of its own'],
    ['pass,a:b', '"a:b" has a colon, after which notes stand'],
  ])('cannot be of the choices %j', (written, fault) => {
    expect(() => parseChoices(written)).toThrow(`--choices: ${fault}.`)
    expect(parseChoices(' pass , fail ')).toEqual(['pass', 'fail'])
  })
})

describe('the items of an annotator', () => {
  const items = Array.from({ length: 100 }, (_, index) => `req-${index}`)

  it('are the same for everybody with one seed, whatever their order in the store, and others with another', () => {
    const sample = sampleItems(items, 10, 1)
    expect(sample).toHaveLength(10)
    expect(new Set(sampleItems(items.toReversed(), 10, 1))).toEqual(new Set(sample))
    expect(new Set(sampleItems(items, 10, 2))).not.toEqual(new Set(sample))
    expect(sampleItems(items, undefined, 1)).toEqual(items)
    expect(sampleItems(items, 1000, 1)).toHaveLength(100)
  })

  it('hardly change when items are added', () => {
    const more = [...items, ...Array.from({ length: 10 }, (_, index) => `new-${index}`)]
    const before = sampleItems(items, 50, 1)
    const kept = before.filter((item) => sampleItems(more, 50, 1).includes(item))
    // Of the new ones no more than all can push an old one out.
    expect(kept.length).toBeGreaterThanOrEqual(40)
  })

  it('come in an order of their own, the same each time', () => {
    const orders = ['a1', 'a2'].map((by) => orderItems(items, by, 1))
    expect(orders[0]).not.toEqual(orders[1])
    expect(orderItems(items.toReversed(), 'a1', 1)).toEqual(orders[0])
    expect([...orders[0]!].sort()).toEqual([...items].sort())
    expect(orderItems([], 'a1', 1)).toEqual([])
  })
})

describe('the texts of an item', () => {
  it('are those of the root, else of its messages, else of the row about the trace, and unknown where none has any', () => {
    const root = { traceId: 't', spanId: 'r', name: 'answer', kind: 'workflow', status: 'ok', fields: 0 } as const
    const found = { ...root, spanId: 'f', kind: 'retriever' } as const
    const texts = (contents: Record<string, SpanContent>) =>
      textsOfTrace({ platform: 'p', traceId: 't', spans: [root, found] }, root, new Map(Object.entries(contents)))
    expect(texts({})).toEqual({})
    expect(texts({ r: { input: 'Where?', output: { text: 'There.' } } })).toEqual({
      inputs: 'Where?',
      output: { text: 'There.' },
    })
    const inputMessages = [
      { role: 'user', content: 'One?' },
      { role: 'user', content: 'Two?' },
    ]
    expect(texts({ r: { inputMessages }, t: { output: 'Of the trace.' }, f: { documents: [] } })).toEqual({
      inputs: 'Two?',
      output: 'Of the trace.',
      documents: [],
    })
  })

  it('are shown in lines that drive no terminal, what is unknown as such', () => {
    const texts = { output: 'Hello\u001b[2J world\nnext', documents: [{ id: 'faq-1', content: 'Help.' }, {}] }
    expect(formatLabelItem(texts, ['inputs', 'output', 'documents'], 20)).toEqual([
      'Input',
      '  not known',
      'Output',
      '  Hello\\u{1b}[2J',
      '  world',
      '  next',
      'Documents',
      '  1. faq-1: Help.',
      '  2. not known',
    ])
    expect(formatLabelItem({ output: '' }, ['output', 'documents'], 20)).toEqual([
      'Output',
      '  (empty)',
      'Documents',
      '  not known',
    ])
  })

  it('come to the adjudicator with the labels, without names', () => {
    const labels = [label('x', 'pass', 'zoe', { note: 'kind' }), label('x', 'fail', 'amy', { note: 'wrong' })]
    const given = { item: 'x', labels, final: undefined }
    expect(formatGivenLabels(given, false, 80)).toEqual(['Labels', '  fail 1, pass 1'])
    expect(formatGivenLabels(given, true, 80).slice(2)).toEqual(['Notes', '  fail: wrong', '  pass: kind'])
  })
})

describe('a form', () => {
  it('holds no formula, and its items are the same when it comes back', () => {
    const items = ['=1+1', '+1', '-1', '@a', '\t=1', "'=1", 'plain', 'a,"b"', 'two\nlines']
    const csv = labelForm(
      items.map((item) => ({ item, texts: { inputs: '=HYPERLINK("x")', output: { a: 1 } } })),
      { name: 'helpful', by: 'a1', shown: ['inputs', 'output'] },
    )
    expect(csv.split('\n').slice(0, 5)).toEqual([
      'item,name,value,by,note,inputs,output',
      `'=1+1,helpful,,a1,,"'=HYPERLINK(""x"")","{`,
      '  ""a"": 1',
      '}"',
      `'+1,helpful,,a1,,"'=HYPERLINK(""x"")","{`,
    ])
    const guarded = items.map((item) => (/^'*[=+\-@\t]/.test(item) ? `'${item}` : item))
    expect(guarded.map((item) => readLabel({ item, name: 'n', value: ' pass ' }, {}))).toMatchObject(
      items.map((item) => ({ item, value: 'pass' })),
    )
  })

  it('of nothing is its head', () => {
    expect(labelForm([], { name: 'helpful', by: 'a1', shown: ['output'] })).toBe('item,name,value,by,note,output\n')
  })
})

/** Four recorded runs, one without an output. */
async function recorded(): Promise<string> {
  const rows = ['1', '2', '3'].map((id) => span(`t${id}`, 's', { output: `Answer ${id}.`, input: `Question ${id}?` }))
  const cwd = project({ 'traces.jsonl': jsonLines([...rows, span('t4', 's', { status: 'error' })]) })
  expect((await pilot(cwd, ['ingest', '-q', 'traces.jsonl'])).err).toBe('')
  return cwd
}

const form = ['label', 'form', '--by', 'a1', '--name', 'helpful', '--out', 'form.csv']

describe('pilot label form', () => {
  it('writes a row for each output, and comes back by ingest with what is filled in', async () => {
    const cwd = await recorded()
    expect(await pilot(cwd, form)).toEqual({
      code: 0,
      out: 'Outputs in form.csv, their values empty: 3.\n',
      err: 'Left out, since they hold no output: 1 runs.\nNext, when it is filled in: pilot ingest --as labels form.csv\n',
    })
    const path = join(cwd, 'form.csv')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const [head, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(head).toBe('item,name,value,by,note,inputs,output')
    expect(rows.sort()).toEqual(['1', '2', '3'].map((id) => `t${id},helpful,,a1,,Question ${id}?,Answer ${id}.`))

    const empty = await pilot(cwd, ['ingest', '--as', 'labels', 'form.csv'])
    expect(empty).toEqual({
      code: 0,
      out: 'form.csv: csv, 3 records\n  nothing new\n  skipped 3: no value yet\n',
      err: 'Next: pilot label report\n',
    })
    writeFileSync(path, readFileSync(path, 'utf8').replace('t2,helpful,,a1,', 't2,helpful,pass,a1,kind'))
    for (const counts of ['1 added, 0 updated, 0 unchanged', '0 added, 0 updated, 1 unchanged'])
      expect((await pilot(cwd, ['ingest', '--as', 'labels', 'form.csv'])).out).toBe(
        `form.csv: csv, 3 records\n  labels: ${counts}\n  skipped 2: no value yet\n`,
      )
    expect(stored(cwd, readLabels)).toEqual([{ item: 't2', name: 'helpful', value: 'pass', by: 'a1', note: 'kind' }])
  })

  it('leaves out what its annotator has labelled, overwrites no file, and writes none where nothing is left', async () => {
    const cwd = await recorded()
    const labels = ['t1', 't2'].map((item) => `${item},helpful,pass,a1`)
    writeFileSync(join(cwd, 'form.csv'), ['item,name,value,by', ...labels, 't3,helpful,pass,a2'].join('\n'))
    await pilot(cwd, ['ingest', '--as', 'labels', 'form.csv'])
    expect(await pilot(cwd, form)).toEqual({
      code: 2,
      out: '',
      err: 'error --out: form.csv is there already, and may be filled in.\nTake it in by pilot ingest --as labels form.csv, or name another file.\n',
    })
    const other = form.with(-1, 'other.csv')
    expect(await json(cwd, ...other)).toEqual({
      schemaVersion: 1,
      name: 'helpful',
      by: 'a1',
      out: 'other.csv',
      items: 1,
      withoutOutput: 1,
    })
    writeFileSync(join(cwd, 'last.csv'), 'item,name,value,by\nt3,helpful,fail,a1\n')
    await pilot(cwd, ['ingest', '--as', 'labels', 'last.csv'])
    expect(await pilot(cwd, ['-q', ...form.with(-1, 'none.csv')])).toEqual({
      code: 0,
      out: 'Nothing is left to label, so no form was written.\n',
      err: '',
    })
  })

  it('takes the outputs of an eval run, by case, and by repeat where there are several', async () => {
    const cwd = await recorded()
    const platform = 'lantern'
    saveOutputs(
      cwd,
      { c1: [{ value: 'One.' }], c2: [{ failure: 'it crashed' }], c3: [{ value: null }] },
      { traces: { c1: { platform, traceId: 't1' } } },
    )
    saveOutputs(cwd, { c1: [{ value: 'A.' }, { value: { text: 'B.' } }] }, { id: 'twice', repeats: 2 })
    expect((await pilot(cwd, [...form, '--run', 'nightly-7'])).out).toBe(
      'Outputs in form.csv, their values empty: 1.\n',
    )
    expect(readFileSync(join(cwd, 'form.csv'), 'utf8').split('\n')[1]).toBe(
      'nightly-7/c1,helpful,,a1,,Question 1?,One.',
    )
    await pilot(cwd, [...form.with(-1, 'twice.csv'), '--run', 'twice', '--show', 'output,documents'])
    const twice = readFileSync(join(cwd, 'twice.csv'), 'utf8')
    expect(twice).toContain('twice/c1/1,helpful,,a1,,A.,not known\n')
    expect(twice).toContain('twice/c1/2,helpful,,a1,,"{\n')
    expect(await pilot(cwd, [...form.with(-1, 'no.csv'), '--run', 'weekly'])).toEqual({
      code: 2,
      out: '',
      err: 'error --run: there is no eval run "weekly".\nThe last are nightly-7, twice.\n',
    })
  })

  it.each([
    [['--by', 'Jane Doe'], '--by: "Jane Doe" is no alias.'],
    [['--by', 'adjudicated'], '--by: "adjudicated" is no alias of a person.'],
    [['--name', '../helpful'], '--name: "../helpful" is no name of a question.'],
    [['--show', 'output,model'], '--show: "model" is none of inputs, output, documents.'],
  ])('refuses %j', async (words, message) => {
    const { code, err } = await pilot(await recorded(), [...form, ...words])
    expect([code, err.split('\n')[0]]).toEqual([2, `error ${message}`])
  })

  it('says where there is nothing to label', async () => {
    const cwd = project({ 'traces.jsonl': jsonLines([span('t1', 's', { status: 'error' })]) })
    await pilot(cwd, ['ingest', '-q', 'traces.jsonl'])
    expect((await pilot(cwd, form)).err).toBe(
      'error There is no output to label: none of the 1 runs holds one.\npilot data shows what is stored; --run names an eval run.\n',
    )
  })
})

describe('rows of labels', () => {
  it('without a column for the value are problems, and those with an empty one are not', async () => {
    const cwd = project({
      'none.csv': 'item,name\nx,helpful\n',
      'mixed.jsonl': jsonLines([
        { item: 'x', name: 'helpful', value: null },
        { item: 'y', name: 'helpful' },
        { item: 'z', name: 'helpful', value: 'pass' },
      ]),
    })
    expect((await pilot(cwd, ['ingest', '-q', '--as', 'labels', 'none.csv'])).code).toBe(3)
    expect(await pilot(cwd, ['ingest', '-q', '--as', 'labels', 'mixed.jsonl'])).toMatchObject({
      code: 0,
      out: 'mixed.jsonl: jsonl, 3 records\n  labels: 1 added, 0 updated, 0 unchanged\n  skipped 1: no value yet\n',
      err: expect.stringMatching(/^problem mixed\.jsonl:2: no value/),
    })
  })
})

/** Two annotators on ten items: 5 both pass, 3 both fail, one each way. */
const pairs = [...Array(5).fill('pp'), ...Array(3).fill('ff'), 'pf', 'fp'] as string[]
const words = { p: 'pass', f: 'fail' } as Record<string, string>
const sheet = [
  'item,name,value,by',
  ...pairs.flatMap((both, index) =>
    [...both].map((letter, who) => `i${String(index).padStart(2, '0')},helpful,${words[letter]},jane${who}`),
  ),
].join('\n')

describe('pilot label report', () => {
  it('without a pilot gives the agreement of two annotators, and names neither', async () => {
    const cwd = temporaryFolder({ 'labels.csv': sheet })
    const { out, code } = await pilot(cwd, ['label', 'report', '--file', 'labels.csv'])
    expect(code).toBe(0)
    expect(out).not.toContain('jane')
    // By hand: kappa (0.8 − 0.52) / 0.48, AC1 (0.8 − 0.48) / 0.52, alpha 1 − 0.2 / (2 · 12 · 8 / (20 · 19)).
    expect(out).toMatch(/^1, 2 {8}10 {2}80\.0 % \(n 10, .+\) {2}0\.58 \(.+\) {2}0\.62 \(.+\)$/m)
    expect(out).toContain("Krippendorff's alpha over all annotators: 0.60 (n 10)")
    expect(out).toContain('8 of 10 items are decided: 8 by all who labelled them')
    expect(out).toContain('majority baseline: whoever always says pass is right on 62.5 % (n 8, ')
    expect(out).toContain('i08   annotator 1 pass, annotator 2 fail  open')
    const named = await pilot(cwd, ['label', 'report', '--file', 'labels.csv', '--aliases'])
    expect(named.out).toContain('i09   jane0 fail, jane1 pass  open')
  })

  it('is data with --json, without an alias', async () => {
    const cwd = temporaryFolder({ 'labels.csv': sheet })
    const report = await json(cwd, 'label', 'report', '--file', 'labels.csv')
    expect(JSON.stringify(report)).not.toContain('jane')
    const [question] = report.questions
    expect(question).toMatchObject({
      name: 'helpful',
      items: 10,
      annotators: ['annotator 1', 'annotator 2'],
      shared: 10,
      decided: { n: 8, agreed: 8 },
      majorityBaseline: 0.625,
      pairs: [{ annotators: ['annotator 1', 'annotator 2'], n: 10, agreement: { share: 0.8 } }],
    })
    expect(question.pairs[0].kappa.value).toBeCloseTo(0.28 / 0.48, 10)
    expect(question.pairs[0].ac1.value).toBeCloseTo(0.32 / 0.52, 10)
    expect(question.disagreements[0]).toEqual({
      item: 'i08',
      labels: [
        { annotator: 'annotator 1', value: 'pass' },
        { annotator: 'annotator 2', value: 'fail' },
      ],
      final: null,
    })
  })

  it('shows the first ten items on which annotators differ, and says how many more', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `${index + 10},n,a,x\n${index + 10},n,b,y\n`)
    const cwd = temporaryFolder({ 'labels.csv': `item,name,value,by\n${rows.join('')}` })
    const { out } = await pilot(cwd, ['label', 'report', '--file', 'labels.csv'])
    expect(out.match(/ open$/gm)).toHaveLength(10)
    expect(out).toContain('n: annotators differ on 12 of 12 shared items')
    expect(out).toContain('and 2 more; --json lists them')
  })

  it('of a store without labels says so, and of a question that nobody answered which there are', async () => {
    const cwd = await recorded()
    expect(await pilot(cwd, ['label', 'report'])).toEqual({
      code: 0,
      out: 'No labels are stored.\n',
      err: 'Next: pilot label start, by somebody else\n',
    })
    expect(await json(cwd, 'label', 'report')).toEqual({ schemaVersion: 1, questions: [] })
    expect((await pilot(cwd, ['label', 'report', '--name', 'tone'])).err).toBe(
      'error --name: no label answers the question "tone".\nThere are no labels yet: pilot label start.\n',
    )
    writeFileSync(join(cwd, 'labels.csv'), 'item,name,value,by\nt1,helpful,pass,a1\n')
    await pilot(cwd, ['ingest', '--as', 'labels', 'labels.csv'])
    expect((await pilot(cwd, ['label', 'report', '--name', 'tone'])).err).toBe(
      'error --name: no label answers the question "tone".\nThere is helpful.\n',
    )
    expect((await pilot(cwd, ['label', 'report'])).out).toContain(
      "agreement: not measured, since no item has two annotators' labels",
    )
  })

  it('of a file without a label exits 3', async () => {
    const cwd = temporaryFolder({ 'form.csv': 'item,name,value,by\nx,helpful,,a1\n' })
    expect(await pilot(cwd, ['label', 'report', '--file', 'form.csv'])).toEqual({
      code: 3,
      out: '',
      err: 'error form.csv holds no label: none of its 1 rows has a value yet.\nColumns: item, name, value, by; note if there is one.\n',
    })
  })
})

describe('without a terminal', () => {
  it.each([
    [
      ['start', '--by', 'a1'],
      'error Labelling needs a terminal.\nWithout one: pilot label form --by a1 --name helpful --out FILE\n',
    ],
    [
      ['adjudicate'],
      'error Adjudicating needs a terminal.\nWithout one: a file with item, name, value, and by adjudicated; pilot ingest --as labels takes it in.\n',
    ],
  ])('label %j says how else', async (argv, err) => {
    expect(await pilot(await recorded(), ['label', ...argv, '--name', 'helpful'])).toEqual({ code: 2, out: '', err })
  })
})

describe('what was said in a terminal', () => {
  it('is stored once, changed where it was said again later, and taken out where it was taken back', async () => {
    const cwd = await recorded()
    const workspace = workspaceOf(await loadConfig({ config: undefined, env: {}, cwd }))
    const say = (value: string | undefined, timeMs: number) =>
      storeSaid(
        workspace,
        { said: new Map([['t1', { value, note: undefined, timeMs }]]), name: 'helpful', by: 'a1' },
        9,
      )
    const values = () => stored(cwd, readLabels).map(({ value, timeMs }) => [value, timeMs])
    const records = () =>
      stored(cwd, (db) => db.prepare("SELECT records FROM source WHERE path = 'pilot label'").pluck().get())
    await say('pass', 1)
    await say('pass', 1)
    expect([values(), records()]).toEqual([[['pass', 1]], 1])
    await say('fail', 2)
    await say('pass', 1)
    expect([values(), records()]).toEqual([[['fail', 2]], 2])
    await say(undefined, 3)
    await say(undefined, 3)
    expect([values(), records()]).toEqual([[], 3])
  })
})
