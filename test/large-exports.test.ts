import { execFile } from 'node:child_process'
import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { project } from './project.js'

const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))

/** What the built program prints as JSON: large files are read by a thread, which only the build has. */
function json(cwd: string, argv: readonly string[], stdin?: string) {
  return new Promise<ReturnType<typeof JSON.parse>>((resolve, reject) => {
    const child = execFile(process.execPath, [bin, ...argv, '--json'], { cwd }, (error, out, err) => {
      if (error && out === '') reject(new Error(err))
      else resolve(JSON.parse(out))
    })
    if (stdin) createReadStream(stdin).pipe(child.stdin!)
  })
}

const words = 'the customer asks about an order that was sent last week '.repeat(20)

/** One observation of Langfuse, a little over a kilobyte. */
const observation = (index: number) => ({
  id: `o${index}`,
  traceId: `t${Math.floor(index / 10)}`,
  type: 'GENERATION',
  name: 'draft',
  startTime: '2026-03-02T10:00:00.000Z',
  endTime: '2026-03-02T10:00:01.000Z',
  model: 'gpt-4.1',
  input: words,
  usageDetails: { input: 5, output: 1, total: 6 },
})
const many = Array.from({ length: 16_000 }, (_, index) => JSON.stringify(observation(index)))

describe('a document larger than one record may be', () => {
  it.each([
    ['a list', `[${many}]`],
    ['a page of an API', `{"data":[${many}]}`],
    [
      'a download of one trace',
      `{"trace":{"id":"t0","name":"n","timestamp":"2026-03-02T10:00:00Z"},"observations":[${many}]}`,
    ],
  ])('is kept whole: %s', async (_, text) => {
    expect(text.length).toBeGreaterThan(16 * 1024 * 1024)
    const cwd = project({ 'export.json': text })
    const { files } = await json(cwd, ['ingest', 'export.json'])
    expect([files[0].format, files[0].spans.added, files[0].problems, files[0].state]).toEqual([
      'langfuse',
      16_000,
      [],
      'complete',
    ])
    expect((await json(cwd, ['data'])).total.tokens.input).toBe(80_000)
  })
})

it('a record over 16 MiB is refused with its line, and the rest of a platform’s export is kept', async () => {
  const large = JSON.stringify({ ...observation(1), input: 'x'.repeat(17 * 1024 * 1024) })
  const cwd = project({ 'export.jsonl': `${many[0]}\n${large}\n${many[2]}\n` })
  const { files } = await json(cwd, ['ingest', 'export.jsonl'])
  expect([files[0].spans.added, files[0].problems]).toEqual([2, [{ line: 2, message: 'record over 16 MiB (byte 0)' }]])
})

describe('a transcript, whose lines mean something only in order', () => {
  /** Turns of Codex, one after the other; over 8 MB, from where a second thread reads. */
  function rollout(turns: number): string {
    const line = (at: number, type: string, payload: object) =>
      `${JSON.stringify({ timestamp: new Date(1772445600000 + at).toISOString(), type, payload })}\n`
    const said = (role: string, type: string, text: string) => ({ type: 'message', role, content: [{ type, text }] })
    const usage = (calls: number) => ({
      input_tokens: 100 * calls,
      cached_input_tokens: 40 * calls,
      output_tokens: 7 * calls,
    })
    let text = line(0, 'session_meta', {
      id: '0198746d-a318-7000-8000-000000000001',
      cwd: '/work',
      cli_version: '0.123.0',
    })
    for (let turn = 0; turn < turns; turn++) {
      const id = `0198746d-a700-7000-8000-${turn.toString(16).padStart(12, '0')}`
      const at = 1000 + turn * 1000
      text += line(at, 'event_msg', { type: 'task_started', turn_id: id })
      text += line(at + 1, 'turn_context', { turn_id: id, cwd: '/work', model: 'gpt-5.4' })
      text += line(at + 2, 'response_item', said('user', 'input_text', words))
      text += line(at + 3, 'response_item', said('assistant', 'output_text', 'Done.'))
      text += line(at + 4, 'event_msg', {
        type: 'token_count',
        info: { total_token_usage: usage(turn + 1), last_token_usage: usage(1) },
      })
      text += line(at + 5, 'event_msg', { type: 'task_complete', turn_id: id, last_agent_message: 'Done.' })
    }
    return text
  }

  it('gives the same spans from a large file as through a pipe, and none twice', async () => {
    const turns = 5000
    const cwd = project({})
    writeFileSync(join(cwd, 'rollout.jsonl'), rollout(turns))
    const { files } = await json(cwd, ['ingest', 'rollout.jsonl'])
    expect([files[0].format, files[0].spans.added, files[0].records, files[0].problems]).toEqual([
      'codex',
      turns * 2,
      turns * 6 + 1,
      [],
    ])
    const { total } = await json(cwd, ['data'])
    expect([total.traces, total.tokens.input, total.tokens.output]).toEqual([turns, turns * 100, turns * 7])
    const piped = await json(cwd, ['ingest', '-'], join(cwd, 'rollout.jsonl'))
    expect(piped.totals.spans).toEqual({ added: 0, updated: 0, unchanged: turns * 2 })
  }, 60_000)
})
