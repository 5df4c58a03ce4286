import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { CheckComparison } from '../src/core/eval/compare-runs.js'
import type { Outcome } from '../src/core/eval/result.js'
import type { EvalRun, RunCheck, RunResult } from '../src/core/eval/run.js'
import { summariseRun } from '../src/core/eval/summarise.js'
import { commentText } from '../src/reports/comment-text.js'
import type { ComparedRuns } from '../src/reports/compare-runs.js'
import { formatComparisonMarkdown, formatRunsMarkdown } from '../src/reports/eval-markdown.js'
import { formatComparisonAnnotations, formatRunAnnotations } from '../src/reports/github.js'
import { formatComparisonJunit, formatRunJunit } from '../src/reports/junit.js'
import { visible } from '../src/reports/text.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project } from './project.js'
import { readme } from './readme.js'
import { parseXml } from './xml.js'

const suiteOf = (checks: string, more = '') => `evals:
  suites:
    - id: answers
      dataset: cases.jsonl
${more}      checks:
${checks}`
const equals = '        - { check: equals }\n'

/** Cases whose outputs are right but for those named. */
const casesOf = (n: number, wrong: readonly number[], more: object = {}) =>
  jsonLines(
    Array.from({ length: n }, (_, index) => ({
      id: `c${index}`,
      input: `q${index}`,
      expected: 'yes',
      output: wrong.includes(index) ? 'no' : 'yes',
      ...more,
    })),
  )

/** A project with a run of each of these datasets, in order. */
async function ranOn(datasets: readonly string[], checks = equals): Promise<string> {
  const cwd = project({ 'cases.jsonl': '' }, suiteOf(checks))
  for (const [index, rows] of datasets.entries()) {
    writeFileSync(join(cwd, 'cases.jsonl'), rows)
    const ran = await pilot(cwd, ['eval', 'run'], { nowMs: Date.UTC(2026, 2, 3, 12 + index) })
    expect(ran.err).not.toContain('error')
  }
  return cwd
}

const read = (cwd: string, file: string) => readFileSync(join(cwd, file), 'utf8')

/** What the parsers of this machine say of a document; empty where all take it. */
function complaints(text: string): string {
  const parsers = [
    ['xmllint', '--noout', '-'],
    ['python3', '-c', 'import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())'],
  ] as const
  return parsers
    .map(([program, ...argv]) => spawnSync(program, argv, { input: text, encoding: 'utf8' }))
    .filter(({ error }) => error === undefined)
    .map(({ stderr }) => stderr)
    .join('')
}

const gate: RunCheck = { id: 'equals', hash: 'h', gate: true }
const runOf = (more: Partial<EvalRun> = {}): EvalRun => ({
  id: 'answers-1',
  suite: 'answers',
  startedMs: Date.UTC(2026, 2, 3, 12),
  finishedMs: Date.UTC(2026, 2, 3, 13),
  target: 'recorded',
  targetHash: 't',
  casesHash: 'c',
  cases: 1,
  repeats: 1,
  checks: [gate],
  notes: [],
  ...more,
})
const resultOf = (outcome: Outcome, more: Partial<RunResult> = {}): RunResult => ({
  caseId: 'c1',
  repeat: 1,
  check: 'equals',
  outcome,
  reason: 'because',
  ...more,
})
const listed = (run: EvalRun, results: readonly RunResult[]) => ({
  summary: summariseRun(run, { cases: [], results, gates: new Set() }),
  gates: new Map<string, string>(),
  results,
  latencyMs: () => undefined,
})

/** A comparison of 50 cases of one check, as far as reports look at it. */
const comparisonOf = (more: Partial<CheckComparison>): CheckComparison => ({
  id: 'equals',
  gate: { gates: true },
  comparison: undefined,
  scores: undefined,
  pHolm: undefined,
  errors: [0, 0],
  verdict: undefined,
  slices: [],
  ...more,
})
const comparedOf = (checks: CheckComparison[], more: Partial<ComparedRuns> = {}): ComparedRuns => ({
  a: runOf(),
  b: runOf({ id: 'answers-2' }),
  margin: 0.05,
  notes: [],
  paired: { a: runOf(), b: runOf(), margin: 0.05, checks, verdict: 'inconclusive' },
  independent: undefined,
  ...more,
})

describe('--junit of a run', () => {
  it('has a case per output, with what failed, what ended in an error and what had nothing to be judged by', async () => {
    const cwd = project(
      {
        'cases.jsonl': jsonLines([
          { id: 'right', input: 'q', expected: 'yes', output: 'yes', latency_ms: 1250 },
          { id: 'wrong', input: 'q', expected: 'yes', output: '<no> & "no"' },
          { id: 'open', input: 'q', output: 'yes', latency_ms: 0 },
        ]),
      },
      suiteOf(`${equals}        - { check: command, run: [./there-is-none], id: own, gate: false }\n`),
    )
    const ran = await pilot(cwd, ['eval', 'run', '--junit', 'eval.xml'])
    expect(ran.err).toContain('Wrote eval.xml.\n')
    const text = read(cwd, 'eval.xml')
    const { attributes, children } = parseXml(text)
    expect(complaints(text)).toBe('')
    expect(attributes).toEqual({ name: 'pilot eval', tests: '6', failures: '1', errors: '3', skipped: '1' })
    expect(children.map((suite) => suite.attributes)).toEqual([
      {
        name: 'answers-1 equals',
        tests: '3',
        failures: '1',
        errors: '0',
        skipped: '1',
        timestamp: '2026-03-03T12:00:00',
      },
      { name: 'answers-1 own', tests: '3', failures: '0', errors: '3', skipped: '0', timestamp: '2026-03-03T12:00:00' },
    ])
    const [open, right, wrong] = children[0]!.children
    const classname = 'answers.equals'
    expect(right).toEqual({ name: 'testcase', attributes: { classname, name: 'right', time: '1.250' }, children: [] })
    expect(open!.attributes).toEqual({ classname, name: 'open', time: '0.000' })
    expect(open!.children.map(({ name }) => name)).toEqual(['skipped'])
    expect(wrong!.attributes).toEqual({ classname, name: 'wrong' })
    expect(wrong!.children.map(({ name }) => name)).toEqual(['failure'])
    expect(children[1]!.children.map((each) => each.children[0]!.name)).toEqual(['error', 'error', 'error'])
  })

  it('tells repeats apart, and shows no run that was cut off as green', () => {
    const run = runOf({ repeats: 2, cases: 3, finishedMs: undefined })
    expect(
      formatRunJunit([listed(run, [resultOf('pass'), resultOf('pass', { repeat: 2 })])]),
    ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pilot eval" tests="3" failures="0" errors="1" skipped="0">
  <testsuite name="answers-1 equals" tests="2" failures="0" errors="0" skipped="0" timestamp="2026-03-03T12:00:00">
    <testcase classname="answers.equals" name="c1 #1"/>
    <testcase classname="answers.equals" name="c1 #2"/>
  </testsuite>
  <testsuite name="answers-1" tests="1" failures="0" errors="1" skipped="0" timestamp="2026-03-03T12:00:00">
    <testcase classname="answers" name="whole"><error message="not whole: 2 of 6 outputs"/></testcase>
  </testsuite>
</testsuites>
`)
  })

  it('lists all gates together only where they alone were asked for', async () => {
    const cwd = await ranOn([casesOf(2, [1])], `${equals}        - { check: not-empty }\n`)
    await pilot(cwd, ['eval', 'show', '--junit', 'all.xml'])
    await pilot(cwd, ['eval', 'show', '--check', 'all gates', '--junit', 'together.xml'])
    const names = (file: string) => parseXml(read(cwd, file)).children.map(({ attributes }) => attributes.name)
    expect(names('all.xml')).toEqual(['answers-1 equals', 'answers-1 not-empty'])
    expect(names('together.xml')).toEqual(['answers-1 all gates'])
    expect(parseXml(read(cwd, 'together.xml')).attributes).toMatchObject({ tests: '2', failures: '1' })
  })

  it('is XML 1.0 whatever stands in a case or a reason', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      fc.constantFrom(']]>', '--><x>', '&#0;', '&amp', '"><failure/>', '\u0000', '\ud800', '\uffff', '\u0085\u2028'),
    )
    fc.assert(
      fc.property(anything, anything, (caseId, reason) => {
        const [suite] = parseXml(formatRunJunit([listed(runOf(), [resultOf('fail', { caseId, reason })])])).children
        const { attributes, children } = suite!.children[0]!
        const shown = (text: string) =>
          visible(text).replaceAll('\ufffe', '\\u{fffe}').replaceAll('\uffff', '\\u{ffff}')
        expect(attributes.name).toBe(shown(caseId))
        expect(children[0]!.attributes.message).toBe(shown(reason))
      }),
    )
    const every = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join('')
    expect(complaints(formatRunJunit([listed(runOf(), [resultOf('fail', { caseId: every })])]))).toBe('')
  })
})

describe('--junit of a comparison', () => {
  it('fails a gate that is not safe, and leaves out what only reports', async () => {
    const checks = `${equals}        - { check: not-empty }\n        - { check: contains, value: yes, gate: false }\n`
    const cwd = await ranOn([casesOf(20, []), casesOf(20, [...Array(15).keys()])], checks)
    const ran = await pilot(cwd, ['eval', 'compare', 'answers-1', 'answers-2', '--junit', 'cmp.xml'])
    expect(ran.code).toBe(1)
    const { attributes, children } = parseXml(read(cwd, 'cmp.xml'))
    expect(attributes).toEqual({ name: 'pilot eval', tests: '2', failures: '2', errors: '0', skipped: '0' })
    expect(children[0]!.attributes.name).toBe('answers-2 against answers-1')
    const messages = children[0]!.children.map((each) => [each.attributes.name, each.children[0]?.attributes.message])
    expect(messages).toEqual([
      [
        'equals',
        expect.stringMatching(/^regressed: B − A −75\.0 points, 95 % CI −\d.+ to −\d.+, n 20, margin 5\.0 %$/),
      ],
      // 20 cases without a change cannot rule out a loss of 5 points.
      ['not-empty', expect.stringMatching(/^inconclusive: B − A 0\.0 points, .+, n 20, margin 5\.0 %$/)],
    ])
  })

  it('passes what is safe', async () => {
    const cwd = await ranOn([casesOf(200, []), casesOf(200, [])])
    const ran = await pilot(cwd, ['eval', 'compare', 'answers-1', 'answers-2', '--junit', 'cmp.xml'])
    expect(ran.code).toBe(0)
    expect(parseXml(read(cwd, 'cmp.xml')).children[0]!.children).toEqual([
      { name: 'testcase', attributes: { classname: 'answers.compare', name: 'equals' }, children: [] },
    ])
  })

  it('fails where no check holds the release, and where nothing was judged under both', () => {
    const none = formatComparisonJunit(comparedOf([comparisonOf({ gate: { gates: false, why: 'it only reports' } })]))
    expect(parseXml(none).children[0]!.children).toEqual([
      {
        name: 'testcase',
        attributes: { classname: 'answers.compare', name: 'gates' },
        children: [
          {
            name: 'failure',
            attributes: {
              message: 'inconclusive: no check holds the release, so that nothing shows it to be safe',
            },
            children: [],
          },
        ],
      },
    ])
    const unjudged = parseXml(formatComparisonJunit(comparedOf([comparisonOf({})])))
    expect(unjudged.children[0]!.children[0]!.children[0]!.attributes.message).toBe(
      'not measured: no case was judged under both',
    )
  })
})

describe('--markdown', () => {
  it('of a comparison is a comment that a bot can find, with the verdict in its title and cases by their ids', async () => {
    const cwd = await ranOn([casesOf(20, [18]), casesOf(20, [...Array(15).keys()])])
    const ran = await pilot(cwd, ['eval', 'compare', 'answers-1', 'answers-2', '--markdown', '-'])
    const lines = ran.out.split('\n')
    expect(lines.slice(0, 8)).toEqual([
      '<!-- pilot-eval:answers -->',
      '',
      '### Eval answers: regressed, with a margin of 5.0 %',
      '',
      'B answers-2 against A answers-1',
      '',
      '| check | cases | A | B | B − A | 95 % CI | p | Holm | verdict |',
      '| :-- | --: | --: | --: | --: | --: | --: | --: | :-- |',
    ])
    expect(lines[8]).toMatch(/^\| equals \| 20 \| 95\.0 % \| 25\.0 % \| −70\.0 \| .+ \| regressed \|$/)
    expect(ran.out.slice(ran.out.indexOf('<details>'))).toBe(`<details><summary>Cases that changed</summary>

- equals, passed under A and fails under B: c0, c1, c10, c11, c12, c13, c14, c2, c3, c4 and 5 more
- equals, failed under A and passes under B: c18

</details>
`)
  })

  it('of runs shows rates and ids, no reason and no output', async () => {
    const cwd = await ranOn([casesOf(4, [3]).replace('"no"', '"SECRET"')])
    const { out } = await pilot(cwd, ['eval', 'show', '--markdown', '-'])
    expect(out).toMatch(/^<!-- pilot-eval:answers -->\n\n### Eval answers: 75\.0 % \(n 4, 95 % CI .+\) pass equals\n/)
    expect(out).toContain('- equals: c3\n')
    expect(out).not.toContain('SECRET')
  })

  it('leaves no mention, table, link or HTML of a hostile text', () => {
    const zero = '&#8203;'
    expect(commentText('@jane and me@example.com')).toBe(`@${zero}jane and me@${zero}example.com`)
    expect(commentText('#12 o/r#3 gh-4')).toBe(`#${zero}12 o/r#${zero}3 gh-${zero}4`)
    expect(commentText('a | b \\| c')).toBe('a \\| b \\\\\\| c')
    expect(commentText('</details><img src=x>')).toBe('&lt;/details&gt;&lt;img src=x&gt;')
    expect(commentText('[x](y) `z` $w$')).toBe('\\[x\\](y) \\`z\\` &#36;w&#36;')
    expect(commentText('https://a.example www.b.example')).toBe('https&#58;//a.example www&#46;b.example')
    expect(commentText(':white_check_mark:')).toBe(`:${zero}white\\_check\\_mark:`)
    expect(commentText('a\n## b')).toBe(`a\\\\u{a}#${zero}#${zero} b`)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = commentText(text)
        expect(shown).not.toMatch(/[<>\n\r]|@(?!&#8203;)/)
        // A table ends its cells at each bar behind an even number of backslashes.
        expect(shown).not.toMatch(/(?<!\\)(?:\\\\)*\|/)
      }),
    )
  })

  it('keeps a hostile suite out of its marker', () => {
    const run = runOf({ suite: '--><script>@all' })
    const text = formatRunsMarkdown([listed(run, [resultOf('pass')])])
    expect(text.split('\n')[0]).toBe('<!-- pilot-eval:-script-all -->')
    expect(text).not.toContain('<script>')
  })

  it('is cut at 60,000 characters and says so, with every part closed', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ id: `check-${index}`, hash: 'h', gate: true }))
    const results = many.map(({ id }) => resultOf('fail', { check: id, caseId: '@'.repeat(500) }))
    const cutInTable = formatRunsMarkdown([listed(runOf({ checks: many }), results)])
    expect(cutInTable.length).toBeLessThanOrEqual(60_000)
    expect(cutInTable.length).toBeGreaterThan(59_000)
    expect(cutInTable).toMatch(/\|\n\n\nCut here, at the length that a comment may have\. .+\n$/)

    const some = many.slice(0, 100)
    const cutInDetails = formatRunsMarkdown([listed(runOf({ checks: some }), results.slice(0, 100))])
    expect(cutInDetails.length).toBeLessThanOrEqual(60_000)
    expect(cutInDetails).toMatch(/<details>[\s\S]+\n<\/details>\n\nCut here/)
    expect(formatRunsMarkdown([listed(runOf({ checks: some.slice(0, 20) }), results.slice(0, 20))])).not.toContain(
      'Cut',
    )
  })

  it('of an unmeasured comparison says so', () => {
    expect(formatComparisonMarkdown(comparedOf([comparisonOf({})]))).toContain(
      '| equals | 0 | — | — | — | — | — | — | not measured |',
    )
  })
})

describe('--github', () => {
  it('prints an error for what regressed, a warning for what is open, a notice for what is safe', async () => {
    const checks = `${equals}        - { check: matches, pattern: '^(yes|no)$' }\n        - { check: contains, value: yes, id: 'rep', gate: false }\n`
    const cwd = await ranOn([casesOf(200, []), casesOf(200, [...Array(100).keys()])], checks)
    const ran = await pilot(cwd, ['eval', 'compare', 'answers-1', 'answers-2', '--github'])
    expect(ran.out.split('\n').filter((line) => line.startsWith('::'))).toEqual([
      expect.stringMatching(
        /^::error title=answers equals%3A regressed::B − A −50\.0 points, 95 %25 CI .+, n 200, margin 5\.0 %25$/,
      ),
      expect.stringMatching(/^::notice title=answers matches%3A safe::B − A 0\.0 points, .+$/),
    ])
  })

  it('warns of gates that some outputs do not pass, or that may not hold, and errs where a gate judged nothing', () => {
    const checks: RunCheck[] = ['some', 'all', 'none', 'lost', 'reports'].map((id) => ({
      ...gate,
      id,
      gate: id !== 'reports',
    }))
    const run = runOf({ checks, cases: 2 })
    const results = checks.flatMap(({ id: check }) => [
      resultOf(check === 'none' ? 'error' : 'pass', { check }),
      resultOf(check === 'none' ? 'unscored' : check === 'all' ? 'pass' : 'fail', { check, caseId: 'c2' }),
    ])
    const gates = new Map([
      ['lost', 'the judge x has no certificate'],
      ['reports', 'it only reports'],
    ])
    expect(
      formatRunAnnotations([{ summary: summariseRun(run, { cases: [], results, gates: new Set() }), gates }]),
    ).toEqual([
      '::error title=answers-1 none::judged nothing: 1 errors',
      '::warning title=answers-1 some::1 of 2 pass (50.0 %25)',
      '::warning title=answers-1 lost::holds no release: the judge x has no certificate',
      '::notice title=answers-1 all::2 of 2 pass (100 %25)',
    ])
  })

  it('prints at most ten, the worst first, and escapes what the runner would take for its own', () => {
    const checks = Array.from({ length: 12 }, (_, index) =>
      comparisonOf({ id: `k${index}`, verdict: index === 11 ? 'regressed' : 'safe' }),
    )
    const lines = formatComparisonAnnotations(comparedOf(checks))
    expect(lines).toHaveLength(10)
    expect(lines[0]).toBe('::error title=answers k11%3A regressed::no case was judged under both')
    expect(lines[9]).toBe('::notice title=pilot eval::3 more stand in the summary')
    expect(formatComparisonAnnotations(comparedOf(checks.slice(0, 10)))).toHaveLength(10)

    const [line] = formatComparisonAnnotations(comparedOf([comparisonOf({ id: '50%,\r\n::error::x' })]))
    expect(line).toBe(
      '::warning title=answers 50%25%2C\\u{d}\\u{a}%3A%3Aerror%3A%3Ax%3A not measured::no case was judged under both',
    )
  })

  it('warns where no check holds the release, and names a judge without a certificate', () => {
    const why = 'the judge tone has no certificate: pilot judge validate tone'
    expect(formatComparisonAnnotations(comparedOf([comparisonOf({ gate: { gates: false, why } })]))).toEqual([
      `::warning title=answers equals::holds no release: ${why}`,
      '::warning title=answers%3A inconclusive::no check holds the release',
    ])
  })

  it('adds the comment to the summary of the job, and leaves the document of --json whole', async () => {
    const cwd = await ranOn([casesOf(4, [3])])
    writeFileSync(join(cwd, 'summary.md'), 'before')
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') }
    const ran = await pilot(cwd, ['eval', 'show', '--github', '--json'], { env })
    expect(JSON.parse(ran.out)).toMatchObject({ schemaVersion: 1, id: 'answers-1' })
    expect(ran.err).toBe('::warning title=answers-1 equals::3 of 4 pass (75.0 %25)\n')
    await pilot(cwd, ['eval', 'show', '--github', '--markdown', 'again.md'], { env })
    const comment = read(cwd, 'again.md')
    expect(read(cwd, 'summary.md')).toBe(`before\n${comment}${comment}`)
  })

  it('says where the summary cannot be written', async () => {
    const cwd = await ranOn([casesOf(2, [])])
    const ran = await pilot(cwd, ['eval', 'show', '--github'], { env: { GITHUB_STEP_SUMMARY: join(cwd, 'no/file') } })
    expect(ran).toMatchObject({ code: 3, err: expect.stringContaining('ENOENT') })
  })
})

describe('the files', () => {
  it('are its owner’s alone, replace one that is there, and go nowhere but to a file', async () => {
    const cwd = await ranOn([casesOf(2, [])])
    writeFileSync(join(cwd, 'eval.xml'), 'old')
    mkdirSync(join(cwd, 'folder'))
    await pilot(cwd, ['eval', 'show', '--junit', 'eval.xml', '--markdown', 'eval.md'])
    expect(parseXml(read(cwd, 'eval.xml')).name).toBe('testsuites')
    expect(statSync(join(cwd, 'eval.md')).mode & 0o777).toBe(0o600)
    for (const option of ['--junit', '--markdown'])
      for (const place of ['folder', '/dev/null'])
        expect(await pilot(cwd, ['eval', 'show', option, place])).toMatchObject({
          code: 3,
          err: expect.stringContaining('it is no regular file.'),
        })
  })

  it('are refused before anything ran where two documents would share standard output, or there is no run', async () => {
    const cwd = project({ 'cases.jsonl': casesOf(2, []) }, suiteOf(equals))
    expect(await pilot(cwd, ['eval', 'run', '--json', '--markdown', '-'])).toEqual({
      code: 2,
      out: '',
      err: 'error --json and --markdown - would share standard output.\nName a file: --markdown eval.md\n',
    })
    expect(existsSync(join(cwd, '.pilot'))).toBe(false)
    writeFileSync(join(cwd, 'ab.jsonl'), jsonLines([{ case: 'c', a: true, b: true }]))
    const ran = await pilot(cwd, ['eval', 'compare', '--file', 'ab.jsonl', '--junit', 'x.xml'])
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('not about --file.') })
  })

  it('print nothing but the comment on standard output', async () => {
    const cwd = await ranOn([casesOf(2, [])])
    const ran = await pilot(cwd, ['eval', 'run', '--markdown', '-', '--github'])
    expect(ran.out).toMatch(/^<!-- pilot-eval:answers -->\n/)
    expect(ran.out).not.toContain('::notice')
    expect(ran.err).toContain('::notice title=answers-2 equals::2 of 2 pass (100 %25)\n')
    expect((await json(cwd, 'eval', 'list')).runs).toHaveLength(2)
  })
})

describe('the workflow in README.md', () => {
  const [, text = ''] = /^```yaml\n(name: eval\n[\s\S]+?)^```$/m.exec(readme) ?? []
  const workflow = parse(text)
  const steps: { name?: string; uses?: string; run?: string; env?: object }[] = workflow.jobs.eval.steps

  it('may read the code and write the comment, and gives the key to one step', () => {
    expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' })
    expect(Object.keys(workflow.on)).toEqual(['pull_request'])
    expect(steps.filter(({ env }) => JSON.stringify(env ?? {}).includes('secrets.'))).toHaveLength(1)
    expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual(['actions/checkout@v4', 'actions/setup-node@v4'])
    // What GitHub fills in stands in variables: in a script it would be run.
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([])
  })

  it('has commands that run, and a script that finds its comment by the marker', async () => {
    const cwd = project({ 'cases.jsonl': casesOf(200, []) }, suiteOf(equals))
    const commands = steps.flatMap(({ run = '' }) => run.split('\n').filter((line) => line.startsWith('pilot ')))
    const ran = []
    for (const line of commands) ran.push(await pilot(cwd, line.split(' ').slice(1)))
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(ran[2]!.out).toContain('::notice title=answers equals%3A safe::')

    const script = steps.find(({ name }) => name === 'Comment')!.run!
    // A `gh` that keeps its arguments, and has found a comment only if it is asked for this marker. Read by a shell: a file that
    // was just written cannot be run while another test starts a program.
    const gh = `for each; do case $each in *'<!-- pilot-eval:answers -->'*) echo 17; echo 18;; esac; done
printf '%s\\n' "$*" >> calls
`
    for (const [marker, call] of [
      ['answers', 'api --silent --method PATCH repos/o/r/issues/comments/17 -F body=@eval.md'],
      ['others', 'api --silent repos/o/r/issues/3/comments -F body=@eval.md'],
    ]) {
      writeFileSync(join(cwd, 'eval.md'), read(cwd, 'eval.md').replace(/pilot-eval:\w+/, `pilot-eval:${marker}`))
      writeFileSync(join(cwd, 'gh.sh'), gh)
      const env = { PATH: process.env.PATH, GITHUB_REPOSITORY: 'o/r', NUMBER: '3' }
      const withGh = `gh() { sh gh.sh "$@"; }\n${script}`
      expect(
        spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', withGh], {
          cwd,
          env,
          encoding: 'utf8',
        }),
      ).toMatchObject({
        status: 0,
        stderr: '',
      })
      expect(read(cwd, 'calls').trimEnd().split('\n').at(-1)).toBe(call)
    }
  })
})
