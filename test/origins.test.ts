import { expect, it } from 'vitest'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'

it('a trace of a production and a replayed request is a run for no command, whichever stands first', async () => {
  const [real, replayed] = ['real', 'replayed'].map((request) => ({ request }))
  const spans = [
    span('t1', 'a', { name: 'answer', ...real }),
    span('t2', 'a', { name: 'answer', ...real }),
    span('t2', 'b', { parent_id: 'a', ...replayed }),
    span('t3', 'a', { name: 'answer', ...replayed }),
    span('t3', 'b', { parent_id: 'a', ...real }),
  ]
  const requests = [
    { id: 'real', time: '2026-03-02T10:00:00Z', origin: 'production' },
    { id: 'replayed', time: '2026-03-02T10:00:00Z', origin: 'replay' },
  ]
  const cwd = project({ 'traces.jsonl': jsonLines(spans), 'requests.jsonl': jsonLines(requests) })
  await pilot(cwd, ['ingest', 'traces.jsonl'])
  await pilot(cwd, ['ingest', '--as', 'requests', 'requests.jsonl'])
  const runs = await Promise.all(
    (['cost', 'latency', 'ask'] as const).map(async (command) => (await json(cwd, command)).platforms[0].runs),
  )
  expect(runs).toEqual([1, 1, 1])
  expect((await json(cwd, 'map')).platforms[0].runs).toBe(1)
})
