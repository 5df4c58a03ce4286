import { describe, expect, it } from 'vitest'
import { pilot, type Ran, temporaryFolder } from './pilot.js'
import { json, jsonLines } from './project.js'

/** Cases of which so many were lost, gained, and passed or failed under both. */
function flips({ lost = 0, gained = 0, both = 0, neither = 0 }) {
  const kinds: [count: number, a: boolean, b: boolean][] = [
    [lost, true, false],
    [gained, false, true],
    [both, true, true],
    [neither, false, false],
  ]
  return kinds
    .flatMap(([count, a, b]) => Array.from({ length: count }, () => ({ a, b })))
    .map((values, at) => ({ case: `c${at + 1}`, ...values }))
}

const folder = (rows: readonly object[]) => temporaryFolder({ 'results.jsonl': jsonLines(rows) })
const compare = (cwd: string, ...argv: string[]) => pilot(cwd, ['eval', 'compare', '--file', 'results.jsonl', ...argv])
const compared = (rows: readonly object[], ...argv: string[]) =>
  json(folder(rows), 'eval', 'compare', '--file', 'results.jsonl', ...argv)

describe('pilot eval compare --file, of passes', () => {
  it('gives the exact p, the mid-p and the Tango interval of published data', async () => {
    // PropCIs, diffpropci.mp: b 40, c 20, n 160. McNemar of 8 and 2 by hand: 2 · (1 + 10 + 45) / 1024, less 45 / 1024.
    const first = await compared(flips({ lost: 40, gained: 20, both: 60, neither: 40 }))
    expect(first).toMatchObject({ pairs: 160, unpaired: 0, aPass: 100, bPass: 80, lost: 40, gained: 20, diff: -0.125 })
    expect(first.diffCi95[0]).toBeCloseTo(-0.21806, 4)
    expect(first.diffCi95[1]).toBeCloseTo(-0.03086, 4)
    expect(first.verdict).toBe('regression')
    const second = await compared(flips({ lost: 8, gained: 2, both: 40 }))
    expect(second).toMatchObject({ pairs: 50, verdict: 'no significant change' })
    expect(second.pExact).toBeCloseTo(0.109375, 12)
    expect(second.pMid).toBeCloseTo(0.0654296875, 12)
    expect(second.diffCi95.map((bound: number) => Math.round(-bound * 1e5) / 1e5)).toEqual([0.2548, -0.00466])
  })

  it('needs six flips all one way before it speaks of a change', async () => {
    expect((await compared(flips({ gained: 5, both: 20 }))).verdict).toBe('no significant change')
    const six = await compared(flips({ gained: 6, both: 20 }))
    expect(six.verdict).toBe('improvement')
    expect(six.pExact).toBeCloseTo(0.03125, 12)
  })

  it.each([
    [60, 'inconclusive', 1],
    [400, 'regressed', 1],
  ])('finds a planted loss of ten points among %i cases %s', async (n, verdict, code) => {
    const lost = n * 0.15
    const gained = n * 0.05
    const cwd = folder(flips({ lost, gained, both: n * 0.6, neither: n * 0.2 }))
    const ran = await compare(cwd, '--margin', '5%', '--json')
    expect([JSON.parse(ran.out).nonInferiority, ran.code]).toEqual([verdict, code])
    expect((await compare(cwd, '--margin', '5%')).out).toContain(`with a margin of 5.0 %: ${verdict}`)
  })

  it('is safe, and exits 0, where it loses less than the margin', async () => {
    const cwd = folder(flips({ lost: 2, gained: 2, both: 296 }))
    expect((await compare(cwd, '--margin', '0.05')).code).toBe(0)
    expect(await json(cwd, 'eval', 'compare', '--file', 'results.jsonl', '--margin', '5%')).toMatchObject({
      nonInferiority: 'safe',
      margin: 0.05,
    })
  })

  it('exits 1 for a regression without a margin, and 0 for anything else', async () => {
    expect((await compare(folder(flips({ lost: 9, both: 30 })))).code).toBe(1)
    expect((await compare(folder(flips({ gained: 9, both: 30 })))).code).toBe(0)
    expect((await compare(folder(flips({ both: 30 })))).code).toBe(0)
  })

  it('finds no evidence, not equality, where nothing flips', async () => {
    const found = await compared(flips({ both: 20, neither: 10 }), '--margin', '5%')
    expect(found).toMatchObject({
      pExact: 1,
      pMid: 1,
      diff: 0,
      verdict: 'no significant change',
      nonInferiority: 'inconclusive',
    })
  })

  it('leaves a case without a run of both out, and counts it', async () => {
    const rows = [...flips({ lost: 1, both: 9 }), { case: 'x', a: true, b: null }, { case: 'y', a: null, b: null }]
    expect(await compared(rows)).toMatchObject({ pairs: 10, unpaired: 2, aPass: 10, bPass: 9 })
  })

  it('reads the same from CSV, in whatever words passes are written', async () => {
    const cwd = temporaryFolder({ 'r.csv': 'case,a,b\nc1,true,pass\nc2,1,0\nc3,no,yes\nc4,,true\n' })
    expect(await json(cwd, 'eval', 'compare', '--file', 'r.csv')).toMatchObject({
      ...{ pairs: 3, unpaired: 1, aPass: 2, bPass: 2, lostCases: ['c2'], gainedCases: ['c3'], problems: [] },
    })
  })

  it('names bad rows by their line and goes on', async () => {
    const cwd = temporaryFolder({
      'r.jsonl':
        '{"case":"c1","a":true,"b":true}\n{"case":"c2","a":"often","b":true}\n{"a":1,"b":1}\n{"case":"c4","a":2,"b":1}\nnonsense\n',
    })
    const { err, code } = await pilot(cwd, ['eval', 'compare', '--file', 'r.jsonl'])
    expect(code).toBe(0)
    expect(err.split('\n').filter((line) => line.startsWith('problem'))).toEqual([
      'problem r.jsonl:2: a: expected true, false, a number from 0 to 1, or null',
      expect.stringMatching(/^problem r\.jsonl:3: .*case/),
      'problem r.jsonl:4: a: expected true, false, a number from 0 to 1, or null',
      expect.stringMatching(/^problem r\.jsonl:5: /),
    ])
  })

  it.each<[string, string, RegExp]>([
    [
      'one version only',
      '{"case":"c1","a":true,"b":null}\n',
      /no case with a result of both versions: of 1 cases each lacks one/,
    ],
    ['no known column', '{"case":"c1","x":1}\n', /line 1: neither a and b, nor a version/],
    ['a third version', '{"case":"c1","version":"C","pass":true}\n', /line 1: version: expected A or B/],
  ])('of %s exits 3 and says what rows look like', async (_, text, says) => {
    const ran: Ran = await pilot(temporaryFolder({ 'r.jsonl': text }), ['eval', 'compare', '--file', 'r.jsonl'])
    expect(ran.code).toBe(3)
    expect(ran.err).toMatch(says)
    expect(ran.err).toContain('Rows are {case, a, b}')
  })

  it.each([['1.5'], ['5'], ['-1%'], ['wide']])('refuses the margin %s', async (margin) => {
    expect((await compare(folder(flips({ both: 3 })), '--margin', margin)).code).toBe(2)
  })

  it('shows escape sequences in the names of cases instead of sending them', async () => {
    const { out } = await compare(folder([{ case: '\u001b[31mred', a: true, b: false }]))
    expect(out).toContain('\\u{1b}[31mred')
    expect(out).not.toContain('\u001b[31m')
  })
})

describe('pilot eval compare --file, of scores', () => {
  // Darwin's maize (Fisher 1935), as shares of 200: t, p and interval are those of R, divided by 100 where they have a unit.
  const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
  const rows = darwin.map((d, at) => ({ case: `pot ${at}`, a: 0.5 - d / 200, b: 0.5 + d / 200 }))

  it('gives the paired t of published data', async () => {
    const found = await compared(rows)
    expect(found).toMatchObject({ pairs: 15, cases: 15, unpaired: 0, test: 'paired t', verdict: 'improvement' })
    expect(found.aPass).toBeUndefined()
    expect(found.meanDiff).toBeCloseTo(0.209333333333, 10)
    expect(found.pValue).toBeCloseTo(0.049702944, 8)
    expect(found.ci95[0]).toBeCloseTo(0.00031193, 7)
    expect(found.ci95[1]).toBeCloseTo(0.41835473, 7)
    expect(found.signFlipP).toBeCloseTo(0.05267333984375, 12)
    // The difference over t, 20.9333333 / 2.147987461.
    expect(found.se).toBeCloseTo(0.0974555, 6)
  })

  it('averages repeats inside a case first', async () => {
    // Means of A: 0.5, 1, 0; of B: 1, 1, 0.5. Differences 0.5, 0, 0.5: mean 1/3, sd 0.288675, se 1/6, t 2, p of 2 df 0.183503.
    const runs = (id: string, version: string, passes: (boolean | null)[]) =>
      passes.map((pass, at) => ({ case: id, run: at + 1, version, pass }))
    const found = await compared([
      ...runs('x', 'A', [true, false]),
      ...runs('x', 'B', [true, true, null]),
      ...runs('y', 'a', [true, true]),
      ...runs('y', 'b', [true, true]),
      ...runs('z', 'A', [false, false]),
      ...runs('z', 'B', [true, false]),
      ...runs('only a', 'A', [true, true]),
    ])
    expect(found).toMatchObject({ cases: 3, unpaired: 1, test: 'paired t', verdict: 'no significant change' })
    expect(found.aMean).toBeCloseTo(0.5, 12)
    expect(found.bMean).toBeCloseTo(5 / 6, 12)
    expect(found.meanDiff).toBeCloseTo(1 / 3, 12)
    expect(found.se).toBeCloseTo(1 / 6, 12)
    // P(|t| > 2) with 2 degrees of freedom is 1 − 2 / √6.
    expect(found.pValue).toBeCloseTo(1 - 2 / Math.sqrt(6), 9)
    // sd of 0.5, 1, 0 is 0.5.
    expect(found.aSe).toBeCloseTo(0.5 / Math.sqrt(3), 12)
  })

  it('takes the standard error over clusters where cases share one', async () => {
    const differences = [1, 1, 0, 0, -1, 0, 1, 1, 0, 0, 0, 1]
    const found = await compared(
      differences.map((d, at) => ({ case: `c${at}`, cluster: `k${Math.floor(at / 2)}`, a: d < 0, b: d > 0 })),
    )
    expect(found).toMatchObject({ test: 'paired t over clusters', independent: 6 })
    expect(found.se).toBeCloseTo(0.2472066162, 9)
    expect(found.ci95[0]).toBeCloseTo(-0.3021315, 6)
    expect(found.ci95[1]).toBeCloseTo(0.9687982, 6)
  })

  it('of a single case has no interval and no p, and never NaN', async () => {
    const { out, code } = await compare(folder([{ case: 'c', a: 0.25, b: 0.75 }]), '--margin', '5%', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      pairs: 1,
      meanDiff: 0.5,
      se: null,
      ci95: null,
      pValue: null,
      nonInferiority: 'inconclusive',
    })
    expect((await compare(folder([{ case: 'c', a: 0.25, b: 0.75 }]))).out).not.toContain('NaN')
  })

  it('gives the same figures each time, whatever is drawn', async () => {
    const cwd = folder(rows)
    expect((await compare(cwd, '--json')).out).toBe((await compare(cwd, '--json')).out)
  })
})

describe('pilot eval compare where nothing varied', () => {
  it('is not certain of it after two cases with repeats, or in two clusters', async () => {
    const repeats = ['x', 'y'].flatMap((id) =>
      ['A', 'B'].flatMap((version) => [1, 2].map((run) => ({ case: id, run, version, pass: true }))),
    )
    const clusters = ['p', 'q', 'r', 's'].map((id, at) => ({
      case: id,
      cluster: at < 2 ? 'k1' : 'k2',
      a: true,
      b: true,
    }))
    for (const rows of [repeats, clusters]) {
      const { code, out } = await compare(folder(rows), '--margin', '5%', '--json')
      expect([code, JSON.parse(out).nonInferiority]).toEqual([1, 'inconclusive'])
    }
  })

  it('takes a case that is alone in its cluster for independent', async () => {
    const rows = flips({ lost: 8, gained: 2, both: 40 }).map((row) => ({ ...row, cluster: `session of ${row.case}` }))
    expect(await compared(rows)).toMatchObject({ test: 'exact McNemar' })
  })
})
