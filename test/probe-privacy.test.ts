import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createPolicy } from '../src/core/privacy/policy.js'
import { type Canary, type CanaryRequest, type CanarySet, lineOf } from '../src/core/probes/canary.js'
import type { CanaryResult } from '../src/core/probes/privacy.js'
import { readProbeRuns } from '../src/store/probes.js'
import { setOf } from './canaries.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

/** A project with canaries, and the set that its file keeps. */
async function planted(more?: string): Promise<{ cwd: string; set: CanarySet }> {
  const cwd = project({}, more)
  expect((await pilot(cwd, ['probe', 'privacy', 'plant'])).code).toBe(0)
  const file = readdirSync(join(cwd, '.pilot')).find((name) => /^canaries.*json$/.test(name))!
  return { cwd, set: JSON.parse(readFileSync(join(cwd, '.pilot', file), 'utf8')) }
}

const requestOf = ({ requests }: CanarySet, id: string) => requests.find((request) => request.id === id)!
const canaryOf = (set: CanarySet, id: string) =>
  set.requests.flatMap(({ canaries }) => canaries).find((canary) => canary.id === id)!

/** A span that carries a request: its marker, and each canary as the platform leaves it. */
function carried(request: CanaryRequest, left: (canary: Canary) => string) {
  return span(`t-${request.id}`, 'a', {
    input: `${request.marker}: ${request.canaries.map(left).join('. ')}`,
    metadata: { canary: request.marker },
  })
}

const replaced = (by: string) => (canary: Canary) => lineOf(canary).replace(canary.value, by)

async function verified(cwd: string, ...paths: string[]) {
  const ran = await pilot(cwd, ['probe', 'privacy', 'verify', ...paths, '--json'])
  const found = JSON.parse(ran.out)
  const results = found.canaries as CanaryResult[]
  const of = (id: string) => results.find((result) => result.id === id)!
  return { ...ran, found, of }
}

describe('a set of canaries', () => {
  it('has a value of its own for each channel and kind, and words of its own around each', () => {
    const { requests } = setOf(7)
    const words = requests.flatMap(({ marker, canaries }) => [
      marker,
      ...canaries.flatMap(({ value, fence }) => [value, ...(fence ? [fence.before, fence.after] : [])]),
    ])
    expect(new Set(words).size).toBe(words.length)
    expect(requests.flatMap(({ canaries }) => canaries)).toHaveLength(8 * 7 + 3)
  })

  it('looks real: every kind that has a detector is found by it, and the words around it by none', async () => {
    const policy = await createPolicy(
      [{ detect: ['api-key', 'credit-card', 'email', 'iban', 'ssn', 'phone', 'ip'], do: 'redact' }],
      (value) => value,
    )
    const names = { card: 'credit-card', iban: 'iban', 'api-token': 'api-key', email: 'email', phone: 'phone' }
    for (let seed = 0; seed < 20; seed++)
      for (const { canaries, marker } of setOf(seed).requests) {
        expect(policy.applyText(marker)).toBe(marker)
        for (const canary of canaries) {
          const name = (names as Record<string, string>)[canary.kind]
          const mark = name === undefined ? canary.value : `[redacted:${name}]`
          expect(policy.applyText(lineOf(canary))).toBe(lineOf(canary).replace(canary.value, mark))
        }
      }
  })

  it('has cards that pass Luhn and IBANs that pass mod 97', () => {
    for (const { value, kind } of setOf(3).requests.flatMap(({ canaries }) => canaries)) {
      if (kind === 'card') {
        const digits = Array.from(value, Number).reverse()
        const sum = digits.reduce((all, digit, at) => {
          const twice = at % 2 === 1 ? digit * 2 : digit
          return all + (twice > 9 ? twice - 9 : twice)
        }, 0)
        expect(sum % 10).toBe(0)
      }
      if (kind === 'iban') {
        const plain = value.replaceAll(' ', '')
        const numbers = Array.from(plain.slice(4) + plain.slice(0, 4), (char) => Number.parseInt(char, 36)).join('')
        expect(BigInt(numbers) % 97n).toBe(1n)
      }
    }
  })
})

describe('pilot probe privacy plant', () => {
  it('prints and writes a sheet of every line to send, and keeps it and the values for their owner alone', async () => {
    const cwd = project({})
    const ran = await pilot(cwd, ['probe', 'privacy', 'plant'])
    const [sheet, values] = ['canaries-2026-03-03.md', 'canaries-2026-03-03.json'].map((name) =>
      join(cwd, '.pilot', name),
    )
    const set = JSON.parse(readFileSync(values!, 'utf8')) as CanarySet
    for (const { marker, canaries } of set.requests)
      for (const line of [marker, ...canaries.map(lineOf)]) expect(ran.out).toContain(`\`${line}\``)
    expect(readFileSync(sheet!, 'utf8')).toBe(ran.out)
    if (process.platform !== 'win32')
      expect([sheet!, values!, join(cwd, '.pilot')].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual([
        '600',
        '600',
        '700',
      ])
  })

  it.each(['sheet.csv', 'sheet.json', 'sheet.md'])('writes %s with every line, for its owner alone', async (name) => {
    const cwd = project({})
    await pilot(cwd, ['probe', 'privacy', 'plant', '--out', name])
    const set = JSON.parse(readFileSync(join(cwd, '.pilot/canaries-2026-03-03.json'), 'utf8')) as CanarySet
    const text = readFileSync(join(cwd, name), 'utf8')
    for (const canary of set.requests.flatMap(({ canaries }) => canaries)) expect(text).toContain(lineOf(canary))
    expect((statSync(join(cwd, name)).mode & 0o777).toString(8)).toBe('600')
  })

  it('refuses a sheet of another kind, and makes nothing', async () => {
    const cwd = project({})
    const { code, err } = await pilot(cwd, ['probe', 'privacy', 'plant', '--out', 'sheet.pdf'])
    expect([code, err]).toEqual([2, 'error --out sheet.pdf is no kind of sheet.\nIt ends in .md, .csv, .json.\n'])
    expect(readdirSync(cwd)).toEqual(['pilot.yaml'])
  })

  it('takes the place of no sheet that is there: it may be the only one of its set', async () => {
    const cwd = project({})
    await pilot(cwd, ['probe', 'privacy', 'plant', '--out', 'sheet.csv'])
    const before = readFileSync(`${cwd}/sheet.csv`, 'utf8')
    const { code, err } = await pilot(cwd, ['probe', 'privacy', 'plant', '--out', 'sheet.csv'])
    expect([code, err.split('\n')[0]]).toEqual([2, 'error --out sheet.csv is there already.'])
    expect(readFileSync(`${cwd}/sheet.csv`, 'utf8')).toBe(before)
    expect(readdirSync(`${cwd}/.pilot`).filter((name) => name.startsWith('canaries-'))).toHaveLength(1)
  })

  it('makes another set each time, of the channels and kinds that are asked for', async () => {
    const { cwd, set } = await planted('probes: { privacy: { channels: [prompt, user], kinds: [email, card] } }')
    expect(set.requests.map(({ id }) => id)).toEqual(['prompt', 'user-email'])
    await pilot(cwd, ['probe', 'privacy', 'plant'])
    expect((await pilot(cwd, ['probe', 'privacy', 'list'])).err).toBe('Next: pilot probe privacy verify <export>\n')
    const { sets } = await json(cwd, 'probe', 'privacy', 'list')
    expect(sets.map((each: { set: string }) => each.set)).toEqual(['2026-03-03', '2026-03-03-2'])
    expect(sets[0].canaries).toEqual(['prompt/email', 'prompt/card', 'user/email'])
  })
})

describe('pilot probe privacy verify', () => {
  it('without a set says how to make one', async () => {
    const { code, err } = await pilot(project({}), ['probe', 'privacy', 'verify'])
    expect([code, err]).toEqual([
      2,
      'error No canaries were planted.\npilot probe privacy plant makes them; send them through the application, then verify.\n',
    ])
  })

  it('of exports that hold nothing of it measures nothing, and exits 1', async () => {
    const { cwd } = await planted()
    writeFileSync(join(cwd, 'export.jsonl'), jsonLines([span('t', 'a', { input: 'Where is my order?' })]))
    const { code, found } = await verified(cwd, 'export.jsonl')
    expect([code, found.verdicts, found.requests]).toEqual([
      1,
      { leaked: 0, 'less removed': 0, 'as declared': 0, 'more removed': 0, 'not measured': 59 },
      { arrived: 0, planted: 11 },
    ])
    expect((await criterion(cwd)).verdict).toBe('not measured')
  })

  it('tells raw, redacted, hashed and omitted apart, and holds each against what is declared', async () => {
    const { cwd, set } = await planted(`
probes: { privacy: { expect: { prompt: { email: hash, name: omit, health: redact, phone: redact } } } }
`)
    const left: Record<string, string> = {
      'prompt/card': '[REDACTED]',
      'prompt/iban': canaryOf(set, 'prompt/iban').value,
      'prompt/api-token': canaryOf(set, 'prompt/api-token').value,
      'prompt/email': 'a3f5c2e19b7d4460a3f5c2e19b7d4460',
      'prompt/phone': 'hmac:9f86d081884c7d65',
      'prompt/name': '',
      'prompt/health': '',
    }
    const rows = [carried(requestOf(set, 'prompt'), (canary) => replaced(left[canary.id]!)(canary))]
    writeFileSync(join(cwd, 'export.jsonl'), jsonLines(rows))
    const { code, of, found } = await verified(cwd, 'export.jsonl')
    const told = (id: string) => [of(id).outcomes.export, of(id).declared, of(id).verdict]
    expect(told('prompt/card')).toEqual(['redacted', 'redact', 'as declared'])
    expect(told('prompt/iban')).toEqual(['raw', 'store', 'as declared'])
    expect(told('prompt/api-token')).toEqual(['raw', 'redact', 'leaked'])
    expect(told('prompt/email')).toEqual(['hashed', 'hash', 'as declared'])
    expect(told('prompt/phone')).toEqual(['hashed', 'redact', 'less removed'])
    expect(told('prompt/name')).toEqual(['omitted', 'omit', 'as declared'])
    expect(told('prompt/health')).toEqual(['omitted', 'redact', 'more removed'])
    expect(told('answer/card')).toEqual(['not seen', 'redact', 'not measured'])
    expect(of('prompt/api-token').finds).toEqual([
      { place: 'export', file: 'export.jsonl', encoding: 'plain', found: 'raw', line: 1 },
    ])
    expect([code, found.requests]).toEqual([1, { arrived: 1, planted: 11 }])
  })

  it('takes a field that is gone for omitted where its request arrived, and a digest anybody can compute for hashed', async () => {
    const { cwd, set } = await planted()
    const { createHash } = await import('node:crypto')
    const sha = (id: string) => createHash('sha256').update(canaryOf(set, id).value).digest('hex')
    const of = (id: string) => requestOf(set, id)
    const rows = [
      span('t1', 'a', { metadata: { canary: of('user-email').marker }, user: sha('user/email') }),
      span('t2', 'a', { metadata: { canary: of('user-name').marker } }),
    ]
    writeFileSync(join(cwd, 'export.jsonl'), jsonLines(rows))
    const { of: result } = await verified(cwd, 'export.jsonl')
    expect(result('user/email').outcomes.export).toBe('hashed')
    expect(result('user/email').finds[0]?.encoding).toBe('sha256')
    expect(result('user/name').outcomes.export).toBe('omitted')
    expect(result('user/phone').outcomes.export).toBe('not seen')
  })

  it('finds what stands in folders, in .gz, in the store and in files beside pilot.yaml, and never in its own files', async () => {
    const { cwd, set } = await planted('capture: { privacy: [{ detect: [email], do: redact }] }')
    mkdirSync(join(cwd, 'exports/deep'), { recursive: true })
    const text = jsonLines([carried(requestOf(set, 'document'), lineOf)])
    writeFileSync(join(cwd, 'exports/deep/a.jsonl.gz'), gzipSync(text))
    writeFileSync(join(cwd, 'notes.md'), `see ${canaryOf(set, 'tag/card').value}`)
    expect((await pilot(cwd, ['ingest', 'exports/deep/a.jsonl.gz'])).code).toBe(0)
    const { of, found } = await verified(cwd, 'exports')
    expect(of('document/card').outcomes).toEqual({ export: 'raw', store: 'redacted', files: 'not seen' })
    expect(of('document/email').outcomes).toEqual({ export: 'raw', store: 'redacted', files: 'not seen' })
    // Names have no detector, and are declared to be stored.
    expect(of('document/name').outcomes).toMatchObject({ export: 'raw', store: 'raw' })
    expect(of('document/name').verdict).toBe('as declared')
    expect(of('tag/card')).toMatchObject({ verdict: 'leaked', outcomes: { export: 'not seen', files: 'raw' } })
    expect(of('tag/card').finds).toEqual([
      { place: 'files', file: 'notes.md', encoding: 'plain', found: 'raw', line: 1 },
    ])
    expect(
      found.files.map(({ path }: { path: string }) => path).filter((path: string) => /canaries/.test(path)),
    ).toEqual([])
    expect(found.unread).toEqual([])
  })

  it('takes the exports that were ingested where none is named', async () => {
    const { cwd, set } = await planted()
    writeFileSync(join(cwd, 'a.jsonl'), jsonLines([carried(requestOf(set, 'prompt'), lineOf)]))
    await pilot(cwd, ['ingest', 'a.jsonl'])
    const { of } = await verified(cwd)
    expect(of('prompt/card').finds.map(({ place, file }) => `${place} ${file}`)).toEqual(['export a.jsonl'])
  })

  it('says what could not be read, and does not call it clean', async () => {
    const { cwd, set } = await planted()
    const packed = gzipSync(jsonLines(set.requests.map((request) => carried(request, replaced('[x]')))))
    writeFileSync(join(cwd, 'a.jsonl.gz'), packed.subarray(0, packed.length - 12))
    const { found } = await verified(cwd, 'a.jsonl.gz')
    expect(found.unread).toMatchObject([{ place: 'export', path: 'a.jsonl.gz' }])
    expect((await criterion(cwd)).verdict).toBe('not measured')
  })

  it('lists what may hold packed data, and never calls it clean', async () => {
    const { cwd, set } = await planted()
    const text = jsonLines(set.requests.map((request) => carried(request, replaced('[x]'))))
    mkdirSync(join(cwd, 'exports'))
    writeFileSync(join(cwd, 'exports/a.jsonl'), text)
    writeFileSync(join(cwd, 'exports/b.zip'), `PK\u0003\u0004 ${'x'.repeat(100)}`)
    const { found } = await verified(cwd, 'exports')
    expect(found.unread).toEqual([
      { place: 'export', path: 'exports/b.zip', reason: 'It is a zip archive or an Excel workbook, not text.' },
    ])
    expect((await criterion(cwd)).verdict).toBe('not measured')
  })

  it.each([
    ['[PERSON_NAME_REDACTED_1234]', 'redacted'],
    ['<EMAIL_ADDRESS>', 'redacted'],
    ['************1881', 'redacted'],
    ['[redacted:api-key]', 'redacted'],
    ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 'hashed'],
    ['hash:0a1b2c3d4e5f6071', 'hashed'],
    ['sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'hashed'],
    ['n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=', 'hashed'],
    ['  ', 'omitted'],
    ['', 'omitted'],
  ])('takes %j in the place of a value for %s', async (by, outcome) => {
    const { cwd, set } = await planted()
    writeFileSync(join(cwd, 'a.jsonl'), jsonLines([carried(requestOf(set, 'prompt'), replaced(by))]))
    expect((await verified(cwd, 'a.jsonl')).of('prompt/email').outcomes.export).toBe(outcome)
  })

  it('keeps no value: not in the store, not on the screen, only keyed hashes', async () => {
    const { cwd, set } = await planted()
    writeFileSync(join(cwd, 'a.jsonl'), jsonLines(set.requests.map((request) => carried(request, lineOf))))
    const shown = [
      await pilot(cwd, ['probe', 'privacy', 'verify', 'a.jsonl']),
      await pilot(cwd, ['probe', 'privacy', 'verify', 'a.jsonl', '--json']),
      await pilot(cwd, ['probe', 'privacy', 'list']),
      await pilot(cwd, ['probe', 'privacy', 'list', '--json']),
      await pilot(cwd, ['scorecard', '--explain', 'canary-leaks']),
    ]
    const printed = shown.map(({ out, err }) => out + err).join('')
    const store = ['pilot.db', 'pilot.db-wal', 'pilot.db-shm'].map((name) => {
      try {
        return readFileSync(join(cwd, '.pilot', name), 'latin1')
      } catch {
        return '' // SQLite takes them away when it closes
      }
    })
    for (const { value } of set.requests.flatMap(({ canaries }) => canaries))
      for (const text of [printed, ...store]) expect(text.includes(value)).toBe(false)
    const [run] = stored(cwd, (db) => readProbeRuns<{ canaries: CanaryResult[] }>(db, 'privacy'))
    expect(run!.result.canaries.every(({ hash }) => /^hash:[0-9a-f]{16}$/.test(hash))).toBe(true)
  })

  it('does not find its own record of an earlier search', async () => {
    const { cwd, set } = await planted()
    writeFileSync(join(cwd, 'a.jsonl'), jsonLines(set.requests.map((request) => carried(request, replaced('[x]')))))
    const first = await verified(cwd, 'a.jsonl')
    writeFileSync(join(cwd, 'printed.json'), first.out)
    const { found } = await verified(cwd, 'a.jsonl')
    const results = found.canaries as CanaryResult[]
    expect(results.flatMap(({ finds }) => finds)).toEqual([])
    expect(new Set(results.map(({ outcomes }) => outcomes.store))).toEqual(new Set(['not seen']))
  })

  it('says of each place whether the value stands there, or its hash', async () => {
    const { cwd, set } = await planted()
    const value = canaryOf(set, 'prompt/card').value
    const md5 = createHash('md5').update(value).digest('hex')
    writeFileSync(join(cwd, 'a.jsonl'), jsonLines([carried(requestOf(set, 'prompt'), lineOf)]))
    writeFileSync(join(cwd, 'note.txt'), `${value}\n`)
    writeFileSync(join(cwd, 'other.txt'), `${md5}\n`)
    const { of } = await verified(cwd, 'a.jsonl')
    expect(
      of('prompt/card')
        .finds.map(({ file, found }) => [file, found])
        .sort(),
    ).toEqual([
      ['a.jsonl', 'raw'],
      ['note.txt', 'raw'],
      ['other.txt', 'hashed'],
    ])
  })

  it('is met only when every canary was measured and none leaked', async () => {
    const { cwd, set } = await planted()
    const file = join(cwd, 'a.jsonl')
    writeFileSync(file, jsonLines(set.requests.map((request) => carried(request, replaced('[x]')))))
    expect((await verified(cwd, 'a.jsonl')).code).toBe(0)
    expect((await criterion(cwd)).verdict).toBe('met')
    writeFileSync(file, jsonLines(set.requests.slice(1).map((request) => carried(request, replaced('[x]')))))
    await verified(cwd, 'a.jsonl')
    expect((await criterion(cwd)).verdict).toBe('not measured')
    writeFileSync(file, jsonLines(set.requests.map((request) => carried(request, lineOf))))
    expect((await verified(cwd, 'a.jsonl')).code).toBe(1)
    // Cards and tokens in each of eight channels.
    expect(await criterion(cwd)).toEqual({ verdict: 'missed', value: 16 })
  })

  it('names the nearest set and refuses what is not there', async () => {
    const { cwd } = await planted()
    const near = await pilot(cwd, ['probe', 'privacy', 'verify', '--set', '2026-03-04'])
    expect([near.code, near.err]).toEqual([
      2,
      'error No set of canaries is called 2026-03-04.\nDid you mean 2026-03-03?\n',
    ])
    expect((await pilot(cwd, ['probe', 'privacy', 'verify', 'gone.jsonl'])).code).toBe(3)
  })

  it('refuses a damaged file of canaries without quoting it', async () => {
    const { cwd } = await planted()
    writeFileSync(join(cwd, '.pilot/canaries-2026-03-03.json'), '{"value": "4000001234567899"')
    const { code, err } = await pilot(cwd, ['probe', 'privacy', 'verify'])
    expect([code, err.includes('is damaged'), err.includes('4000')]).toEqual([3, true, false])
  })
})

/** The cell of the criterion in the scorecard of a project that asks for it. */
async function criterion(cwd: string) {
  const path = join(cwd, 'pilot.yaml')
  const text = readFileSync(path, 'utf8')
  if (!text.includes('canary-leaks'))
    writeFileSync(path, text.replace('criteria:\n', "criteria:\n  - { id: canary-leaks, target: '0' }\n"))
  const { lines } = await json(cwd, 'scorecard')
  const rows = lines.flatMap(({ rows }: { rows: { id: string; cells: object[] }[] }) => rows)
  const [cell] = rows.find(({ id }: { id: string }) => id === 'canary-leaks').cells
  return { verdict: cell.judgement.verdict, value: cell.measurement.value }
}
