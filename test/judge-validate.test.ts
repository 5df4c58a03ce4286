import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines } from './project.js'

type Row = { item: string; human: string | null; judge: string | null; [more: string]: unknown }

/** Rows with so many of each pair of labels. */
function rowsOf(
  pairs: readonly [human: string | null, judge: string | null, count: number][],
  more: object = {},
): Row[] {
  return pairs
    .flatMap(([human, judge, count]) => Array.from({ length: count }, () => ({ human, judge })))
    .map((pair, at) => ({ item: `i${at + 1}`, ...pair, ...more }))
}

const validate = (rows: readonly object[], ...argv: string[]) =>
  json(temporaryFolder({ 'judged.jsonl': jsonLines(rows) }), 'judge', 'validate', '--file', 'judged.jsonl', ...argv)

/** 100 items: 63 and 24 agreed, 7 and 6 not. */
const hundred = rowsOf([
  ['pass', 'pass', 63],
  ['pass', 'fail', 7],
  ['fail', 'pass', 6],
  ['fail', 'fail', 24],
])

describe('pilot judge validate --file', () => {
  it('gives kappa, AC1, TPR and TNR of a table with known answers', async () => {
    const found = await validate(hundred, '--positive', 'pass')
    expect(found).toMatchObject({
      items: 100,
      unparseable: 0,
      agree: 87,
      accuracy: 0.87,
      tpr: 0.9,
      tnr: 0.8,
      humanPositive: 70,
    })
    expect(found.kappa).toBeCloseTo(0.6933962264, 9)
    expect(found.ac1).toBeCloseTo(44605 / 57605, 9)
    expect(found.tprCi95[0]).toBeCloseTo(0.80767085, 8)
    expect(found.tprCi95[1]).toBeCloseTo(0.9507107, 7)
    expect(found.tnrCi95[0]).toBeCloseTo(0.62694304, 8)
    expect(found.tnrCi95[1]).toBeCloseTo(0.90494893, 8)
    expect(found.majority).toMatchObject({ x: 70, n: 100 })
    expect(found.certificate).toEqual({ granted: true, reasons: [] })
  })

  it('takes the first label in sort order for positive unless one is named', async () => {
    expect(await validate(hundred)).toMatchObject({ positive: 'fail', tpr: 0.8, tnr: 0.9, humanPositive: 30 })
  })

  it('refuses a positive label that nobody gave', async () => {
    const cwd = temporaryFolder({ 'j.jsonl': jsonLines(hundred) })
    const ran = await pilot(cwd, ['judge', 'validate', '--file', 'j.jsonl', '--positive', 'Pass'])
    expect(ran).toEqual({
      code: 2,
      out: '',
      err: 'error Nobody gave the label "Pass".\n--positive takes one of "fail", "pass".\n',
    })
  })

  it('counts verdicts that could not be read by each policy', async () => {
    // 8 of 10 read, 6 of those right; of the two others people called one a tie.
    const found = await validate([
      ...rowsOf([
        ['1', '1', 3],
        ['2', '2', 3],
        ['1', '2', 2],
      ]),
      { item: 'u1', human: 'tie', judge: null },
      { item: 'u2', human: '1', judge: '' },
    ])
    expect(found).toMatchObject({ items: 10, unparseable: 2, agree: 6, accuracy: 0.75 })
    expect(found.accuracyByPolicy).toEqual({ unparseableDropped: 0.75, unparseableWrong: 0.6, unparseableTie: 0.7 })
    expect(found.certificate.granted).toBe(false)
  })

  it('measures position bias over both orders, mapped back', async () => {
    // 6 the same in both orders; 3 change from A to B (A is shown first, then B is), 1 from B to A.
    const swapped = (judge: string, judge_swapped: string | null, count: number, start: number) =>
      Array.from({ length: count }, (_, at) => ({ item: `s${start + at}`, human: 'A', judge, judge_swapped }))
    const rows = [
      ...swapped('A', 'A', 4, 0),
      ...swapped('B', 'B', 2, 10),
      ...swapped('A', 'B', 3, 20),
      ...swapped('B', 'A', 1, 30),
      ...swapped('A', null, 5, 40),
    ]
    const found = await validate(rows)
    expect(found).toMatchObject({ swapPairs: 10, swapConsistent: 6, swapConsistency: 0.6 })
    // Shown first and chosen: A in the first order 4 + 3, B in the second 2 + 3, of 20.
    expect(found.firstShownShare).toBe(12 / 20)
    expect(found.certificate.reasons).toContainEqual(expect.stringMatching(/order swapped .* 60 % of 10 pairs/))
  })

  it('says nothing of positions that were not swapped', async () => {
    expect(await validate(hundred)).toMatchObject({
      swapPairs: 0,
      swapConsistent: 0,
      swapConsistency: null,
      firstShownShare: null,
    })
  })

  it('takes an item that comes again for the judge asked again', async () => {
    const again = hundred.slice(0, 10).map((row, at) => ({ ...row, judge: at < 8 ? row.judge : 'fail' }))
    const found = await validate([...hundred, ...again])
    expect(found.items).toBe(100)
    expect(found.selfConsistency).toMatchObject({ x: 8, n: 10 })
  })

  it('refuses a judge that always says the commonest label', async () => {
    const found = await validate(
      rowsOf([
        ['pass', 'pass', 90],
        ['fail', 'pass', 20],
      ]),
      '--positive',
      'pass',
    )
    expect(found).toMatchObject({ kappa: 0, tpr: 1, tnr: 0 })
    expect(found.certificate.granted).toBe(false)
    expect(found.certificate.reasons.join('; ')).toMatch(/kappa is 0\.00, below 0\.6/)
  })

  it('refuses few items, however right the judge is', async () => {
    const found = await validate(
      rowsOf([
        ['pass', 'pass', 20],
        ['fail', 'fail', 20],
      ]),
    )
    expect(found).toMatchObject({ accuracy: 1, kappa: 1 })
    expect(found.certificate).toEqual({ granted: false, reasons: ['40 items with a verdict; at least 50 are needed'] })
  })

  it('grants exactly at the smallest number of items', async () => {
    expect(
      (
        await validate(
          rowsOf([
            ['pass', 'pass', 35],
            ['fail', 'fail', 15],
          ]),
        )
      ).certificate.granted,
    ).toBe(true)
    expect(
      (
        await validate(
          rowsOf([
            ['pass', 'pass', 36],
            ['fail', 'fail', 14],
          ]),
        )
      ).certificate.granted,
    ).toBe(false)
  })

  it('corrects the pass rate of outputs that nobody labelled', async () => {
    const rows = [
      ...hundred,
      ...rowsOf([
        [null, 'pass', 290],
        [null, 'fail', 110],
      ]).map((row) => ({ ...row, item: `n${row.item}` })),
    ]
    const byErrors = await validate(rows, '--positive', 'pass')
    // (0.725 + 0.8 − 1) / 0.7 and the interval of Lee et al. as their code gives it.
    expect(byErrors.corrected).toMatchObject({ raw: 0.725, n: 400, isClipped: false })
    expect(byErrors.corrected.rate).toBeCloseTo(0.75, 12)
    expect(byErrors.corrected.low).toBeCloseTo(0.63301610149, 9)
    expect(byErrors.corrected.high).toBeCloseTo(0.86700178657, 9)
    const random = await validate(rows, '--positive', 'pass', '--sampling', 'random')
    expect(random.corrected.method).toBe('prediction-powered')
    expect(random.corrected.rate).toBeCloseTo(0.72028768, 6)
    expect(random.corrected.low).toBeCloseTo(0.65011133, 6)
    expect(random.items).toBe(100)
  })

  it('names a slice on which the judge is clearly worse', async () => {
    const rows = [
      ...rowsOf(
        [
          ['pass', 'pass', 100],
          ['fail', 'fail', 100],
        ],
        { slice: 'en' },
      ),
      ...rowsOf(
        [
          ['pass', 'fail', 12],
          ['fail', 'fail', 12],
        ],
        { slice: 'de' },
      ).map((row) => ({ ...row, item: `de${row.item}` })),
    ]
    const found = await validate(rows)
    expect(found.certificate.reasons).toEqual(['on de it agrees with people on 50 % of 24 items only'])
  })

  it('shows what people agree on among themselves', async () => {
    const found = await validate(hundred.map((row) => ({ ...row, human_2: row.judge })))
    expect(found.humanHuman.kappa).toBeCloseTo(0.6933962264, 9)
  })

  it.each<[string, string, RegExp]>([
    [
      'without labels',
      '{"item":"a","human":null,"judge":"x"}\n',
      /holds no labelled item: human is empty in every row/,
    ],
    ['without verdicts', '{"item":"a","human":"x"}\n', /holds no labelled item: line 1: .*judge/],
  ])('of a file %s exits 3', async (_, text, says) => {
    const ran = await pilot(temporaryFolder({ 'j.jsonl': text }), ['judge', 'validate', '--file', 'j.jsonl'])
    expect(ran.code).toBe(3)
    expect(ran.err).toMatch(says)
  })

  it('exits 1 where the certificate is refused, and says why in the terminal', async () => {
    const cwd = temporaryFolder({ 'j.csv': 'item,human,judge\na,pass,fail\nb,fail,fail\n' })
    const { code, out } = await pilot(cwd, ['judge', 'validate', '--file', 'j.csv'])
    expect(code).toBe(1)
    expect(out).toContain('Certificate: refused\n  - 2 items with a verdict; at least 50 are needed\n')
    expect(out).toContain('It may report, and never hold a release.')
    expect(out).not.toContain('NaN')
  })
})

const pandalm = fileURLToPath(new URL('../../shared/labelled/pandalm/', import.meta.url))

describe.skipIf(!existsSync(pandalm))('the real verdicts of ../shared/labelled/pandalm', () => {
  const read = (name: string) => (existsSync(pandalm) ? JSON.parse(readFileSync(`${pandalm}${name}`, 'utf8')) : [])
  const items: Record<'idx' | 'annotator1' | 'annotator2' | 'annotator3', number>[] = read('testset-v1.json')
  const verdicts: { idx: number; gpt_result: string }[] = read('gpt-3.5-turbo-testset-v1.json')
  const labels: Record<string, string> = { 1: '1', 2: '2', Tie: '0' }
  const said = new Map(verdicts.map(({ idx, gpt_result }) => [idx, labels[gpt_result] ?? null]))
  const majority = ({ annotator1, annotator2, annotator3 }: (typeof items)[number]) =>
    String(annotator1 === annotator2 || annotator1 === annotator3 ? annotator1 : annotator2)

  it('are not fit to hold a release, with the figures that were computed apart', async () => {
    const found = await validate(
      items.map((item) => ({ item: item.idx, human: majority(item), judge: said.get(item.idx) })),
    )
    const percent = (share: number) => Number((share * 100).toFixed(2))
    expect(found).toMatchObject({ items: 999, unparseable: 25 })
    expect(percent(found.accuracy)).toBe(71.56)
    expect(percent(found.accuracyByPolicy.unparseableTie)).toBe(71.07)
    expect(percent(found.accuracyByPolicy.unparseableWrong)).toBe(69.77)
    // Verdicts that could not be read as a label of their own.
    expect(found.kappaByPolicy.unparseableWrong.toFixed(2)).toBe('0.48')
    expect(found.certificate.granted).toBe(false)
  })

  it.each([
    ['annotator1', 'annotator2', '0.852'],
    ['annotator1', 'annotator3', '0.879'],
    ['annotator2', 'annotator3', '0.862'],
  ] as const)('agree between %s and %s by a kappa of %s', async (one, other, kappa) => {
    const found = await validate(items.map((item) => ({ item: item.idx, human: item[one], judge: item[other] })))
    expect(found.kappa.toFixed(3)).toBe(kappa)
  })
})

describe('an item with several rows', () => {
  it('is one item that several people labelled where they differ on any', async () => {
    const found = await validate([
      ...hundred.slice(0, 60).flatMap((row, at) => [row, { ...row, human: at === 0 ? 'fail' : row.human }]),
      { item: 'i1', human: 'pass', judge: 'pass' },
    ])
    // Item 1: pass, fail, pass.
    expect(found).toMatchObject({ items: 60, selfConsistency: null, agree: 60 })
    expect(found.humanHuman).not.toBeNull()
  })

  it('has no label where people are even', async () => {
    const found = await validate([
      { item: 'x', human: 'pass', judge: 'pass' },
      { item: 'x', human: 'fail', judge: 'pass' },
      { item: 'y', human: 'fail', judge: 'fail' },
    ])
    expect(found.items).toBe(1)
  })

  it('takes no label that only the judge gave for the positive one', async () => {
    const found = await validate([...hundred, { item: 'z', human: 'pass', judge: 'ERROR' }])
    expect(found).toMatchObject({ positive: 'fail', items: 101 })
  })
})
