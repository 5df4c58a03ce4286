import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pilot, temporaryFolder } from './pilot.js'

const span = (id: string, input: string) =>
  JSON.stringify({
    trace_id: 'a'.repeat(32),
    span_id: id.repeat(16),
    name: 'answer',
    start: '2026-03-02T10:00:00Z',
    input,
  })

/** A pilot of the template with two files that share a span. */
async function sharedSpan(): Promise<string> {
  const folder = temporaryFolder({
    'one.jsonl': `${span('1', 'violet-canary')}\n${span('2', 'amber-canary')}\n`,
    'two.jsonl': `${span('1', 'violet-canary')}\n`,
  })
  await pilot(folder, ['init', '--yes', '--template', 'rag'])
  await pilot(folder, ['ingest', 'one.jsonl', 'two.jsonl'])
  return folder
}

function omitInput(folder: string): void {
  const path = join(folder, 'pilot.yaml')
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('\n  privacy:')
  writeFileSync(path, text.replace('\n  privacy:', '\n  privacy:\n    - { field: input, do: omit }'))
}

const stored = (folder: string) =>
  ['pilot.db', 'pilot.db-wal']
    .map((name) => {
      try {
        return readFileSync(join(folder, '.pilot', name), 'latin1')
      } catch {
        return '' // no write-ahead log is left behind
      }
    })
    .join('')

it('ingesting the same files again applies an omit that was added after data, whichever files share the span', async () => {
  const folder = await sharedSpan()
  expect(stored(folder)).toContain('violet-canary')
  omitInput(folder)
  const again = await pilot(folder, ['ingest', '--json', 'one.jsonl', 'two.jsonl'])
  expect(JSON.parse(again.out).totals.spans).toEqual({ added: 2, updated: 0, unchanged: 1 })
  expect(stored(folder)).not.toContain('canary')
})

it('ingesting only one of two files keeps the spans that the other one still holds for it', async () => {
  const folder = await sharedSpan()
  omitInput(folder)
  await pilot(folder, ['ingest', 'two.jsonl'])
  const { total } = JSON.parse((await pilot(folder, ['data', '--json'])).out)
  expect(total.spans).toBe(2)
  const check = JSON.parse((await pilot(folder, ['check', '--json'])).out)
  expect(check.findings.find(({ id }: { id: string }) => id === 'privacy-first').severity).toBe('error')
})

it('ingesting again under the same rules takes nothing out', async () => {
  const folder = await sharedSpan()
  const { out } = await pilot(folder, ['ingest', '--json', 'one.jsonl'])
  expect(JSON.parse(out).totals.spans).toEqual({ added: 0, updated: 0, unchanged: 2 })
})
