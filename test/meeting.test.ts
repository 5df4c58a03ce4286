import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Chalk } from 'chalk'
import { describe, expect, it, onTestFinished } from 'vitest'
import { forAudience } from '../src/core/audience/scorecard.js'
import { assembleScorecard, type Scorecard } from '../src/core/scorecard.js'
import { criteria } from '../src/criteria/index.js'
import { formatScorecardHtml } from '../src/reports/html/page.js'
import { formatReview } from '../src/reports/review.js'
import { formatScorecardJson } from '../src/reports/scorecard-json.js'
import { formatScorecardMarkdown } from '../src/reports/scorecard-markdown.js'
import { formatScorecard } from '../src/reports/scorecard-terminal.js'
import { coverageOf, evidenceOf, inferredOnly } from './evidence.js'
import { pilot, temporaryFolder } from './pilot.js'
import { project } from './project.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64')

/** A card of one candidate with `text` wherever an export or a person may have put one. */
function cardWith(text: (place: string) => string): Scorecard {
  const group = (key: string) => ({
    key,
    latencyMs: { values: [100, 200, 300, 400, 500, 600], unknown: 0 },
    costUsd: { values: [1, 2, 3, 4, 5, 6], unknown: 0 },
    errors: { x: 0, n: 6 },
    tokens: { input: 1, output: 1 },
  })
  const production = coverageOf(600, 500, {
    examples: { missing: [text('missing')], outside: [], duplicate: [], late: [] },
  })
  const evidence = evidenceOf({
    coverage: { production, replay: coverageOf(0, 0), synthetic: coverageOf(0, 0) },
    security: {
      questions: [{ id: 'storage', question: text('question') }],
      answers: [{ question: 'storage', answer: text('answer') }],
      access: [],
    },
    found: [{ rule: text('rule'), spans: 2, examples: [text('leak')] }],
    sources: [{ path: text('path'), format: text('format'), state: 'complete', problems: 0 }],
    tally: {
      retries: inferredOnly(1, 1, [text('retry')]),
      unmapped: [{ name: text('unmapped'), spans: 1, examples: [text('unmapped example')] }],
      promptMapped: { x: 599, n: 600 },
      costUsd: { stated: undefined, computed: 1, unpricedSpans: 1, unpricedModels: [text('unpriced')] },
      groups: {
        model: [group(text('model'))],
        tenant: [group(text('tenant'))],
        user: [group(text('user'))],
        workflow: [group(text('workflow'))],
        step: [group(text('step'))],
        'prompt version': [group(text('version'))],
        release: [group(text('release'))],
      },
      costPerRun: { values: [1, 2, 3], unknown: 0 },
      latencyPerRun: { values: [1, 2, 3], unknown: 0 },
    },
  })
  return assembleScorecard({
    pilot: { name: 'Support', start: '2026-03-02', end: '2026-03-29', candidates: ['promptlayer'] },
    criteria: [
      { id: 'trace-coverage', target: { comparison: '>=', value: 0.95 }, must: true },
      { id: 'prompt-version-mapped', target: { comparison: '==', value: 1 }, must: true },
      { id: 'debug-time', target: { comparison: '<', value: 10 }, must: true },
      { id: 'overhead', target: { comparison: '<=', value: 50 }, must: true },
    ],
    catalogue: criteria,
    minimumN: 500,
    evidence: [evidence],
    context: { detectors: ['email'] },
    review: {
      attendees: [{ name: text('attendee'), role: text('role') }],
      owners: [{ what: text('what'), who: text('who') }],
      next_workflows: [text('next')],
      waivers: [{ criterion: 'debug-time', by: text('by'), reason: text('waiver') }],
    },
    security: {
      sign_off: { reviewer: text('reviewer'), date: '2026-03-01', evidence: text('signed') },
    },
    lock: {
      lockedAtMs: Date.UTC(2026, 2, 1),
      changes: [{ id: 'window', was: text('was'), now: text('now'), reason: text('change') }],
      amendments: [
        {
          criterion: 'trace-coverage',
          before: { target: { comparison: '>=', value: 0.9 }, must: true },
          reason: text('amendment'),
        },
      ],
    },
    nowMs: Date.UTC(2026, 3, 2),
  })
}

const renderers: Record<string, (card: Scorecard) => string> = {
  terminal: (card) => formatScorecard(card, { width: 4000, color: new Chalk({ level: 0 }) }),
  Markdown: formatScorecardMarkdown,
  JSON: formatScorecardJson,
  HTML: (card) => formatScorecardHtml(card, sha256),
  minutes: formatReview,
}

describe('the audience product', () => {
  const canaries = cardWith((place) => `CANARY ${place}`)

  it.each(Object.entries(renderers))('sees no text from an export or a person: %s', (_, render) => {
    expect(render(canaries)).toContain('CANARY')
    expect(render(forAudience(canaries, 'product'))).not.toContain('CANARY')
  })

  it('sees the same verdicts and numbers', () => {
    const numbers = (card: Scorecard) =>
      card.lines.flatMap(({ rows }) =>
        rows.map(({ id, cells }) => [
          id,
          cells.map(({ judgement, measurement }) => [judgement, measurement.measured && measurement.value]),
        ]),
      )
    expect(numbers(forAudience(canaries, 'product'))).toEqual(numbers(canaries))
  })

  it('sees no alias on any command that has it', async () => {
    const cwd = project(
      { 'a.csv': 'arm,minutes,diagnosed,engineer\nlantern,5,yes,zebra\n' },
      'drills: { engineers: 5 }\n',
    )
    await pilot(cwd, ['ingest', '-q', '--as', 'attempts', 'a.csv'])
    for (const command of [
      ['scorecard'],
      ['scorecard', '--html'],
      ['scorecard', '--markdown'],
      ['scorecard', '--json'],
      ['review'],
      ['review', '--json'],
      ['drill', 'report'],
    ]) {
      const { out, code } = await pilot(cwd, [...command, '--audience', 'product'])
      expect({ code, hasAlias: out.includes('zebra') }, command.join(' ')).toEqual({ code: 0, hasAlias: false })
    }
  })
})

describe('the audience security', () => {
  it('sees the answers of its review and leaks by rule, and neither cost nor examples', () => {
    const text = formatReview(
      forAudience(
        cardWith((place) => `CANARY ${place}`),
        'security',
      ),
    )
    for (const seen of ['CANARY question', 'CANARY answer', 'CANARY reviewer', 'CANARY rule in 2 spans'])
      expect(text).toContain(seen)
    for (const hidden of ['CANARY leak', 'CANARY missing', 'CANARY tenant', 'Cost fit', 'CANARY waiver'])
      expect(text).not.toContain(hidden)
  })
})

describe('the closing of a decision', () => {
  it('has the three strongest reasons, what would flip it, gaps and waivers', () => {
    const { closings, decisions } = cardWith((place) => place)
    expect(decisions[0]?.decision).toBe('reject')
    // Coverage 500 of 600: its interval ends at 86.1 %, 0.09 of 95 % away. One output of 600 without a version: 99.8 %, 0.0017 away.
    expect(closings).toEqual([
      {
        platform: 'promptlayer',
        reasons: ['trace-coverage', 'prompt-version-mapped', 'debug-time'],
        more: 1,
        flip: ['trace-coverage', 'prompt-version-mapped'],
        gaps: ['trace-coverage', 'prompt-version-mapped', 'debug-time', 'overhead'],
      },
    ])
    const text = renderers.terminal!(cardWith((place) => place))
    expect(text).toContain('Time to diagnose (median): waived by by, waiver. The verdict stands.')
    expect(text).toContain('Would flip it: each of these met: Requests with a trace, Outputs with prompt version.')
    expect(text).toContain(
      'The next platform has to show: Requests with a trace >= 95 %; Outputs with prompt version 100 %; Time to diagnose (median) < 10 min; Added latency (p95) <= 50 ms.',
    )
    expect(text).toContain('and 1 more: pilot scorecard --explain')
  })
})

describe('the minutes', () => {
  it('hold all eight lines, evidence, waivers, the amendment with both verdicts, and sources', () => {
    const text = formatReview(cardWith((place) => place))
    for (const line of [
      'Instrumentation effort',
      'Trace completeness',
      'Debugging value',
      'Prompt management',
      'Eval integration',
      'Production safety',
      'Team adoption',
      'Cost fit',
      'Waivers',
      'Amended since the lock',
      'Sources',
      'Taking part',
    ])
      expect(text).toContain(`\n## ${line}\n`)
    expect(text).toContain('- numbers: pilot coverage --json')
    expect(text).toContain('promptlayer missed then, missed now; reason: amendment')
  })
})

const hostileFolder = fileURLToPath(new URL('../../shared/hostile/xss/', import.meta.url))
const ownAttacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  '</style><script>alert(1)</script>',
  '<!--',
  ']]>',
  'javascript:alert(1)',
  '\u2028\u202e\u0000',
  '`${alert(1)}`',
  '&lt;script&gt;',
]

/** All attacks that are at hand, in a few texts. */
function attacks(): string[] {
  const files = existsSync(hostileFolder) ? readdirSync(hostileFolder, { recursive: true, encoding: 'utf8' }) : []
  const lists = files
    .map((name) => join(hostileFolder, name))
    .filter((path) => path.endsWith('.txt') && statSync(path).isFile())
  return [...ownAttacks, ...lists.map((path) => readFileSync(path, 'utf8'))]
}

/** Every tag as it stands, with its attributes, but for what a label says. */
const tagsOf = (page: string) => (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/aria-label="[^"]*"/g, ''))

describe('the page', () => {
  it('has the tags of ours alone, whatever the texts are', () => {
    const plain = tagsOf(renderers.HTML!(cardWith(() => 'text')))
    for (const attack of attacks()) {
      const page = renderers.HTML!(cardWith(() => attack))
      // Long texts move no tag: coordinates depend on numbers alone.
      expect(tagsOf(page)).toEqual(plain)
      expect(page.toLowerCase()).not.toMatch(/<script|<img|<iframe|<a[ >]/)
    }
  })

  it('says what it may fetch: nothing, and no style but its own', () => {
    const page = renderers.HTML!(cardWith((place) => place))
    const [, styles = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${sha256(styles)}'; base-uri 'none'; form-action 'none'"`,
    )
    expect(page).not.toMatch(/ style=|https?:|url\(|@import/)
  })

  it('is written for its owner alone, and is one form or another', async () => {
    const cwd = temporaryFolder()
    await pilot(cwd, ['demo', '.', '--variant', 'adopt'])
    expect(await pilot(cwd, ['scorecard', '--html', '-o', 's.html'])).toMatchObject({ code: 0, out: '' })
    expect(statSync(join(cwd, 's.html')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(cwd, 's.html'), 'utf8')).toContain('lantern: median 6 min (n 16, 95 % CI 4 to 7)')
    expect((await pilot(cwd, ['scorecard', '--html', '--markdown'])).code).toBe(2)
  })

  it('replaces no device, pipe or folder, and a link rather than what it leads to', async () => {
    const cwd = temporaryFolder({ 'kept.txt': 'kept' })
    await pilot(cwd, ['demo', 'd', '--variant', 'adopt'])
    spawnSync('mkfifo', [join(cwd, 'pipe')])
    for (const path of ['..', '../pipe'])
      expect(await pilot(join(cwd, 'd'), ['review', '-o', path])).toMatchObject({
        code: 3,
        err: expect.stringContaining('it is no regular file.\nName a file;'),
      })
    symlinkSync(join(cwd, 'kept.txt'), join(cwd, 'link'))
    expect((await pilot(join(cwd, 'd'), ['review', '-o', '../link'])).code).toBe(0)
    expect(readFileSync(join(cwd, 'kept.txt'), 'utf8')).toBe('kept')
    expect(readFileSync(join(cwd, 'link'), 'utf8')).toContain('# Review of')
  })

  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))

  it.skipIf(chromium === undefined)(
    'opens in a browser without a message on its console, with all of its parts',
    { timeout: 120_000 },
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'pilot-page-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const look = (name: string, card: Scorecard) => {
        const path = join(folder, `${name}.html`)
        writeFileSync(path, renderers.HTML!(card))
        const flags = [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--enable-logging=stderr',
          `--user-data-dir=${join(folder, 'profile')}`,
        ]
        const { stdout, stderr } = spawnSync(chromium!, [...flags, '--dump-dom', pathToFileURL(path).href], {
          encoding: 'utf8',
          timeout: 60_000,
        })
        return { dom: stdout, console: stderr.split('\n').filter((line) => line.includes('CONSOLE')) }
      }
      const hostile = look(
        'hostile',
        cardWith(() => ownAttacks.join(' ')),
      )
      const plain = look(
        'plain',
        cardWith(() => 'text'),
      )
      expect(plain.dom).toContain('Decision on promptlayer: reject')
      expect({ tags: tagsOf(hostile.dom).length, console: hostile.console }).toEqual({
        tags: tagsOf(plain.dom).length,
        console: [],
      })
    },
  )
})
