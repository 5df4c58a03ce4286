import { describe, expect, it } from 'vitest'
import { saveCertificate } from '../src/store/judges.js'
import { openStore } from '../src/store/open.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project } from './project.js'

interface Made {
  /** Case number → outcome of its check; all others pass. */
  fails?: number[]
  errors?: number[]
  n?: number
  tag?: (at: number) => string
  /** Added to the cases' input, so that they are other cases. */
  input?: string
}

/** Cases with the outputs that a suite with `equals` finds right, wrong, or has nothing to compare with. */
function cases({ fails = [], n = 40, tag, input = '' }: Made): string {
  return jsonLines(
    Array.from({ length: n }, (_, at) => ({
      id: `c${at}`,
      input: `question ${at}${input}`,
      expected: 'yes',
      output: fails.includes(at) ? 'no' : 'yes',
      ...(tag && { tags: [tag(at)] }),
    })),
  )
}

const suite = (checks: string, more = '') => `evals:
  suites:
    - id: answers
      dataset: cases.jsonl
      checks: [${checks}]
${more}`

const equals = '{ check: equals }'

/** A pilot that has run its suite once for each of these sets of outputs. */
async function runs(sets: readonly Made[], checks = equals, more = ''): Promise<string> {
  const cwd = project({}, suite(checks, more))
  for (const made of sets) {
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`${cwd}/cases.jsonl`, cases(made))
    const { code, err } = await pilot(cwd, ['eval', 'run'])
    expect(code, err).toBe(0)
  }
  return cwd
}

const compare = (cwd: string, ...argv: string[]) => pilot(cwd, ['eval', 'compare', ...argv])

describe('pilot eval compare of runs', () => {
  it('says safe and exits 0 where B loses less than the margin for certain', async () => {
    const cwd = await runs([{ n: 200 }, { n: 200 }])
    const { code, out } = await compare(cwd, 'answers-1', 'answers-2')
    expect(out).toContain('All that gate, with a margin of 5.0 %: safe.')
    expect(code).toBe(0)
  })

  it('says inconclusive and exits 1 on the same with forty cases', async () => {
    const cwd = await runs([{}, {}])
    expect((await compare(cwd, 'answers-1', 'answers-2')).code).toBe(1)
    expect(await json(cwd, 'eval', 'compare', 'answers-1', 'answers-2')).toMatchObject({
      verdict: 'inconclusive',
      margin: 0.05,
    })
  })

  it('names the cases that were lost, by id and in the order of A to B', async () => {
    const cwd = await runs([{ fails: [1] }, { fails: [2, 3, 4, 5, 6, 7, 8, 9, 10] }])
    const found = await json(cwd, 'eval', 'compare', 'answers-1', 'answers-2')
    expect(found.verdict).toBe('regressed')
    expect(found.checks[0]).toMatchObject({
      id: 'equals',
      gates: true,
      aPass: 39,
      bPass: 31,
      lost: 9,
      gained: 1,
      gainedCases: ['c1'],
    })
    expect(found.checks[0].lostCases.sort()).toEqual(['c10', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9'])
    const back = await json(cwd, 'eval', 'compare', 'answers-2', 'answers-1')
    expect(back.checks[0]).toMatchObject({ lost: 1, gained: 9, verdict: 'improvement' })
  })

  it('refuses other cases and says which', async () => {
    const cwd = await runs([{ n: 40 }, { n: 42 }])
    const ran = await compare(cwd, 'answers-1', 'answers-2')
    expect(ran.code).toBe(2)
    expect(ran.err).toContain('answers-1 and answers-2 are not comparable: the cases differ (2 only in answers-2).')
  })

  it('refuses cases with other inputs under the same ids', async () => {
    const cwd = await runs([{}, { input: '?' }])
    expect((await compare(cwd, 'answers-1', 'answers-2')).err).toContain(
      'the cases differ (40 with other inputs or reference)',
    )
  })

  it('refuses a check with other settings', async () => {
    const cwd = await runs([{}])
    const { readFileSync, writeFileSync } = await import('node:fs')
    writeFileSync(
      `${cwd}/pilot.yaml`,
      readFileSync(`${cwd}/pilot.yaml`, 'utf8').replace(equals, '{ check: equals, ignore_case: true }'),
    )
    await pilot(cwd, ['eval', 'run'])
    const ran = await compare(cwd, 'answers-1', 'answers-2')
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('the settings of equals differ')])
  })

  it('with --force compares what is shared, says so, and records it', async () => {
    const cwd = await runs([{ n: 40 }, { n: 42 }])
    const ran = await compare(cwd, 'answers-1', 'answers-2', '--force')
    expect(ran.out).toContain('forced, although the cases differ (2 only in answers-2)')
    const shown = await json(cwd, 'eval', 'show', 'answers-2')
    expect(shown.notes).toEqual(['compared with answers-1 by --force, although the cases differ (2 only in answers-2)'])
    expect((await json(cwd, 'eval', 'compare', 'answers-1', 'answers-2', '--force')).checks[0]).toMatchObject({
      pairs: 40,
      unpaired: 2,
    })
  })

  it('compares other cases unpaired with --independent', async () => {
    // Newcombe (1998): 56 of 70 against 48 of 80 differ by 0.2, from 0.0524 to 0.3339; here B is the second.
    const fails = (n: number, passed: number) => Array.from({ length: n - passed }, (_, at) => at)
    const cwd = await runs([
      { n: 80, fails: fails(80, 48) },
      { n: 70, fails: fails(70, 56), input: '!' },
    ])
    const { independent, verdict } = await json(cwd, 'eval', 'compare', 'answers-1', 'answers-2', '--independent')
    expect(verdict).toBe('safe')
    expect(independent[0].diff).toBeCloseTo(0.2, 12)
    expect(independent[0].diffCi95[0]).toBeCloseTo(0.0524315, 6)
    expect(independent[0].diffCi95[1]).toBeCloseTo(0.3338727, 6)
    expect((await compare(cwd, 'answers-1', 'answers-2', '--independent')).out).toContain(
      'the difference may be that of the cases',
    )
  })

  it.each([
    [['answers-1', 'answers-9'], /There is no run "answers-9"/],
    [['answers-1', 'answers-1'], /compared with itself/],
    [['answers-1'], /needs two runs, or a file/],
  ])('of %j exits 2', async (names, says) => {
    const cwd = await runs([{ n: 3 }])
    const ran = await compare(cwd, ...names)
    expect([ran.code, ran.err]).toEqual([2, expect.stringMatching(says)])
  })

  it('holds a check that only reports against nobody', async () => {
    const lost = [0, 1, 2, 3, 4, 5, 6, 7, 8]
    const cwd = await runs(
      [{ n: 200 }, { n: 200, fails: lost }],
      '{ check: equals, gate: false }, { check: not-empty }',
    )
    const found = await json(cwd, 'eval', 'compare', 'answers-1', 'answers-2')
    expect(found.verdict).toBe('safe')
    expect(found.checks.find(({ id }: { id: string }) => id === 'equals')).toMatchObject({
      gates: false,
      whyNot: 'it only reports',
      lost: 9,
    })
  })

  it('adjusts the p of several gates by Holm', async () => {
    const cwd = await runs(
      [{ n: 60 }, { n: 60, fails: [0, 1, 2, 3, 4, 5, 6] }],
      '{ check: equals }, { check: contains, value: yes }, { check: not-empty }'.replace('value: yes', "value: 'yes'"),
    )
    const { checks } = await json(cwd, 'eval', 'compare', 'answers-1', 'answers-2')
    // Seven of seven one way: 2 / 2^7 = 0.015625, twice; the third is 1. Holm: 3 · 0.015625, and no less for the second.
    const holm = Object.fromEntries(checks.map(({ id, pHolm }: { id: string; pHolm: number }) => [id, pHolm]))
    expect(holm.equals).toBeCloseTo(0.046875, 12)
    expect(holm.contains).toBeCloseTo(0.046875, 12)
    expect(holm['not-empty']).toBe(1)
  })

  it('compares by tag, adjusted over the tags', async () => {
    const tag = (at: number) => (at % 2 === 0 ? 'even' : 'odd')
    const cwd = await runs([
      { n: 60, tag },
      { n: 60, tag, fails: [0, 2, 4, 6, 8, 10, 12] },
    ])
    const [{ slices }] = (await json(cwd, 'eval', 'compare', 'answers-1', 'answers-2')).checks
    expect(
      slices.map(({ tag: name, pairs, lost }: { tag: string; pairs: number; lost: number }) => [name, pairs, lost]),
    ).toEqual([
      ['even', 30, 7],
      ['odd', 30, 0],
    ])
    expect(slices[0].pHolm).toBeCloseTo(0.03125, 12)
  })
})

describe('what was not judged', () => {
  const rows = (n: number, of: (at: number) => object) =>
    jsonLines(Array.from({ length: n }, (_, at) => ({ case: `c${at}`, check: 'right', ...of(at) })))

  it('under B is lost, as far as anybody knows', async () => {
    const cwd = temporaryFolder({
      'a.jsonl': rows(200, () => ({ pass: true })),
      'b.jsonl': rows(80, () => ({ pass: true })),
    })
    const found = await json(cwd, 'eval', 'compare', 'a.jsonl', 'b.jsonl', '--force')
    expect(found.checks[0]).toMatchObject({ pairs: 80, lost: 0, unpaired: 120, nonInferiority: 'inconclusive' })
  })

  it('of A does not help B where cases differ', async () => {
    const cwd = temporaryFolder({
      'a.jsonl': rows(200, (at) => (at < 100 ? { pass: true } : { score: null })),
      'b.jsonl': rows(200, (at) => ({ pass: at < 130 })),
    })
    const { independent } = await json(cwd, 'eval', 'compare', 'a.jsonl', 'b.jsonl', '--independent')
    expect(independent[0].diff).toBeCloseTo(0.15, 12)
    expect(independent[0].nonInferiority).toBe('inconclusive')
  })

  it('again and again is no more evidence: repeats count as one case', async () => {
    const again = (n: number) =>
      jsonLines(
        Array.from({ length: 10 }, (_, at) =>
          Array.from({ length: n }, (_, run) => ({ case: `c${at}`, run: run + 1, check: 'right', pass: at < 8 })),
        ).flat(),
      )
    const cwd = temporaryFolder({ 'a.jsonl': again(100), 'b.jsonl': again(100) })
    const { independent } = await json(cwd, 'eval', 'compare', 'a.jsonl', 'b.jsonl', '--independent')
    // 8 of 10 twice: a standard error of √(2 · 0.16 / 9) = 0.189, and not of 1,000 outputs.
    expect(independent[0].diffCi95[1]).toBeGreaterThan(0.35)
    expect(independent[0].nonInferiority).toBe('inconclusive')
  })
})

describe('a check that asks a judge', () => {
  const judged = `judges:
  - { id: helpful, model: m, endpoint: 'http://127.0.0.1:9/v1', rubric: It helps., retries: 0, timeout: 1s }
`
  const checks = '{ check: not-empty }, { check: rubric, judge: helpful }'

  it('holds no release without a certificate, with one that was refused, and with one that has expired', async () => {
    const cwd = project({ 'cases.jsonl': cases({ n: 2 }) }, suite(checks, judged))
    await pilot(cwd, ['eval', 'run'])
    const shown = await json(cwd, 'eval', 'show')
    const use = shown.checks.find(({ id }: { id: string }) => id === 'rubric')
    expect(use).toMatchObject({
      gates: false,
      whyNot: 'the judge helpful has no certificate: pilot judge validate helpful',
      error: 2,
    })
    const [{ hash }] = (await json(cwd, 'judge', 'list')).judges
    const certificate = {
      ...{ judge: 'helpful', judgeHash: hash, items: 100, tpr: undefined, tnr: undefined, kappa: 0.8, ac1: 0.8 },
      ...{ granted: true, reasons: [] as string[], issuedMs: 1, expiresMs: Date.UTC(2026, 2, 3, 12) },
    }
    const keep = (more: object) => {
      const db = openStore(`${cwd}/.pilot/pilot.db`, 'write')
      saveCertificate(db, { ...certificate, ...more })
      db.close()
    }
    const whyNot = async () =>
      (await json(cwd, 'eval', 'show')).checks.find(({ id }: { id: string }) => id === 'rubric').whyNot
    keep({})
    expect(await whyNot()).toBe('the certificate of the judge helpful has expired: pilot judge validate helpful')
    keep({ issuedMs: 2, expiresMs: certificate.expiresMs + 1 })
    expect(await whyNot()).toBeNull()
    keep({ issuedMs: 3, granted: false, reasons: ['kappa is 0.30, below 0.6'] })
    expect(await whyNot()).toBe('the judge helpful was refused its certificate: kappa is 0.30, below 0.6')
  })

  it('counts as safe only if it is so whatever its errors hide', async () => {
    const rows = (error: boolean) =>
      jsonLines(
        Array.from({ length: 200 }, (_, at) => ({
          case: `c${at}`,
          check: 'right',
          ...(error && at < 12 ? { score: null } : { pass: true }),
        })),
      )
    const cwd = temporaryFolder({ 'a.jsonl': rows(false), 'b.jsonl': rows(true) })
    const found = await json(cwd, 'eval', 'compare', 'a.jsonl', 'b.jsonl')
    expect(found.checks[0]).toMatchObject({
      errors: { a: 0, b: 12 },
      pairs: 188,
      lost: 0,
      nonInferiority: 'inconclusive',
    })
    const without = temporaryFolder({ 'a.jsonl': rows(false), 'b.jsonl': rows(false) })
    expect((await json(without, 'eval', 'compare', 'a.jsonl', 'b.jsonl')).verdict).toBe('safe')
  })
})
