import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Answerer, serve } from './fault-server.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project } from './project.js'

/** A judge that finds whatever is kind good, and says what it is told for two of the outputs. */
const judge: Answerer = (response, { body }) => {
  const { messages } = JSON.parse(body) as { messages: { content: string }[] }
  const { output } = JSON.parse(messages.at(-1)!.content.split('\n').at(-1)!) as { output: string }
  const says: Record<string, string> = { 'odd 1': 'Hm, hard to say.', 'odd 2': '{"verdict":"pass","reason":"fine"}' }
  const content = says[output] ?? JSON.stringify({ verdict: output.startsWith('kind') ? 'pass' : 'fail', reason: 'so' })
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }] }))
}

const outputs = [
  ...Array.from({ length: 40 }, (_, at) => `kind ${at}`),
  ...Array.from({ length: 18 }, (_, at) => `rude ${at}`),
  ...['odd 1', 'odd 2'],
]

async function judged(labels: (output: string) => string | undefined) {
  const { url, received } = await serve(judge)
  const cwd = project(
    {
      'cases.jsonl': jsonLines(outputs.map((output, at) => ({ id: `c${at}`, input: `question ${at}`, output }))),
      'labels.jsonl': jsonLines(
        outputs.flatMap((output, at) => {
          const value = labels(output)
          return value === undefined ? [] : [{ item: `c${at}`, name: 'kindness', value, by: 'a1' }]
        }),
      ),
    },
    `evals:
  suites:
    - id: answers
      dataset: cases.jsonl
      checks: [{ check: not-empty }, { check: rubric, judge: kindness }]
judges:
  - { id: kindness, model: m, endpoint: '${new URL('/v1', url).href}', rubric: The answer is kind., retries: 0, valid_for: 30 }
`,
  )
  expect((await pilot(cwd, ['ingest', '--as', 'labels', 'labels.jsonl'])).code).toBe(0)
  expect((await pilot(cwd, ['eval', 'run'])).code).toBe(0)
  return { cwd, received }
}

const right = (output: string) => (output.startsWith('kind') ? 'pass' : 'fail')
const rubricOf = async (cwd: string) =>
  (await json(cwd, 'eval', 'show')).checks.find(({ id }: { id: string }) => id === 'rubric')

describe('pilot judge validate', () => {
  it('grants a certificate to a judge that agrees with people, asks nothing twice, and lets it hold a release', async () => {
    const { cwd, received } = await judged(right)
    expect(received).toHaveLength(60)
    expect((await rubricOf(cwd)).gates).toBe(false)
    const ran = await pilot(cwd, ['judge', 'validate', 'kindness'])
    expect(ran.code, ran.out).toBe(0)
    expect(ran.err).toContain('The certificate of kindness lasts until 2026-04-02.')
    expect(received).toHaveLength(60)
    const found = await json(cwd, 'judge', 'validate', 'kindness')
    // 40 of 40 kind ones; 18 of the 19 others that it gave a verdict on; one verdict was none.
    expect(found).toMatchObject({
      items: 60,
      unparseable: 1,
      agree: 58,
      tpr: 1,
      tnr: 18 / 19,
      humanPositive: 40,
      run: 'answers-1',
    })
    expect(found.certificate).toMatchObject({ granted: true, judge: 'kindness' })
    expect(await rubricOf(cwd)).toMatchObject({ gates: true, pass: 41, fail: 18, error: 1 })
    expect((await pilot(cwd, ['judge', 'list'])).out).toMatch(/kindness .* until 2026-04-02/)
  })

  it('no longer holds it for another rubric', async () => {
    const { cwd } = await judged(right)
    await pilot(cwd, ['judge', 'validate', 'kindness'])
    const path = join(cwd, 'pilot.yaml')
    writeFileSync(path, readFileSync(path, 'utf8').replace('is kind.', 'is kind and short.'))
    expect((await pilot(cwd, ['judge', 'list'])).out).toContain('no: the judge kindness has no certificate')
  })

  it('refuses one that does not agree, exits 1, and keeps the refusal', async () => {
    const { cwd } = await judged((output) => (Number(output.split(' ')[1]) % 2 === 0 ? 'yes' : 'no'))
    expect((await pilot(cwd, ['judge', 'validate', 'kindness'])).code).toBe(1)
    expect((await rubricOf(cwd)).whyNot).toMatch(/was refused its certificate: kappa is/)
  })

  it('measures its consistency by asking again, and what nobody labelled with --all', async () => {
    const { cwd, received } = await judged((output) => (/[05]$/.test(output) ? undefined : right(output)))
    const found = await json(cwd, 'judge', 'validate', 'kindness', '--repeat', '2', '--all')
    expect(received.length).toBeGreaterThan(60)
    expect(found.selfConsistency).toMatchObject({ rate: 1 })
    const unlabelled = outputs.filter((output) => /[05]$/.test(output))
    expect(found.corrected).toMatchObject({
      n: unlabelled.length,
      raw: unlabelled.filter((each) => each.startsWith('kind')).length / unlabelled.length,
    })
  })

  it.each([
    [['kindnes'], 'error pilot.yaml has no judge kindnes.\nDid you mean kindness?\n'],
    [
      [],
      'error Which judge is meant?\npilot judge validate JUDGE, one that pilot judge list shows; or pilot judge validate --file FILE\n',
    ],
    [
      ['kindness', '--name', 'tone'],
      'error No run has an output that people labelled with tone.\npilot label start --run RUN --name tone --by ALIAS, or pilot ingest --as labels FILE\n',
    ],
  ])('of %j exits 2 and says what to do', async (words, err) => {
    const { cwd } = await judged(right)
    expect(await pilot(cwd, ['judge', 'validate', ...words])).toEqual({ code: 2, out: '', err })
  })
})
