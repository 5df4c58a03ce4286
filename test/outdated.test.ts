import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project } from './project.js'

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

it('what a file brought under the old rules goes from spans, too, that another file has brought since, which is to be read again', async () => {
  const files = { 'one.jsonl': `${span('1', 'violet-canary')}\n`, 'two.jsonl': `${span('1', 'amber-canary')}\n` }
  const folder = temporaryFolder(files)
  await pilot(folder, ['init', '--yes', '--template', 'rag'])
  await pilot(folder, ['ingest', 'one.jsonl'])
  omitInput(folder)
  await pilot(folder, ['ingest', 'two.jsonl'])
  await pilot(folder, ['ingest', 'one.jsonl'])
  expect(stored(folder)).not.toContain('canary')
  const severity = async () =>
    (await json(folder, 'check')).findings.find(({ id }: { id: string }) => id === 'privacy-first').severity
  expect(await severity()).toBe('error')
  await pilot(folder, ['ingest', 'two.jsonl'])
  expect(await severity()).toBe('ok')
})

it('names of prompts that a registry gave under the old rules go when it is read again', async () => {
  const request = {
    id: 7,
    engine: 'gpt-4.1',
    provider_type: 'openai',
    prompt_id: 44,
    prompt_version_number: 3,
    request_start_time: '2026-03-02T10:00:00',
    request_end_time: '2026-03-02T10:00:01',
  }
  const items = [{ id: 44, prompt_name: 'letter to jane@example.com', version: 3, prompt_template: {} }]
  const files = { 'names.json': JSON.stringify({ items, page: 1, pages: 1 }), 'calls.jsonl': jsonLines([request]) }
  const folder = project(files)
  // Twice, so that what the span was called is kept as a version of it as well.
  for (const file of ['calls.jsonl', 'names.json', 'calls.jsonl']) await pilot(folder, ['ingest', file])
  expect(stored(folder)).toContain('jane@example.com')
  const path = join(folder, 'pilot.yaml')
  const rule = 'capture:\n  privacy:\n    - { detect: [email], do: redact }\n'
  writeFileSync(path, readFileSync(path, 'utf8') + rule)
  for (const file of Object.keys(files)) await pilot(folder, ['ingest', file])
  expect(stored(folder)).not.toContain('jane@example.com')
  const { promptVersions } = (await json(folder, 'data')).total
  expect(promptVersions).toEqual([{ name: 'letter to [redacted:email]', version: '3', spans: 1 }])
})
