import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'

// Put together here, so that no file of this project holds what looks like a key.
const awsKey = ['AKIA', 'IOSFODNN7', 'EXAMPLQ'].join('')
const card = ['4111', '1111', '1111', '1111'].join(' ')

/** A store into which things came that rules of privacy now would redact. */
async function leaking(rows: readonly object[]): Promise<string> {
  const more = 'capture:\n  privacy:\n    - { detect: [api-key, credit-card], do: store }\n'
  const cwd = project({ 'a.jsonl': jsonLines(rows) }, more)
  expect((await pilot(cwd, ['ingest', 'a.jsonl'])).code).toBe(0)
  return cwd
}

describe('pilot scan', () => {
  it('finds what is left in the store, by detector, platform and field, and never shows it', async () => {
    const cwd = await leaking([
      span('t1', 'a', { input: `key ${awsKey}`, output: 'mail bob@example.com or ann@example.com' }),
      span('t1', 'b', { parent_id: 'a', input: `again ${awsKey}`, attributes: { note: `card ${card}` } }),
      span('t2', 'a', {
        error: 'from 192.168.17.4',
        feedback: [{ kind: 'comment', comment: 'call +1 650 253 0000' }],
      }),
    ])
    const ran = await pilot(cwd, ['scan'])
    expect(ran.code).toBe(1)
    const report = await json(cwd, 'scan')
    const found = report.store.map(({ detector, platform, field, hits, spans, traces, lengths }: never) => [
      ...[detector, platform, field, hits, spans, traces, lengths],
    ])
    expect(found.sort()).toEqual(
      [
        ['api-key', 'lantern', 'input', 2, 2, ['t1'], { min: 20, max: 20 }],
        ['email', 'lantern', 'output', 2, 1, ['t1'], { min: 15, max: 15 }],
        ['credit-card', 'lantern', 'attributes', 1, 1, ['t1'], { min: 19, max: 19 }],
        ['ip', 'lantern', 'statusMessage', 1, 1, ['t2'], { min: 12, max: 12 }],
        ['phone', 'lantern', 'feedback.comment', 1, 1, ['t2'], { min: 15, max: 15 }],
      ].sort(),
    )
    for (const secret of [awsKey, card, 'bob@', '192.168', '253'])
      expect(`${ran.out}${JSON.stringify(report)}`).not.toContain(secret)
  })

  it('names ten traces at most', async () => {
    const cwd = await leaking(Array.from({ length: 12 }, (_, index) => span(`t${index}`, 'a', { output: card })))
    const { store } = await json(cwd, 'scan')
    expect(store).toMatchObject([{ hits: 12, spans: 12 }])
    expect(store[0].traces).toHaveLength(10)
  })

  it('exits 0 where only what is a matter of taste is found, or nothing', async () => {
    const cwd = await leaking([span('t', 'a', { input: awsKey, output: 'bob@example.com' })])
    const mail = await pilot(cwd, ['scan', '--detect', 'email,ssn'])
    expect(mail).toMatchObject({ code: 0 })
    expect(mail.out).toContain('Looked for email, ssn in ')
    expect(mail.out).toContain('No secret and no payment card was found')
    expect((await pilot(cwd, ['scan', '--detect', 'iban'])).out).toMatch(/Nothing was found\.\n$/)
    expect((await pilot(cwd, ['scan', '--detect', 'api-key'])).code).toBe(1)
  })

  it('finds what invisible and full-width characters hide', async () => {
    const hidden = `${awsKey.slice(0, 8)}\u200b${awsKey.slice(8)}`
    const wide = [...card].map((digit) => (digit === ' ' ? digit : String.fromCharCode(digit.charCodeAt(0) + 0xfee0)))
    const cwd = await leaking([span('t', 'a', { input: hidden, output: wide.join('') })])
    const { store } = await json(cwd, 'scan')
    expect(store.map(({ detector, hits }: { detector: string; hits: number }) => [detector, hits]).sort()).toEqual([
      ['api-key', 1],
      ['credit-card', 1],
    ])
  })

  it('looks at labels, evals, judges, drills and logs too', async () => {
    const cwd = await leaking([span('t', 'a')])
    const db = new Database(join(cwd, '.pilot/pilot.db'))
    db.prepare("INSERT INTO judge_answer VALUES ('k', 1, ?)").run(`it says ${card}`)
    db.prepare("INSERT INTO label VALUES ('k', 't', 'n', 'v', NULL, 1, ?, 1)").run(card)
    db.prepare("INSERT INTO eval_output VALUES ('r', 'c', 1, ?)").run(JSON.stringify({ value: { deep: [card] } }))
    db.prepare("INSERT INTO log_entry VALUES ('k', 'usage', 'lantern', 1, ?, 1)").run(JSON.stringify({ note: card }))
    db.close()
    const { store } = await json(cwd, 'scan')
    expect(store.map(({ field, platform }: { field: string; platform: string }) => [field, platform]).sort()).toEqual([
      ['eval_output.body', ''],
      ['judge_answer.body', ''],
      ['label.note', ''],
      ['log_entry.body', 'lantern'],
    ])
  })

  it('looks at what evals, prompt tests, probes, bills and lists of prompts say', async () => {
    const cwd = await leaking([span('t', 'a')])
    const db = new Database(join(cwd, '.pilot/pilot.db'))
    const body = JSON.stringify({ note: card })
    db.prepare("INSERT INTO eval_run VALUES ('r', 's', 1, 2, ?)").run(body)
    db.prepare("INSERT INTO eval_case VALUES ('r', 'c', ?)").run(JSON.stringify({ id: 'c', tags: [card] }))
    db.prepare("INSERT INTO prompt_test VALUES ('lantern', 'h', 1, ?)").run(body)
    db.prepare("INSERT INTO probe_run VALUES (1, 'deletion', 'lantern', 1, 2, ?)").run(body)
    db.prepare("INSERT INTO certificate VALUES ('h', 1, ?)").run(body)
    db.prepare("INSERT INTO prompt_name (platform, prompt_id, name, origin) VALUES ('lantern', 'p', ?, 1)").run(card)
    db.close()
    const { store } = await json(cwd, 'scan')
    expect(store.map(({ field, platform }: { field: string; platform: string }) => [field, platform]).sort()).toEqual([
      ['certificate.body', ''],
      ['eval_case.body', ''],
      ['eval_run.body', ''],
      ['probe_run.body', 'lantern'],
      ['prompt_name.name', 'lantern'],
      ['prompt_test.body', 'lantern'],
    ])
  })

  it('looks at earlier versions of a span, their columns too', async () => {
    const cwd = await leaking([span('t', 'a', { error: `refused ${card}`, end: '2026-03-03T08:00:01Z' })])
    writeFileSync(join(cwd, 'b.jsonl'), jsonLines([span('t', 'a', { error: 'refused', end: '2026-03-03T08:00:02Z' })]))
    await pilot(cwd, ['ingest', 'b.jsonl'])
    const { store } = await json(cwd, 'scan')
    expect(store).toMatchObject([{ field: 'span_version', platform: 'lantern', hits: 1, traces: ['t'] }])
  })

  it('looks through journals beside the store, and files and folders that are named', async () => {
    const cwd = await leaking([span('t', 'a')])
    mkdirSync(join(cwd, '.pilot/labels'))
    mkdirSync(join(cwd, 'reports/deep'), { recursive: true })
    writeFileSync(join(cwd, '.pilot/labels/n.e1.jsonl'), `${JSON.stringify({ note: card })}\n`)
    writeFileSync(join(cwd, 'reports/deep/a.md'), `fine\n\nthe card ${card}\nand ${card}\n`)
    writeFileSync(join(cwd, 'reports/packed.jsonl.gz'), 'x')
    symlinkSync(join(cwd, 'reports/deep/a.md'), join(cwd, 'reports/link.md'))
    execFileSync('mkfifo', [join(cwd, 'reports/pipe')])
    const report = await json(cwd, 'scan', 'reports')
    expect(report).toMatchObject({ files: 2, unread: ['reports/packed.jsonl.gz'] })
    expect(report.found).toEqual([
      { detector: 'credit-card', file: '.pilot/labels/n.e1.jsonl', line: 1, hits: 1, lengths: { min: 19, max: 19 } },
      { detector: 'credit-card', file: 'reports/deep/a.md', line: 3, hits: 2, lengths: { min: 19, max: 19 } },
    ])
    expect((await pilot(cwd, ['scan', 'reports'])).out).toContain('reports/packed.jsonl.gz is packed and was not read')
  })

  it('finds each secret once, wherever it lies across the pieces of a large file of any bytes', async () => {
    const cwd = temporaryFolder()
    const mebibyte = 1024 * 1024
    // Around the end of the first piece, and around the places where pieces share their ends.
    const places = [
      0,
      mebibyte - 32_768 - 7,
      mebibyte - 16_384 - 7,
      mebibyte - 7,
      mebibyte + 100,
      2 * mebibyte - 19,
      3 * mebibyte - 7,
    ]
    for (const place of places) {
      const bytes = Buffer.alloc(3 * mebibyte + 40, 'x y\n')
      bytes.set([0, 0xff, 0xc3, 0x28, 0xe2, 0x82], 500)
      bytes.write(` ${card} `, place)
      writeFileSync(join(cwd, 'big.bin'), bytes)
      const { found } = await json(cwd, 'scan', 'big.bin', '--detect', 'credit-card')
      expect(found, String(place)).toMatchObject([{ hits: 1, lengths: { min: 19, max: 19 } }])
    }
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(180)}-----END PRIVATE KEY-----`
    writeFileSync(join(cwd, 'big.bin'), Buffer.from(`${'é '.repeat(mebibyte / 3 - 1000)}${key}${' y'.repeat(50_000)}`))
    const { found } = await json(cwd, 'scan', 'big.bin', '--detect', 'api-key')
    expect(found).toMatchObject([{ detector: 'api-key', hits: 1, lengths: { min: key.length } }])
  }, 30_000)

  it('needs no pilot.yaml for files, and says what is missing', async () => {
    const cwd = temporaryFolder({ 'a.txt': `card ${card}`, 'b.txt': 'nothing' })
    expect((await pilot(cwd, ['scan', 'a.txt'])).code).toBe(1)
    expect(await pilot(cwd, ['scan', 'b.txt'])).toMatchObject({ code: 0 })
    const none = await pilot(cwd, ['scan'])
    expect(none).toMatchObject({ code: 3, out: '' })
    expect(none.err).toContain('nothing to look through')
    expect((await pilot(cwd, ['scan', 'c.txt'])).err).toContain('Cannot read c.txt: there is no such file or folder.')
    expect(await pilot(cwd, ['scan', 'a.txt', '--detect', 'emial'])).toMatchObject({
      code: 2,
      err: 'error --detect knows no detector "emial".\nDid you mean email?\n',
    })
  })

  it('finds nothing in a store that the rules of privacy have kept clean', async () => {
    const cwd = project(
      { 'a.jsonl': jsonLines([span('t', 'a', { input: `${awsKey} ${card} bob@example.com` })]) },
      'capture:\n  privacy:\n    - { detect: [email], do: hash }\n',
    )
    await pilot(cwd, ['ingest', 'a.jsonl'])
    expect(await pilot(cwd, ['scan'])).toMatchObject({ code: 0 })
    expect((await json(cwd, 'scan')).store).toEqual([])
  })
})
