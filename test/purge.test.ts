import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createByteSearch } from '../src/io/byte-search.js'
import { saveDrill } from '../src/store/drills.js'
import { runWriter, saveRun } from '../src/store/evals.js'
import { saveJudgeAnswer } from '../src/store/judges.js'
import { openStore, type Store } from '../src/store/open.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'
import { randomOf, seeded } from './seed.js'

const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))
const hour = 3_600_000

/** Every file in and below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  )
}

/** Which of these stand in any file beside the store, as the bytes are; by no code of the product. */
function standing(cwd: string, canaries: readonly string[]): string[] {
  const files = filesIn(join(cwd, '.pilot')).map((path) => readFileSync(path))
  return canaries.filter((canary) => files.some((bytes) => bytes.includes(canary)))
}

const canary = (what: string, index: number) => `CANARY-${what}-${String(index).padStart(4, '0')}-END`

/** Filler that differs everywhere, so that a text of 12 KB lies on pages of its own. */
const filler = (index: number) =>
  Array.from({ length: 1500 }, (_, i) => `w${index}x${i}`)
    .join(' ')
    .slice(0, 6000)

const userOf = (index: number) => (index % 2 === 0 ? 'user-of-even-runs' : 'user-of-odd-runs')

/** `count` traces of one span with a text of 12 KB, a canary in its middle, one in its output, one in a comment. */
function exportOf(count: number): string {
  return jsonLines(
    Array.from({ length: count }, (_, index) =>
      span(`trace-number-${String(index).padStart(4, '0')}`, `span-${index}`, {
        user: userOf(index),
        tenant: index % 2 === 0 ? 'tenant-even' : 'tenant-odd',
        request: `request-number-${String(index).padStart(4, '0')}`,
        start: Date.UTC(2026, 2, 2) + index * 1000,
        input: `${filler(index)} ${canary('input', index)} ${filler(index + 10_000)}`,
        output: canary('output', index),
        feedback: [{ kind: 'comment', comment: canary('comment', index) }],
        scores: [{ name: 'tone', value: 1, comment: canary('score', index) }],
      }),
    ),
  )
}

const allCanaries = (index: number) => [
  ...['input', 'output', 'comment', 'score'].map((what) => canary(what, index)),
  `trace-number-${String(index).padStart(4, '0')}`,
  `request-number-${String(index).padStart(4, '0')}`,
]

const indices = (count: number, isWanted: (index: number) => boolean) =>
  Array.from({ length: count }, (_, index) => index).filter(isWanted)

const isEven = (index: number) => index % 2 === 0

async function filled(count: number, more?: string): Promise<string> {
  const cwd = project({ 'export.jsonl': exportOf(count) }, more)
  expect((await pilot(cwd, ['ingest', 'export.jsonl'])).code).toBe(0)
  return cwd
}

function written(cwd: string, work: (db: Store) => void): void {
  const db = openStore(join(cwd, '.pilot/pilot.db'), 'write')
  work(db)
  db.close()
}

describe('pilot purge', () => {
  it('leaves no byte of what it took out, and all of the rest', async () => {
    const cwd = await filled(400)
    const [gone, kept] = [indices(400, isEven), indices(400, (index) => !isEven(index))]
    const before = indices(400, () => true).flatMap(allCanaries)
    expect(standing(cwd, before)).toEqual(before)
    const ran = await pilot(cwd, ['purge', '--user', 'user-of-even-runs', '--yes'])
    expect(ran).toMatchObject({ code: 0 })
    expect(ran.out).toContain('Purged 200 traces (lantern 200)')
    expect(ran.out).toMatch(/searched \d files in \.pilot for [\d,]+ ids and pieces of text: 0 found/)
    expect(standing(cwd, [...gone.flatMap(allCanaries), 'user-of-even-runs'])).toEqual([])
    expect(standing(cwd, kept.flatMap(allCanaries))).toEqual(kept.flatMap(allCanaries))
    expect((await json(cwd, 'data')).total).toMatchObject({ traces: 200, spans: 200, scores: 200, feedback: 200 })
    expect(stored(cwd, (db) => db.pragma('integrity_check', { simple: true }))).toBe('ok')
  })

  it('is more than a DELETE, which leaves the bytes in the file: so the search above can find them', async () => {
    const cwd = await filled(40)
    const db = new Database(join(cwd, '.pilot/pilot.db'))
    db.pragma('secure_delete = OFF')
    db.exec('DELETE FROM span; DELETE FROM span_content; DELETE FROM feedback; DELETE FROM score')
    db.close()
    expect(
      standing(
        cwd,
        indices(40, () => true).map((index) => canary('input', index)),
      ).length,
    ).toBeGreaterThan(0)
  })

  it('changes nothing without --yes, and says the same as with it', async () => {
    const cwd = await filled(4)
    const path = join(cwd, '.pilot/pilot.db')
    const before = readFileSync(path)
    const dry = await json(cwd, 'purge', '--tenant', 'tenant-even')
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(dry).toMatchObject({
      ...{ dryRun: true, traces: 2, platforms: { lantern: 2 }, proof: null, files: [] },
      rows: { spans: 2, 'texts of spans': 2, scores: 2, feedback: 2 },
    })
    const { rows, traces, dryRun } = await json(cwd, 'purge', '--tenant', 'tenant-even', '--yes')
    expect({ rows, traces, dryRun }).toEqual({ rows: dry.rows, traces: 2, dryRun: false })
  })

  it('takes requests, labels, evals and drills of a trace along, and the journals beside the store', async () => {
    const cwd = await filled(2)
    writeFileSync(
      join(cwd, 'requests.jsonl'),
      jsonLines([
        { id: 'request-number-0000', time: '2026-03-02T00:00:00Z', user: 'user-of-even-runs' },
        { id: 'request-number-0001', time: '2026-03-02T00:00:01Z', user: 'user-of-odd-runs' },
      ]),
    )
    writeFileSync(
      join(cwd, 'labels.jsonl'),
      jsonLines([
        { item: 'request-number-0000', name: 'cause', value: 'CANARY-label-0' },
        { item: 'suite-1/case-0/2', name: 'good', value: 'CANARY-label-case' },
        { item: 'request-number-0001', name: 'cause', value: 'CANARY-label-1' },
      ]),
    )
    await pilot(cwd, ['ingest', '--as', 'requests', 'requests.jsonl'])
    await pilot(cwd, ['ingest', '--as', 'labels', 'labels.jsonl'])
    written(cwd, (db) => {
      const run = { id: 'suite-1', suite: 'suite', startedMs: 1, finishedMs: 2, target: 'recorded', targetHash: 'h' }
      saveRun(db, { ...run, casesHash: 'c', cases: 2, repeats: 2, checks: [], notes: [] })
      const results = runWriter(db, 'suite-1')
      for (const index of [0, 1]) {
        const trace = { platform: 'lantern', traceId: `trace-number-000${index}` }
        results.case({ id: `case-${index}`, hash: 'x', tags: [], trace })
        results.output(`case-${index}`, 1, { value: `CANARY-eval-${index}`, trace })
        results.result(`case-${index}`, 1, 'tone', { outcome: 'fail', reason: `CANARY-reason-${index}` })
      }
      saveJudgeAnswer(db, 'key', 'CANARY-judge', 1)
      const incident = (index: number) => ({
        ...{ id: `i${index + 1}`, requestId: `request-number-000${index}`, signals: [] },
        complaint: `CANARY-complaint-${index}`,
        traces: [{ platform: 'lantern', traceId: `trace-number-000${index}` }],
      })
      saveDrill(db, {
        ...{ id: '2026-03-03', madeMs: 1, rule: 'named', seed: 1, timeboxMs: 60_000, arms: ['lantern'] },
        ...{ questions: [], engineers: [], incidents: [incident(0), incident(1)] },
      })
    })
    const event = (index: number) => ({
      ...{ attempt: `attempt-${index}`, seq: 0, event: 'stated', drill: '2026-03-03', incident: `i${index + 1}` },
      ...{ arm: 'lantern', engineer: 'e1', elapsedMs: 1000, outcome: 'answered' },
      answers: { documents: [`CANARY-answer-${index}`] },
    })
    const journal = join(cwd, '.pilot/drills/2026-03-03.e1.jsonl')
    mkdirSync(join(cwd, '.pilot/drills'))
    writeFileSync(journal, jsonLines([event(0), event(1)]))
    await pilot(cwd, ['ingest', '--as', 'attempts', journal])
    mkdirSync(join(cwd, '.pilot/labels'))
    const labels = join(cwd, '.pilot/labels/cause.e1.jsonl')
    writeFileSync(labels, jsonLines([{ item: 'trace-number-0000', name: 'cause', value: 'CANARY-journal-label' }]))

    const gone = [
      ...['CANARY-label-0', 'CANARY-label-case', 'CANARY-eval-0', 'CANARY-reason-0', 'CANARY-judge'],
      ...['CANARY-complaint-0', 'CANARY-answer-0', 'CANARY-journal-label', ...allCanaries(0)],
    ]
    const kept = ['CANARY-label-1', 'CANARY-eval-1', 'CANARY-reason-1', 'CANARY-complaint-1', 'CANARY-answer-1']
    expect(standing(cwd, [...gone, ...kept])).toEqual([...gone, ...kept])
    const report = await json(cwd, 'purge', '--trace', 'trace-number-0000', '--yes')
    expect(report).toMatchObject({
      traces: 1,
      rows: {
        ...{ spans: 1, 'texts of spans': 1, scores: 1, feedback: 1, requests: 1, labels: 2, 'eval cases': 1 },
        ...{ 'eval outputs': 1, 'eval results': 1, 'answers of judges': 1, 'events of attempts': 1 },
        'incidents of drills': 1,
      },
      files: [
        { path: '.pilot/drills/2026-03-03.e1.jsonl', lines: 1 },
        { path: '.pilot/labels/cause.e1.jsonl', lines: 1 },
      ],
      proof: { found: 0, left: [] },
    })
    expect(standing(cwd, gone)).toEqual([])
    expect(standing(cwd, kept)).toEqual(kept)
    expect(existsSync(labels)).toBe(false)
    expect(stored(cwd, (db) => db.prepare("SELECT body ->> '$.notes[0]' FROM eval_run").pluck().get())).toBe(
      '1 case purged on 2026-03-03',
    )
    // Nothing of it comes back by the files that brought it.
    for (const [kind, file, refused] of [
      ['requests', 'requests.jsonl', 1],
      ['labels', 'labels.jsonl', 2],
    ] as const)
      expect((await json(cwd, 'ingest', '--as', kind, file)).totals).toMatchObject({ purged: refused })
    expect(standing(cwd, gone)).toEqual([])
  })

  it('says what is left where another run names what went, and exits 1', async () => {
    const cwd = project({
      'export.jsonl': jsonLines([
        span('trace-that-goes', 'a', { output: 'CANARY-of-the-one' }),
        span('trace-that-stays', 'a', { output: 'see trace-that-goes for more' }),
      ]),
    })
    await pilot(cwd, ['ingest', 'export.jsonl'])
    const ran = await pilot(cwd, ['purge', '--trace', 'trace-that-goes', '--yes'])
    expect(ran.code).toBe(1)
    expect(ran.out).toContain('left: an id or name (1) in pilot.db, span_content.body, as in trace trace-that-stays')
  })

  it('looks for a short name in every row, as a word', async () => {
    const cwd = project({
      'export.jsonl': jsonLines([
        span('trace-one', 'a', { user: 'u-12', output: 'x' }),
        span('trace-two', 'a', { user: 'u-123', output: 'x' }),
        span('trace-three', 'a', { user: 'u-9', output: 'asked by u-12, too' }),
      ]),
    })
    await pilot(cwd, ['ingest', 'export.jsonl'])
    const { proof } = await json(cwd, 'purge', '--user', 'u-12', '--yes')
    expect(proof).toMatchObject({ words: 1, found: 1 })
    expect(proof.left).toMatchObject([
      { file: 'pilot.db', place: 'span_content.body', what: 'an id or name', pieces: 1, traces: ['trace-three'] },
    ])
  })

  it('names another file beside the store that still holds a text of it, and exits 1', async () => {
    const cwd = await filled(2)
    writeFileSync(join(cwd, '.pilot/notes.txt'), `copied: ${filler(0)}`)
    const { proof } = await json(cwd, 'purge', '--trace', 'trace-number-0000', '--yes')
    expect(proof.left).toMatchObject([{ file: 'notes.txt', place: null, what: 'text' }])
    expect((await pilot(cwd, ['purge', '--trace', 'trace-number-0000', '--yes'])).code).toBe(0)
  })

  it('goes by the start of a trace, and keeps what began exactly then', async () => {
    const random = randomOf(seeded('older-than'))
    const nowMs = Date.UTC(2026, 2, 31, 15, 30)
    const cutoffNs = BigInt(nowMs - 30 * 24 * hour) * 1_000_000n
    const offsets = [-1n, 0n, 1n, -1_000_000n, 1_000_000n, -499n, 499n]
    while (offsets.length < 1000) offsets.push(BigInt(Math.round((random() - 0.5) * 4e6)))
    const spans = offsets.map((offset, index) => ({
      traceId: index.toString(16).padStart(32, '0'),
      spanId: (index + 1).toString(16).padStart(16, '0'),
      name: 'answer',
      startTimeUnixNano: String(cutoffNs + offset),
      endTimeUnixNano: String(cutoffNs + offset + 1n),
    }))
    const cwd = project({ 'otlp.json': JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }) })
    await pilot(cwd, ['ingest', 'otlp.json'])
    const ran = await pilot(cwd, ['purge', '--older-than', '30d', '--yes'], { nowMs })
    expect(ran.code).toBe(0)
    const left = new Set(stored(cwd, (db) => db.prepare('SELECT trace_id FROM span').pluck().all()))
    expect(spans.filter(({ traceId }, index) => left.has(traceId) !== offsets[index]! >= 0n)).toEqual([])
  })

  it('takes old requests and feedback of no stored run along, so that coverage stays true', async () => {
    const cwd = project({
      'export.jsonl': jsonLines([
        span('old', 'a', { start: '2026-03-02T00:00:00Z', request: 'r-old' }),
        span('new', 'a', { start: '2026-03-05T00:00:00Z', request: 'r-new' }),
        span('new', 'late', {
          start: '2026-03-01T23:00:00Z',
          parent_id: 'a',
          kind: 'tool',
          name: 'x',
          trace_id: 'old',
        }),
      ]),
      'requests.jsonl': jsonLines(
        ['r-old', 'r-lost', 'r-new'].map((id) => ({
          id,
          time: id === 'r-new' ? '2026-03-05T00:00:00Z' : '2026-03-02T00:00:00Z',
        })),
      ),
    })
    await pilot(cwd, ['ingest', 'export.jsonl'])
    await pilot(cwd, ['ingest', '--as', 'requests', 'requests.jsonl'])
    const { rows, beforeMs } = await json(cwd, 'purge', '--older-than', '2026-03-04', '--yes')
    expect(beforeMs).toBe(Date.UTC(2026, 2, 4))
    expect(rows).toMatchObject({ spans: 2, requests: 2 })
    expect(stored(cwd, (db) => db.prepare('SELECT id FROM request').pluck().all())).toEqual(['r-new'])
  })

  it('finds users whose ids the privacy rules have hashed by their plain id', async () => {
    const cwd = await filled(4, 'capture:\n  privacy:\n    - { field: user.id, do: hash }\n')
    expect(standing(cwd, ['user-of-even-runs'])).toEqual([])
    expect(await json(cwd, 'purge', '--user', 'user-of-even-runs')).toMatchObject({ traces: 2 })
  })

  it('refuses a user where all are redacted: nobody can be told from another', async () => {
    const cwd = await filled(4, 'capture:\n  privacy:\n    - { field: user.id, do: redact }\n')
    const { code, err } = await pilot(cwd, ['purge', '--user', 'user-of-even-runs', '--yes'])
    expect(code).toBe(2)
    expect(err).toContain('capture.privacy redacts users here')
    expect((await json(cwd, 'data')).total.traces).toBe(4)
  })

  it('takes a run that another platform knows by another id, through its request', async () => {
    const cwd = project(
      {
        'one.jsonl': jsonLines([span('of-lantern', 'a', { request: 'r-1' })]),
        'other.jsonl': jsonLines([
          span('of-torch', 'a', { request: 'r-1' }),
          span('of-another', 'a', { request: 'r-2' }),
        ]),
      },
      undefined,
      '[{ id: lantern }, { id: torch }]',
    )
    await pilot(cwd, ['ingest', '--platform', 'lantern', 'one.jsonl'])
    await pilot(cwd, ['ingest', '--platform', 'torch', 'other.jsonl'])
    expect(await json(cwd, 'purge', '--trace', 'of-lantern', '--yes')).toMatchObject({
      traces: 2,
      platforms: { lantern: 1, torch: 1 },
    })
    expect((await json(cwd, 'data')).total.traces).toBe(1)
  })
})

describe('what was purged', () => {
  it('does not come back by its file or by a late span, until that is asked for', async () => {
    const cwd = await filled(4)
    await pilot(cwd, ['purge', '--trace', 'trace-number-0000', '--yes'])
    const again = await pilot(cwd, ['ingest', 'export.jsonl'])
    expect(again.code).toBe(0)
    // A span, a score and a comment.
    expect(again.out).toContain('left out 3: purged before (pilot ingest --restore-purged takes them in)')
    writeFileSync(
      join(cwd, 'late.jsonl'),
      jsonLines([span('trace-number-0000', 'late', { output: 'CANARY-late' }), span('fresh', 'a')]),
    )
    expect((await json(cwd, 'ingest', 'late.jsonl')).totals).toMatchObject({ purged: 1, spans: { added: 1 } })
    expect(standing(cwd, ['CANARY-late', ...allCanaries(0)])).toEqual([])

    const back = await pilot(cwd, ['ingest', '--restore-purged', 'export.jsonl'])
    // The trace, and by their own keys its score, its comment.
    expect(back.out).toContain('brought back 3: traces, requests or rows that had been purged')
    expect((await json(cwd, 'data')).total).toMatchObject({ traces: 5, scores: 4, feedback: 4 })
    expect((await pilot(cwd, ['purge', '--log'])).out).toContain('brought back')
    expect((await json(cwd, 'ingest', 'late.jsonl')).totals).toMatchObject({ purged: 0, spans: { added: 1 } })
  })

  it('is kept out by keyed hashes, not by its ids', async () => {
    const cwd = await filled(2)
    await pilot(cwd, ['purge', '--user', 'user-of-even-runs', '--yes'])
    const hashes = stored(cwd, (db) => db.prepare('SELECT hash FROM purged_id').pluck().all()) as string[]
    expect(hashes.length).toBeGreaterThan(0)
    expect(hashes.filter((hash) => !/^hash:[0-9a-f]{16}$/.test(hash))).toEqual([])
  })

  it('keeps ingest from going on where the salt of its hashes is lost', async () => {
    const cwd = await filled(2)
    await pilot(cwd, ['purge', '--trace', 'trace-number-0000', '--yes'])
    writeFileSync(join(cwd, '.pilot/salt'), `${'0'.repeat(64)}\n`)
    const { code, out, err } = await pilot(cwd, ['ingest', 'export.jsonl'])
    expect({ code, out }).toMatchObject({ code: 3 })
    expect(err).toContain('the salt is not the one that it was hashed with')
  })

  it('may be asked for twice: the second time says so', async () => {
    const cwd = await filled(2)
    for (const words of [
      ['--trace', 'trace-number-0000'],
      ['--user', 'user-of-odd-runs'],
    ]) {
      expect((await pilot(cwd, ['purge', ...words, '--yes'])).code).toBe(0)
      const again = await pilot(cwd, ['purge', ...words, '--yes'])
      expect(again.code).toBe(0)
      expect(again.out).toContain(`Purged nothing\n  - purged before, and not stored any more: ${words[1]}`)
    }
  })

  it('is listed without text and ids', async () => {
    const cwd = await filled(4)
    expect((await pilot(cwd, ['purge', '--log'])).out).toBe('Nothing was purged yet.\n')
    await pilot(cwd, ['purge', '--user', 'user-of-even-runs', '--yes', '--by', 'lead'])
    const { purges } = await json(cwd, 'purge', '--log')
    expect(purges).toMatchObject([
      {
        ...{ timeMs: Date.UTC(2026, 2, 3, 12), selector: 'user', by: 'lead', state: 'scrubbed', traces: 2 },
        ...{ platforms: { lantern: 2 }, rows: { spans: 2 }, proof: { found: 0 } },
      },
    ])
    expect(JSON.stringify(purges)).not.toMatch(/CANARY|user-of|trace-number/)
    expect((await pilot(cwd, ['purge', '--log'])).out).toMatch(/2026-03-03T12:00.* user +lead +2 +8 +scrubbed, 0 found/)
  })
})

describe('the evidence of a pilot', () => {
  it('says what was purged: in the scorecard, in the minutes and beside the data', async () => {
    const cwd = await filled(12)
    expect((await pilot(cwd, ['scorecard'])).out).not.toContain('Purged')
    await pilot(cwd, ['purge', '--user', 'user-of-even-runs', '--yes'])
    await pilot(cwd, ['purge', '--trace', 'trace-number-0001', '--yes'])
    const lines = ['lantern: 6 traces purged on 2026-03-03', 'lantern: 1 trace purged on 2026-03-03']
    for (const words of [['scorecard'], ['review'], ['scorecard', '--markdown']]) {
      const { out } = await pilot(cwd, words)
      for (const line of ['Purged: all figures are of what is left', ...lines]) expect(out).toContain(line)
    }
    expect((await json(cwd, 'scorecard')).purged).toMatchObject([{ traces: 6 }, { traces: 1 }])
    // A few may be one person's.
    expect((await json(cwd, 'scorecard', '--audience', 'product')).purged).toMatchObject([
      { traces: 6 },
      { traces: null },
    ])
    expect((await pilot(cwd, ['data'])).out).toContain(
      'purged: 7 traces, last on 2026-03-03; pilot purge --log lists it',
    )
  })
})

describe('a purge that cannot be whole', () => {
  it('says that it is not scrubbed while a reader is open, and is finished when that goes', async () => {
    const cwd = await filled(20)
    const reader = new Database(join(cwd, '.pilot/pilot.db'), { readonly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM span').get()
    const early = await pilot(cwd, ['purge', '--user', 'user-of-even-runs', '--yes'])
    expect(early).toMatchObject({ code: 3, out: '' })
    expect(early.err).toContain('Not scrubbed yet')
    expect(early.err).toContain('pilot purge --yes')
    expect((await pilot(cwd, ['purge', '--log'])).out).toContain('not scrubbed yet')
    expect((await pilot(cwd, ['data'])).out).toContain('lists it; not scrubbed yet: pilot')
    reader.exec('COMMIT')
    reader.close()
    expect((await pilot(cwd, ['purge', '--yes'])).code).toBe(0)
    expect((await json(cwd, 'purge', '--log')).purges[0].state).toBe('scrubbed')
    expect(standing(cwd, indices(20, isEven).flatMap(allCanaries))).toEqual([])
    expect((await pilot(cwd, ['purge', '--yes'])).code).toBe(2)
  }, 20_000)

  it('leaves nothing half when it is killed: all is there, or the next purge finishes it', async () => {
    const random = randomOf(seeded('purge-kill'))
    const [count, gone] = [200, indices(200, isEven)]
    for (let cycle = 0; cycle < 6; cycle++) {
      const cwd = await filled(count)
      const words = ['purge', '--user', 'user-of-even-runs', '--yes']
      const child = spawn(process.execPath, [bin, ...words], { cwd, stdio: 'ignore' })
      await Promise.race([pause(120 + random() * 350), ended(child)])
      child.kill('SIGKILL')
      await ended(child)
      const spans = stored(cwd, (db) => db.prepare('SELECT count(*) FROM span').pluck().get())
      expect([count, count / 2], `cycle ${cycle}`).toContain(spans)
      const states = stored(cwd, (db) => db.prepare('SELECT state FROM purge').pluck().all())
      if (spans === count) expect(states).toEqual([])
      // Whoever claims to be done is.
      if (states[0] === 'scrubbed') expect(standing(cwd, gone.flatMap(allCanaries))).toEqual([])
      expect((await pilot(cwd, words)).code, `cycle ${cycle}`).toBe(0)
      expect(standing(cwd, gone.flatMap(allCanaries)), `cycle ${cycle}`).toEqual([])
      expect(stored(cwd, (db) => db.pragma('integrity_check', { simple: true }))).toBe('ok')
    }
  }, 120_000)

  it('finishes one that was killed between its rows and its files', async () => {
    const cwd = await filled(20)
    written(cwd, (db) =>
      db.exec(
        'INSERT INTO purge (time_ms, selector, state, body) VALUES (1, \'user\', \'removed\', \'{"traces":1,"platforms":{},"rows":{}}\')',
      ),
    )
    const { out, code } = await pilot(cwd, ['purge', '--yes'])
    expect({ code, out }).toMatchObject({ code: 0 })
    expect((await pilot(cwd, ['purge', '--log'])).out).toContain('scrubbed, not searched')
  })
})

describe('what a purge is asked for', () => {
  it.each([
    [['--trace', 'trace-number-0009'], 2, 'No trace begins with trace-number-0009.\nNearest: trace-number-0000'],
    [['--trace', 'trace-number'], 2, 'Several traces begin with trace-number: trace-number-0000, trace-number-0001'],
    [
      ['--user', 'user-of-evn-runs'],
      2,
      'Nothing is stored of the user user-of-evn-runs.\nDid you mean user-of-even-runs?',
    ],
    [['--tenant', ''], 2, '--tenant takes no empty text.'],
    [['--older-than', '30'], 2, '--older-than takes an age such as 30d'],
    [['--user', 'a', '--tenant', 'b'], 2, 'are one purge each'],
    [[], 2, 'Nothing says what to purge.'],
    [['--yes'], 2, 'Nothing says what to purge.'],
    [['--trace', 'trace-number-0000', '--by', 'Jane Doe'], 2, '--by: "Jane Doe" is no alias.'],
    [['--trace', 'trace-number-0000', '--yes', '--by', 'Jane Doe'], 2, '--by: "Jane Doe" is no alias.'],
  ])('%j exits %i', async (words, code, says) => {
    const cwd = await filled(2)
    const ran = await pilot(cwd, ['purge', ...words])
    expect(ran).toMatchObject({ code, out: '' })
    expect(ran.err).toContain(says)
    expect((await json(cwd, 'data')).total.traces).toBe(2)
  })

  it('finds a trace by a beginning that no other has', async () => {
    const cwd = project({ 'a.jsonl': jsonLines([span('aaaa1111', 'a'), span('bbbb2222', 'a')]) })
    await pilot(cwd, ['ingest', 'a.jsonl'])
    expect(await json(cwd, 'purge', '--trace', 'aaaa')).toMatchObject({ traces: 1 })
  })

  it('is nothing in a store that has nothing so old, and exits 3 where there is no store', async () => {
    const cwd = await filled(2)
    const ran = await pilot(cwd, ['purge', '--older-than', '52w', '--yes'])
    expect(ran).toMatchObject({ code: 0 })
    expect(ran.out).toContain('Purged nothing')
    expect(await json(cwd, 'purge', '--log')).toMatchObject({ purges: [] })
    const empty = project({})
    expect(await pilot(empty, ['purge', '--older-than', '1d', '--yes'])).toMatchObject({ code: 3, out: '' })
    expect(existsSync(join(empty, '.pilot'))).toBe(false)
  })

  it('takes no trace without a time for old, and says so', async () => {
    const cwd = project({ 'a.jsonl': jsonLines([span('aaaa1111', 'a')]) })
    await pilot(cwd, ['ingest', 'a.jsonl'])
    written(cwd, (db) => db.exec('UPDATE span SET start_ms = NULL'))
    const ran = await pilot(cwd, ['purge', '--older-than', '1h', '--yes'], { nowMs: Date.UTC(2027, 0, 1) })
    expect(ran.out).toContain('1 trace without any time: nobody can tell how old, so kept')
  })
})

describe('a purge after a probe that was killed', () => {
  it('takes what the probe left of an export, and nothing of one that runs', async () => {
    const cwd = await filled(2)
    const child = spawn(process.execPath, [bin, 'probe', 'export', '-'], { cwd, stdio: ['pipe', 'ignore', 'ignore'] })
    const left = () => readdirSync(join(cwd, '.pilot')).filter((name) => name.startsWith('export-'))
    child.stdin?.write(exportOf(1))
    while (left().length === 0 && child.exitCode === null) await pause(20)
    child.kill('SIGKILL')
    await ended(child)
    const [dead] = left()
    writeFileSync(join(cwd, '.pilot', dead!, 'export.db-wal'), canary('input', 0))
    const running = `export-${process.pid}-x`
    mkdirSync(join(cwd, '.pilot', running))
    expect((await pilot(cwd, ['purge', '--trace', 'trace-number-0000', '--yes'])).code).toBe(0)
    expect(left()).toEqual([running])
    expect(standing(cwd, allCanaries(0))).toEqual([])
  })
})

describe('a search for bytes', () => {
  it('finds what indexOf finds', () => {
    const random = randomOf(seeded('bytes'))
    for (let round = 0; round < 200; round++) {
      const letters = () => 'abcé"'.charAt(Math.floor(random() * 5))
      const text = Array.from({ length: 300 }, letters).join('')
      const needles = Array.from({ length: 30 }, () =>
        Array.from({ length: 3 + Math.floor(random() * 5) }, letters).join(''),
      )
      const found = [...createByteSearch(needles).find(Buffer.from(text))].sort((a, b) => a - b)
      expect(found).toEqual(indices(needles.length, (index) => text.includes(needles[index]!)))
    }
    expect(createByteSearch([]).find(Buffer.from('abc')).size).toBe(0)
  })

  it('is not slowed down by ids that are counted up, nor by texts of one letter', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => String(index).padStart(32, '7'))
    const text = `${'7'.repeat(2_000_000)}x${ids.slice(0, 500).join('x')}`
    const startMs = performance.now()
    const found = createByteSearch(ids).find(Buffer.from(text))
    expect(performance.now() - startMs).toBeLessThan(5000)
    expect(found).toEqual(new Set(indices(1000, (index) => text.includes(ids[index]!))))
  })
})

const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.on('close', () => resolve()))
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
