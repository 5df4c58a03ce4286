import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { readStored } from '../src/formats/native/stored.js'
import { csvRow } from '../src/reports/csv.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'

const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))

interface Manifest {
  files: { name: string; records: number; inexact: number; bytes: number; sha256: string; read: string | null }[]
  notCarried: Record<string, number>
}

const manifestOf = (cwd: string, out = 'pilot-export'): Manifest =>
  JSON.parse(readFileSync(join(cwd, out, 'manifest.json'), 'utf8'))

/** What a store holds: rows without numbers of its own (of sources, of spans), in order. */
function contentOf(cwd: string): Record<string, unknown[]> {
  const db = new Database(join(cwd, '.pilot/pilot.db'), { readonly: true })
  const tables = ['score', 'feedback', 'request', 'deployment', 'attempt_event', 'label', 'log_entry']
  const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort()
  const all = (sql: string) => db.prepare(sql).all() as Record<string, unknown>[]
  const spans = all('SELECT span.*, body FROM span JOIN span_content USING (id)').map(({ id: _, body, ...row }) => ({
    ...row,
    body: JSON.parse(String(body)),
  }))
  const findings = all('SELECT trace_id, span_id, rule, hits FROM finding JOIN span ON span.id = finding.span')
  // A bucket is known by a hash of the cells of its first export.
  const billing = all('SELECT * FROM billing').map(({ key: _, pass: __, source: ___, times: ____, ...row }) => row)
  const others = tables.map((table) => [
    table,
    sorted(
      all(`SELECT * FROM ${table}`).map(({ source: _, origin: __, ...row }) =>
        table === 'feedback' || table === 'score' || table === 'deployment'
          ? { ...row, source: _ && typeof _ === 'string' ? _ : null }
          : { ...row, origin: __ },
      ),
    ),
  ])
  db.close()
  return { spans: sorted(spans), findings: sorted(findings), billing: sorted(billing), ...Object.fromEntries(others) }
}

const config = `capture:
  privacy:
    - { field: user.id, do: hash }
    - { detect: [email], do: redact }
inputs:
  requests:
    columns: { id: rid, user: who.id }
`

const everything = span('0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331', {
  kind: 'llm',
  start: 1_772_445_600_000.123,
  end: 1_772_445_601_000.456,
  error: 'broke, "twice"\n=1+1',
  model: 'gpt-4.1',
  provider: 'openai',
  prompt: { name: 'support', version: '7', template: 'Answer {{q}}', variables: { q: 'ünïcode 👍' } },
  settings: { temperature: 0.2 },
  messages: [
    { role: 'user', content: 'Write to bob@example.com, key AKIAIOSFODNN7EXAMPLE' },
    { role: 'assistant', content: 'No', tool_calls: [{ id: 'c1', name: 'find', arguments: { a: 1 } }] },
  ],
  documents: [{ id: 'd1', content: 'text', score: 0.5, metadata: { page: 3 } }],
  tool: { name: 'find', call_id: 'c1', arguments: { a: 1 }, result: ['x'] },
  usage: { input_tokens: 10, output_tokens: 5, cache_read_tokens: 2 },
  cost_usd: 0.000123,
  ...{
    user: 'bob',
    tenant: 'acme',
    session: 's1',
    request: 'r1',
    environment: 'production',
    release: 'abc',
    service: 'x',
  },
  retries: 2,
  fallback_from: 'gpt-4.1-mini',
  tags: ['a', 'b'],
  attributes: { 'gen_ai.usage.input_tokens': 999, 'user.id': 'bob', __proto__x: 1, 'my.key': { deep: [1, null] } },
  scores: [
    { name: 'tone', value: 0.5, comment: 'fair', source: 'model', time: '2026-03-02T11:00:00Z' },
    { id: 's-1', name: 'grade', label: 'good', source: 'human' },
  ],
  feedback: [
    { kind: 'thumbs', value: -1, comment: 'bad', user: 'bob', time: '2026-03-02T11:00:00Z' },
    { id: 'f-1', kind: 'rating', name: 'helpfulness', value: 4, source: 'annotator' },
    { kind: 'escalation', comment: '@admin' },
  ],
})

/** A project in which something of every kind is stored. */
async function filled(): Promise<string> {
  const cwd = project(
    {
      'traces.jsonl': jsonLines([
        everything,
        span('t2', 'a', { output: 'short' }),
        span('t2', 'b', { parent_id: 'a', end: '2026-03-02T10:00:01.5Z' }),
      ]),
      'other.jsonl': jsonLines([span('t3', 'a', { user: 'ann' })]),
      'requests.jsonl': jsonLines([
        { rid: 'r1', time: '2026-03-02T10:00:00Z', 'who.id': 'bob', tenant: 'acme', trace_id: 't2', origin: 'replay' },
        { rid: 'r2', time: 1_772_445_600_000.5 },
      ]),
      'feedback.csv':
        'kind,value,comment,request_id,time\nthumbs,up,"=cmd, really",r1,2026-03-02T12:00:00Z\nretry,,,r2,\n',
      'deployments.jsonl': jsonLines([
        {
          time: '2026-03-01T00:00:00Z',
          prompt: 'support',
          version: '7',
          by: 'carl',
          action: 'deploy',
          reviewed_by: 'dora',
        },
        { time: '2026-03-02T00:00:00Z', sha: 'abc', service: 'x', environment: 'production' },
      ]),
      'bill.csv': 'date,model,cost,requests,input_tokens\n2026-03-02,gpt-4.1,1.25,10,1000\n2026-03-03,gpt-4.1,-0.5,,\n',
      'labels.csv': 'item,name,value,by,note\nr1,cause,retrieval,e1,why not\nt2,good,pass,e2,\n',
      'attempts.csv':
        'attempt,arm,minutes,diagnosed,engineer,timebox_minutes\na1,lantern,12.5,yes,e1,90\na2,lantern,90+,,e2,\n',
      'journal.jsonl': jsonLines([
        {
          attempt: 'x',
          seq: 0,
          event: 'start',
          arm: 'lantern',
          drill: 'd',
          incident: 'i1',
          engineer: 'e1',
          atMs: 1,
          elapsedMs: 0,
        },
        { attempt: 'x', seq: 1, event: 'answer', arm: 'lantern', elapsedMs: 10, question: 'cause', answer: ['a, b'] },
        { attempt: 'x', seq: 2, event: 'end', arm: 'lantern', elapsedMs: 20, outcome: 'gave up' },
      ]),
      'log.csv': 'platform,hours,activity,date,engineer\nlantern,2,setup,2026-03-02,e1\n',
    },
    config,
    '[{ id: lantern }, { id: torch }]',
  )
  const ingest = async (...words: string[]) => expect(await pilot(cwd, ['ingest', ...words])).toMatchObject({ code: 0 })
  await ingest('--platform', 'lantern', 'traces.jsonl')
  await ingest('--platform', 'torch', 'other.jsonl')
  for (const [kind, file] of [
    ['requests', 'requests.jsonl'],
    ['feedback', 'feedback.csv'],
    ['deployments', 'deployments.jsonl'],
    ['billing', 'bill.csv'],
    ['labels', 'labels.csv'],
    ['attempts', 'attempts.csv'],
    ['attempts', 'journal.jsonl'],
    ['log', 'log.csv'],
  ] as const)
    await ingest('--as', kind, file)
  await pilot(cwd, [
    'log',
    'effort',
    '--platform',
    'lantern',
    '--hours',
    '1.5',
    '--activity',
    'review',
    '--note',
    'by hand',
  ])
  return cwd
}

/** A new project with the same pilot.yaml, into which the commands of the manifest have read everything. */
async function readBack(cwd: string, out = 'pilot-export'): Promise<string> {
  const other = project({ 'pilot.yaml': readFileSync(join(cwd, 'pilot.yaml')) })
  for (const { name, read } of manifestOf(cwd, out).files) {
    writeFileSync(join(other, name), readFileSync(join(cwd, out, name)))
    const ran = await pilot(other, read!.split(' ').slice(1))
    expect(ran, read!).toMatchObject({ code: 0 })
    expect(ran.err).not.toContain('problem')
  }
  return other
}

describe('pilot export', () => {
  it('is read back into the same store by the commands of its manifest', async () => {
    const cwd = await filled()
    const ran = await pilot(cwd, ['export'])
    expect(ran).toMatchObject({ code: 0, err: '' })
    const { files, notCarried } = manifestOf(cwd)
    expect(files.map(({ name, records, inexact }) => [name, records, inexact])).toEqual([
      ['traces-lantern.jsonl', 3, 0],
      ['traces-torch.jsonl', 1, 0],
      ['scores-lantern.jsonl', 2, 0],
      ['feedback.jsonl', 2, 0],
      ['feedback-lantern.jsonl', 3, 0],
      ['requests.jsonl', 2, 0],
      ['deployments.jsonl', 2, 0],
      ['billing.jsonl', 2, 0],
      ['attempts.jsonl', 5, 0],
      ['labels.jsonl', 2, 0],
      ['log.jsonl', 2, 0],
    ])
    expect(notCarried).toEqual({})
    const other = await readBack(cwd)
    const [before, after] = [contentOf(cwd), contentOf(other)]
    expect(before.findings).toHaveLength(2)
    expect(after).toEqual(before)
    for (const [name, rows] of Object.entries(before)) expect(rows.length, name).toBeGreaterThan(0)
    const figures = async (folder: string) => {
      const { platforms, total } = await json(folder, 'data')
      const { lines, decisions, leaks } = await json(folder, 'scorecard')
      const measured = await Promise.all(['cost', 'latency', 'coverage'].map((command) => json(folder, command)))
      return { platforms, total, lines, decisions, leaks, measured }
    }
    expect(await figures(other)).toEqual(await figures(cwd))
  })

  it('is the same again from the store that it was read into', async () => {
    const cwd = await filled()
    await pilot(cwd, ['export'])
    const other = await readBack(cwd)
    await pilot(other, ['export'])
    for (const { name, sha256 } of manifestOf(cwd).files) {
      if (['billing.jsonl', 'attempts.jsonl'].includes(name)) continue // in the order of hashes, and of sources
      expect(manifestOf(other).files.find((file) => file.name === name)?.sha256, name).toBe(sha256)
    }
  })

  it('says in the manifest what is in each file, and what none carries', async () => {
    const cwd = await filled()
    // The same span with other words: the store keeps both versions.
    writeFileSync(
      join(cwd, 'again.jsonl'),
      jsonLines([span('t2', 'a', { output: 'longer', end: '2026-03-02T10:00:09Z' })]),
    )
    await pilot(cwd, ['ingest', '--platform', 'lantern', 'again.jsonl'])
    expect(await pilot(cwd, ['drill', 'new', '--id', 't3', '--include', 'not-logged'])).toMatchObject({ code: 0 })
    const { out } = await pilot(cwd, ['export'])
    const { files, notCarried } = manifestOf(cwd)
    for (const { name, bytes, sha256, records } of files) {
      const content = readFileSync(join(cwd, 'pilot-export', name))
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
      expect(content.length).toBe(bytes)
      expect(content.toString().trimEnd().split('\n')).toHaveLength(records)
    }
    expect(notCarried).toMatchObject({ 'earlier versions of spans': 2, drills: 1 })
    expect(out).toContain('not carried by any file: earlier versions of spans 2, drills 1')
  })

  it('counts what would come back otherwise', async () => {
    const cwd = await filled()
    const db = new Database(join(cwd, '.pilot/pilot.db'))
    db.exec(
      "UPDATE label SET value = ' with spaces ' WHERE item = 't2'; UPDATE score SET trace_id = NULL WHERE name = 'tone'",
    )
    db.close()
    const { out } = await pilot(cwd, ['export'])
    expect(out).toContain('labels.jsonl: 1 come back otherwise than they are')
    expect(out).toContain('scores-lantern.jsonl: 1 come back otherwise than they are')
  })

  it('writes a manifest alone of an empty store, and exits 3 where there is none', async () => {
    const cwd = project({ 'a.jsonl': jsonLines([span('t', 'a')]) })
    expect(await pilot(cwd, ['export'])).toMatchObject({ code: 3, out: '' })
    expect(existsSync(join(cwd, 'pilot-export'))).toBe(false)
    await pilot(cwd, ['ingest', 'a.jsonl'])
    await pilot(cwd, ['purge', '--trace', 't', '--yes'])
    expect((await pilot(cwd, ['export'])).out).toContain('Nothing is stored; pilot-export holds a manifest alone')
    expect(readdirSync(join(cwd, 'pilot-export'))).toEqual(['manifest.json'])
  })

  it('refuses what is there already unless it is forced', async () => {
    const cwd = await filled()
    await pilot(cwd, ['export'])
    const again = await pilot(cwd, ['export'])
    expect(again).toMatchObject({ code: 3, out: '' })
    expect(again.err).toContain('replace it with --force')
    expect((await pilot(cwd, ['export', '--force'])).code).toBe(0)
  })

  it('leaves nothing of an export that it replaces, nor of one that was killed', async () => {
    const cwd = await filled()
    await pilot(cwd, ['export'])
    const out = join(cwd, 'pilot-export')
    writeFileSync(join(out, '.traces-lantern.jsonl.4711.tmp'), 'half')
    writeFileSync(join(out, 'mine.txt'), 'mine')
    await pilot(cwd, ['purge', '--trace', 't3', '--yes'])
    await pilot(cwd, ['export', '--force'])
    const names = readdirSync(out)
    expect(names).not.toContain('traces-torch.jsonl')
    expect(names).not.toContain('.traces-lantern.jsonl.4711.tmp')
    expect(names).toContain('mine.txt')
  })

  it.each(['a link', 'a link to nothing', 'a pipe', 'a folder'])('refuses to write where %s stands', async (what) => {
    const cwd = await filled()
    const out = join(cwd, 'pilot-export')
    mkdirSync(out)
    const target = join(out, 'traces-lantern.jsonl')
    writeFileSync(join(cwd, 'precious.txt'), 'precious')
    if (what === 'a link') symlinkSync(join(cwd, 'precious.txt'), target)
    else if (what === 'a link to nothing') symlinkSync(join(cwd, 'nothing'), target)
    else if (what === 'a pipe') execFileSync('mkfifo', [target])
    else mkdirSync(target)
    const ran = await pilot(cwd, ['export', '--force'])
    expect(ran).toMatchObject({ code: 3, out: '' })
    expect(ran.err).toContain('is no regular file')
    expect(readFileSync(join(cwd, 'precious.txt'), 'utf8')).toBe('precious')
    expect(existsSync(join(cwd, 'nothing'))).toBe(false)
    expect(readdirSync(out)).toEqual(['traces-lantern.jsonl'])
  })

  it('leaves an old file or a new one when it is killed, never half', async () => {
    const count = 20_000
    const rows = Array.from({ length: count }, (_, index) => span(`t${index}`, 'a', { output: 'x'.repeat(200) }))
    const cwd = project({ 'a.jsonl': jsonLines(rows) })
    await pilot(cwd, ['ingest', 'a.jsonl'])
    await pilot(cwd, ['export'])
    const path = join(cwd, 'pilot-export/traces-lantern.jsonl')
    const whole = readFileSync(path)
    for (const ms of [250, 400, 600]) {
      const child = spawn(process.execPath, [bin, 'export', '--force'], { cwd, stdio: 'ignore' })
      const end = new Promise((resolve) => child.on('close', resolve))
      await Promise.race([end, new Promise((resolve) => setTimeout(resolve, ms))])
      child.kill('SIGKILL')
      await end
      expect(readFileSync(path).equals(whole)).toBe(true)
    }
  }, 30_000)

  it.each(['product', 'security'])('is not for %s, who gets the scorecard', async (audience) => {
    const cwd = await filled()
    const ran = await pilot(cwd, ['export', '--audience', audience])
    expect(ran).toMatchObject({ code: 2, out: '' })
    expect(ran.err).toContain(`pilot scorecard --audience ${audience}`)
    expect(existsSync(join(cwd, 'pilot-export'))).toBe(false)
  })
})

describe('an export for a spreadsheet', () => {
  it('holds spans, scores and feedback, and no formula', async () => {
    const cwd = await filled()
    await pilot(cwd, ['export', '--format', 'csv', '--out', 'tables'])
    expect(readdirSync(join(cwd, 'tables')).sort()).toEqual([
      'feedback.csv',
      'manifest.json',
      'scores.csv',
      'spans.csv',
    ])
    const feedback = readFileSync(join(cwd, 'tables/feedback.csv'), 'utf8')
    expect(feedback.split('\r\n')[0]).toBe('platform,trace_id,span_id,request,kind,name,value,comment,user,source,time')
    expect(feedback).toContain(`,r1,thumbs,,1,"'=cmd, really",,,2026-03-02T12:00:00.000Z\r\n`)
    expect(feedback).toContain(`,escalation,,,'@admin,,,\r\n`)
    expect(feedback).toMatch(/,thumbs,,-1,bad,hash:[0-9a-f]{16},,2026-03-02T11:00:00\.000Z\r\n/)
    const spans = readFileSync(join(cwd, 'tables/spans.csv'), 'utf8')
    expect(spans).toContain(`"broke, ""twice""\n'=1+1"`)
    expect(manifestOf(cwd, 'tables').files.map(({ name, read }) => [name, read])).toEqual([
      ['spans.csv', null],
      ['scores.csv', null],
      ['feedback.csv', null],
    ])
  })

  it.each([
    ['=1', "'=1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@a', "'@a"],
    ['\t=1', `"'\t'=1"`],
    ['\r=1', `"'\r'=1"`],
    ['\n=1', `"'\n'=1"`],
    ['\uff1d1', "'\uff1d1"],
    ['\uff0b1', "'\uff0b1"],
    ['\uff0d1', "'\uff0d1"],
    ['\uff201', "'\uff201"],
    [' =1', `' =1`],
    ['"=1', `"'""=1"`],
    ["'=1", "''=1"],
    ['a;=1', `"a;'=1"`],
    ['a\t-1', `"a\t'-1"`],
    ['a=1', 'a=1'],
    ['a "b", c', '"a ""b"", c"'],
    ['', ''],
    [-1, '-1'],
    [1e-7, '1e-7'],
    [undefined, ''],
  ])('writes %j as %j', (value, cell) => {
    expect(csvRow([value, 'x'])).toBe(`${cell},x\r\n`)
  })
})

describe('a line of an export', () => {
  const line = (stored: unknown, more: object = {}) => ({
    trace_id: 't',
    span_id: 's',
    name: 'n',
    start: null,
    stored,
    ...more,
  })
  const least = { kind: 'llm', status: 'ok', content: {} }

  it.each([
    [line(null), 'stored: expected an object'],
    [line({}), 'stored: no kind'],
    [line({ ...least, kind: 'x' }), 'stored.kind: expected one of workflow'],
    [line({ ...least, content: { documents: {} } }), 'stored.content.documents: expected a list'],
    [line({ ...least, content: { inputMessages: [{ content: 'x' }] } }), 'stored.content.inputMessages.0: no role'],
    [line({ ...least, content: { events: [null] } }), 'stored.content.events.0: expected an object'],
    [line({ ...least, usage: { input: '1' } }), 'stored.usage.input: expected a number'],
    [line({ ...least, startNs: '1e9' }), 'stored.startNs: expected digits'],
    [line({ ...least, other: 1 }), 'stored: a field that no span has'],
    [
      line(JSON.parse('{"kind":"llm","status":"ok","content":{},"__proto__":{"a":1}}')),
      'stored: a field that no span has',
    ],
    [line(least, { span_id: '' }), 'stored.spanId: expected text'],
    [line(least, { start: 'soon' }), 'stored.startMs: expected a number'],
  ])('%j is left out with its reason', (given, says) => {
    const read = readStored(given as never)
    expect(read).toBeTypeOf('string')
    expect(read).toContain(says)
  })

  it('keeps what detectors had found, of rules that there are', () => {
    expect(readStored(line(least, { findings: { 'api-key': 2, other: 1, email: -1, ssn: '3' } }) as never)).toEqual({
      span: { ...least, traceId: 't', spanId: 's', name: 'n' },
      findings: { 'api-key': 2 },
    })
  })
})

describe('files that pilot writes', () => {
  it.each([0o022, 0o000])('are for their owner alone under umask %o', async (umask) => {
    const before = process.umask(umask)
    try {
      const cwd = await filled()
      await pilot(cwd, ['export'])
      await pilot(cwd, ['export', '--format', 'csv', '--out', 'tables/deep'])
      await pilot(cwd, ['dataset', 'from-traces', '--include', 'replay', '--out', 'cases.jsonl'])
      await pilot(cwd, ['dataset', 'freeze', 'cases.jsonl'])
      await pilot(cwd, ['drill', 'new', '--id', 't3', '--include', 'not-logged', '--out', 'pack.json'])
      await pilot(cwd, ['review', '--output', 'minutes.md'])
      await pilot(cwd, [
        'log',
        'effort',
        '--platform',
        'lantern',
        '--hours',
        '1',
        '--activity',
        'setup',
        '--out',
        'mine.jsonl',
      ])
      await pilot(cwd, ['purge', '--trace', 't3', '--yes'])
      // While somebody reads, the files beside the database are there.
      const reader = new Database(join(cwd, '.pilot/pilot.db'))
      reader.prepare('SELECT 1 FROM span').get()
      const modes = (folder: string): [string, number][] =>
        readdirSync(join(cwd, folder), { withFileTypes: true }).flatMap((entry) => {
          const path = join(folder, entry.name)
          const mode = statSync(join(cwd, path)).mode & 0o777
          return entry.isDirectory()
            ? [[`${path}/`, mode] as [string, number], ...modes(path)]
            : [[path, mode] as [string, number]]
        })
      const made = modes('.').filter(([path]) => /^(?:\.pilot|pilot-export|tables|cases|pack|minutes|mine)/.test(path))
      reader.close()
      for (const name of ['pilot.db', 'pilot.db-wal', 'pilot.db-shm', 'salt'])
        expect(made.map(([path]) => path)).toContain(`.pilot/${name}`)
      for (const name of ['cases.jsonl', 'pack.json', 'minutes.md', 'mine.jsonl', 'tables/deep/spans.csv'])
        expect(made.map(([path]) => path)).toContain(name)
      expect(made.filter(([path, mode]) => mode !== (path.endsWith('/') ? 0o700 : 0o600))).toEqual([])
    } finally {
      process.umask(before)
    }
  })
})
