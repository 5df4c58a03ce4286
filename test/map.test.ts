import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { renderMap } from '../src/config/render-map.js'
import { type MapStep, readMap } from '../src/core/map/declared.js'
import { measureMap } from '../src/core/map/measure.js'
import { selectedRoot } from '../src/core/select.js'
import { readStructure } from '../src/core/structure.js'
import type { Trace } from '../src/core/trace.js'
import { formatMermaid } from '../src/reports/map-mermaid.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'
import { traceOf } from './trace-of.js'

type Part = Parameters<typeof traceOf>[0][number]

const steps: MapStep[] = [
  { step: 'search', kind: 'retriever', under: 'answer', times: { min: 1, max: 2 } },
  {
    step: 'draft',
    kind: 'llm',
    under: 'answer',
    times: { min: 2, max: 3 },
    prompt: 'reply',
    models: ['gpt-4.1'],
    fallbacks: ['gpt-4.1-mini'],
  },
  { step: 'order', kind: 'tool' },
]

const timed = { startMs: 0, endMs: 10 }
const root: Part = { spanId: 'r', name: 'answer', kind: 'agent', ...timed }
const search = (id: string, more: Partial<Part> = {}): Part => ({
  spanId: id,
  parentId: 'r',
  name: 'search',
  kind: 'retriever',
  ...timed,
  ...more,
})
const draft = (id: string, more: Partial<Part> = {}): Part => ({
  spanId: id,
  parentId: 'r',
  name: 'draft gpt-4.1',
  kind: 'llm',
  requestModel: 'gpt-4.1',
  promptName: 'reply',
  ...timed,
  ...more,
})
const good = [root, search('s'), draft('d'), draft('e')]

/** Traces that a match by root name selects, with the trace ids t1, t2 … */
function measured(runs: readonly (readonly Part[])[], declared: readonly MapStep[] = steps) {
  const traces = runs.map((parts, index) => traceOf(parts, `t${index + 1}`))
  return measureMap(met(traces), { map: readMap(declared), sameInput: () => true, minShare: 0.05 })
}

function* met(traces: readonly Trace[]) {
  for (const trace of traces) {
    const structure = readStructure(trace)
    yield { trace, structure, root: selectedRoot(trace, structure, { root: 'answer' }) }
  }
}

/** The reasons as lines: reason, step, what was found, spans, runs. */
function reasonsOf(runs: readonly (readonly Part[])[], declared?: readonly MapStep[]) {
  return measured(runs, declared).reasons.map(({ reason, step, found, spans, runs: of }) =>
    [reason, step?.step ?? '-', found.map((each) => `${each.found}*${each.spans}`).join(' ') || '-', spans, of].join(
      ' | ',
    ),
  )
}

describe('a trace conforms to the map', () => {
  it('when every step is as it is declared, each at its fewest and its most', () => {
    const most = [root, search('s'), search('t'), draft('d'), draft('e'), draft('f')]
    expect(measured([good, most])).toMatchObject({ runs: 2, conforming: { x: 2, n: 2 }, reasons: [], worst: [] })
  })

  it('whatever else it does, and whatever it leaves unsaid', () => {
    const vague = draft('d', { requestModel: undefined, promptName: undefined, name: 'draft' })
    const other = { spanId: 'x', parentId: 'r', name: 'rank', kind: 'reranker' as const, ...timed }
    expect(reasonsOf([[root, search('s'), vague, draft('e'), other]])).toEqual([])
  })

  it('with a dated version of a declared model, a fallback, and tools by their plain name', () => {
    const dated = draft('d', { requestModel: 'gpt-4.1-2025-04-14', name: 'draft gpt-4.1-2025-04-14' })
    const fallback = draft('e', { requestModel: 'gpt-4.1-mini', name: 'draft gpt-4.1-mini' })
    const tool = { spanId: 'o', parentId: 's', name: 'execute_tool order', kind: 'tool' as const, ...timed }
    const result = measured([[root, search('s'), dated, fallback, tool]])
    expect(result.reasons).toEqual([])
    expect(result.steps.map(({ step, runs, spans }) => [step.step, runs, spans])).toEqual([
      ['search', 1, 1],
      ['draft', 1, 2],
      ['order', 1, 1],
    ])
  })

  it('with plumbing between a step and its parent, but not with another step', () => {
    const http = { spanId: 'h', parentId: 'r', name: 'POST', kind: 'other' as const, ...timed }
    expect(reasonsOf([[root, search('s'), http, draft('d', { parentId: 'h' }), draft('e')]])).toEqual([])
    const plan = { ...http, name: 'plan', kind: 'chain' as const }
    expect(reasonsOf([[root, search('s'), plan, draft('d', { parentId: 'h' }), draft('e')]])).toEqual([
      'wrong parent | draft | plan*1 | 1 | 1',
    ])
  })

  it('under plumbing that the map names', () => {
    const http = { spanId: 'h', parentId: 'r', name: 'POST', kind: 'other' as const, ...timed }
    const declared: MapStep[] = [{ step: 'draft', kind: 'llm', under: 'POST' }]
    expect(reasonsOf([[root, http, draft('d', { parentId: 'h' })]], declared)).toEqual([])
    expect(reasonsOf([[root, http, draft('d')]], declared)).toEqual(['wrong parent | draft | answer*1 | 1 | 1'])
  })

  it('by the line that fits best, where a name is declared twice', () => {
    const declared: MapStep[] = [
      { step: 'search', kind: 'tool', times: { min: 1, max: 1 } },
      { step: 'search', kind: 'retriever', under: 'search', times: { min: 1, max: 1 } },
    ]
    const tool = search('t', { kind: 'tool', name: 'search' })
    expect(reasonsOf([[root, tool, search('s', { parentId: 't' })]], declared)).toEqual([])
  })
})

describe('each fault is found once, with what stood there:', () => {
  const cases: [string, readonly Part[], string][] = [
    ['a step that is missing', [root, draft('d'), draft('e')], 'missing | search | - | 1 | 1'],
    ['a step that is too rare', [root, search('s'), draft('d')], 'too few | draft | 1*1 | 1 | 1'],
    [
      'a step that is too frequent',
      [...good, search('t'), search('u'), search('v')],
      'too many | search | 4*2 | 2 | 1',
    ],
    [
      'a step under another',
      [root, search('s'), draft('d', { parentId: 's' }), draft('e')],
      'wrong parent | draft | search*1 | 1 | 1',
    ],
    [
      'a step of another kind',
      [root, search('s', { kind: 'tool' }), draft('d'), draft('e')],
      'wrong kind | search | tool*1 | 1 | 1',
    ],
    [
      'another model',
      [root, search('s'), draft('d', { requestModel: 'o3', name: 'draft' }), draft('e')],
      'other model | draft | o3*1 | 1 | 1',
    ],
    [
      'another prompt',
      [root, search('s'), draft('d', { promptName: 'refund' }), draft('e')],
      'other prompt | draft | refund*1 | 1 | 1',
    ],
    ['no root', [{ ...root, parentId: 'gone' }, search('s'), draft('d'), draft('e')], 'no root | - | - | 1 | 1'],
    ['several roots', [...good, { spanId: 'x', name: 'late', ...timed }], 'several roots | - | - | 2 | 1'],
    ['an orphan', [...good, { spanId: 'x', parentId: 'gone', name: 'lost', ...timed }], 'orphans | - | - | 1 | 1'],
    [
      'a ring',
      [
        ...good,
        { spanId: 'x', parentId: 'y', name: 'x', ...timed },
        { spanId: 'y', parentId: 'x', name: 'y', ...timed },
      ],
      'orphans | - | - | 1 | 1',
    ],
    [
      'a span without an end',
      [root, search('s', { endMs: undefined }), draft('d'), draft('e')],
      'unfinished | - | - | 1 | 1',
    ],
  ]
  it.each(cases)('%s', (_, parts, line) => {
    expect(reasonsOf([good, parts])).toEqual([line])
    expect(measured([good, parts])).toMatchObject({
      conforming: { x: 1, n: 2 },
      worst: [{ traceId: 't2', reasons: [line.split(' | ')[0]] }],
    })
  })

  it('a parent that was lost is not judged', () => {
    expect(reasonsOf([[root, search('s'), draft('d', { parentId: 'gone' }), draft('e')]])).toEqual([
      'orphans | - | - | 1 | 1',
    ])
  })

  it('a step at the top of the trace stands under nothing', () => {
    expect(reasonsOf([[root, search('s'), draft('d', { parentId: undefined }), draft('e')]])).toEqual([
      'several roots | - | - | 2 | 1',
      'wrong parent | draft | (nothing)*1 | 1 | 1',
    ])
  })
})

describe('requests in several traces', () => {
  const withRequest = (parts: readonly Part[], request: string) => parts.map((part) => ({ ...part, request }))
  const part: Part[] = [{ spanId: 'd', name: 'draft', kind: 'llm', ...timed }]

  it('are found where a part has no root of the workflow, and where the run was traced twice', () => {
    const runs = [
      withRequest(good, 'q1'),
      withRequest(part, 'q1'),
      withRequest(good, 'q2'),
      withRequest(good, 'q2'),
      withRequest(good, 'q3'),
      good,
      withRequest(part, 'q4'),
      withRequest(part, 'q4'),
    ]
    const result = measured(runs)
    expect(result.fragments).toEqual({
      requests: 2,
      asRuns: 1,
      traces: 4,
      known: { x: 4, n: 5 },
      examples: ['q1', 'q2'],
    })
    expect(result.conforming).toEqual({ x: 2, n: 5 })
    expect(result.reasons.map(({ reason, runs: of }) => [reason, of])).toEqual([['several traces', 3]])
    expect(result.worst.map(({ traceId }) => traceId)).toEqual(['t1', 't3', 't4'])
  })

  it('come on top of what else a run lacks, so that it is the worst', () => {
    const bad = [root, draft('d'), draft('e')]
    expect(measured([bad, withRequest(bad, 'q1'), withRequest(part, 'q1')]).worst).toEqual([
      { traceId: 't2', reasons: ['several traces', 'missing'] },
      { traceId: 't1', reasons: ['missing'] },
    ])
  })
})

describe('beside the map', () => {
  it('names that no line declares are counted, most frequent first, without plumbing and without the root', () => {
    const rank = (id: string): Part => ({ spanId: id, parentId: 'r', name: 'rank', kind: 'reranker', ...timed })
    const http: Part = { spanId: 'h', parentId: 'r', name: 'GET', kind: 'other', ...timed }
    const plan: Part = { spanId: 'p', parentId: 'r', name: 'plan', kind: 'chain', ...timed }
    expect(
      measured([
        [...good, rank('x'), rank('y'), http],
        [...good, rank('x'), plan],
      ]).undeclared,
    ).toEqual({
      names: 2,
      shown: [
        { name: 'rank', kind: 'reranker', spans: 3, runs: 2, example: 't1' },
        { name: 'plan', kind: 'chain', spans: 1, runs: 1, example: 't2' },
      ],
    })
  })

  it('twenty of them are shown, and all are counted', () => {
    const many = Array.from(
      { length: 21 },
      (_, i): Part => ({ spanId: `x${i}`, parentId: 'r', name: `x${i}`, kind: 'tool', ...timed }),
    )
    const { names, shown } = measured([[...good, ...many]]).undeclared
    expect([names, shown.length]).toEqual([21, 20])
  })

  it('retries and fallbacks that only follow from what failed stand apart from those that are marked', () => {
    const failed = draft('d', { status: 'error' })
    const again = draft('e', { startMs: 11, endMs: 20 })
    const other = draft('e', { startMs: 11, endMs: 20, requestModel: 'gpt-4.1-mini', name: 'draft gpt-4.1-mini' })
    const marked = draft('e', { retries: 1 })
    const { repeats } = measured([
      [root, search('s'), failed, again],
      [root, search('s'), failed, other],
      [root, search('s'), draft('d'), marked],
    ])
    expect(repeats).toEqual({
      retries: { stated: { runs: 1, spans: 1 }, inferred: { runs: 1, spans: 1 } },
      fallbacks: { stated: { runs: 0, spans: 0 }, inferred: { runs: 1, spans: 1 } },
    })
  })

  it('a tool span has both, one half or none; a failed and an unfinished call owe no result', () => {
    const tool = (id: string, more: Partial<Part>): Part => ({
      spanId: id,
      parentId: 'r',
      name: 'order',
      kind: 'tool',
      ...timed,
      ...more,
    })
    const { tools } = measured([
      [
        ...good,
        tool('1', { has: ['arguments', 'result'] }),
        tool('2', { has: ['result'] }),
        tool('3', { has: ['arguments'] }),
        tool('4', { has: ['arguments'], status: 'error' }),
        tool('5', {}),
      ],
      [...good, tool('1', { has: ['arguments'], endMs: undefined })],
    ])
    expect(tools).toEqual({ spans: 6, resultWithoutCall: 1, callWithoutResult: 1, neither: 1, examples: ['t1'] })
  })

  it('inputs and outputs of steps are counted by kind, and runs by whether every step has both', () => {
    const whole = [root, search('s', { has: ['query', 'documents'] }), draft('d', { has: ['input', 'output'] })]
    const halves = [root, search('s', { has: ['query'] }), draft('d', { has: ['input'], status: 'error' })]
    const wrapper = { ...draft('w'), has: [] }
    const inner = draft('i', { parentId: 'w', has: ['input', 'output'] })
    expect(measured([whole, halves, [root, wrapper, inner], [root]]).recorded).toEqual({
      kinds: [
        { kind: 'llm', input: { x: 3, n: 3 }, output: { x: 2, n: 2 } },
        { kind: 'retriever', input: { x: 2, n: 2 }, output: { x: 1, n: 2 } },
      ],
      runs: { x: 2, n: 3 },
    })
  })
})

describe('the worst traces', () => {
  it('are ten, those with the most reasons first, then those with the most spans, then by id', () => {
    const one = [root, draft('d'), draft('e')]
    const spread = [root, search('s'), draft('d', { parentId: 's' }), draft('e', { parentId: 's' })]
    const two = [root, draft('d', { requestModel: 'o3', name: 'draft' }), draft('e')]
    const runs = [...Array.from({ length: 11 }, () => one), spread, two]
    expect(measured(runs).worst.map(({ traceId }) => traceId)).toEqual([
      't13',
      't12',
      't1',
      't10',
      't11',
      't2',
      't3',
      't4',
      't5',
      't6',
    ])
  })

  it('are found among thousands', () => {
    const one = [root, draft('d'), draft('e')]
    const two = [root, draft('d', { requestModel: 'o3', name: 'draft' }), draft('e')]
    const runs = Array.from({ length: 2500 }, (_, index) => (index === 77 ? two : one))
    expect(measured(runs).worst[0]).toEqual({ traceId: 't78', reasons: ['missing', 'other model'] })
  })
})

describe('a trace of a hundred thousand spans', () => {
  it('is read in one go, deep or wide', () => {
    const deep = Array.from(
      { length: 100_000 },
      (_, i): Part => ({
        spanId: `${i}`,
        ...(i > 0 && { parentId: `${i - 1}` }),
        name: i === 0 ? 'answer' : 'POST',
        ...timed,
      }),
    )
    const leaves = Array.from({ length: 100_000 }, (_, i) => draft(`d${i}`, { parentId: '99999' }))
    expect(reasonsOf([[...deep, ...leaves]], [{ step: 'draft', kind: 'llm', under: 'answer' }])).toEqual([])
    expect(reasonsOf([[root, ...leaves.map((leaf) => ({ ...leaf, parentId: 'r' }))]], steps.slice(1, 2))).toEqual([
      'too many | draft | 100000*99997 | 99997 | 1',
    ])
  })
})

describe('a map whose root is a step of its own', () => {
  const ring: MapStep[] = [
    { step: 'draft', kind: 'llm', under: 'answer', times: { min: 1, max: 1 } },
    { step: 'answer', kind: 'agent', under: 'draft', times: { min: 0, max: 1 } },
  ]
  const inner: Part = { ...root, spanId: 'i', parentId: 'd' }

  it('does not take the root for that step', () => {
    const { conforming, reasons } = measured(
      [
        [root, draft('d'), inner],
        [root, draft('d')],
      ],
      ring,
    )
    expect([conforming, reasons]).toEqual([{ x: 2, n: 2 }, []])
  })

  it('still counts the step where it stands', () => {
    const { conforming } = measured([[root, draft('d'), inner, { ...inner, spanId: 'j' }]], ring)
    expect(conforming).toEqual({ x: 0, n: 1 })
  })
})

describe('a suggested map', () => {
  const runs = Array.from({ length: 20 }, (_, i) => [
    ...good,
    ...(i < 5 ? [draft('f', { requestModel: 'o3', name: 'draft o3', parentId: 's', promptName: 'other' })] : []),
    ...(i === 0 ? [{ spanId: 'x', parentId: 'r', name: 'at-limit', kind: 'tool' as const, ...timed }] : []),
  ])

  it('has the steps in at least 5 % of the runs, with their fewest and most', () => {
    expect(
      renderMap(measured(runs, []).observed, 20),
    ).toBe(`  map:  # one good trace: times is how often a step occurs in it
    - { step: search, kind: retriever, under: answer, times: 1 }  # 20 of 20 traces
    - { step: draft, kind: llm, under: answer, times: 2, prompt: reply, models: [gpt-4.1] }  # 20 of 20 traces
    - { step: draft, kind: llm, under: search, times: 0..1, prompt: other, models: [o3] }  # 5 of 20 traces
    - { step: at-limit, kind: tool, under: answer, times: 0..1 }  # 1 of 20 traces`)
    expect(measured([...runs, good], []).observed.map(({ step }) => step)).not.toContain('at-limit')
  })

  it('is one that the traces conform to', () => {
    const { observed } = measured(runs, [])
    expect(measured(runs, observed)).toMatchObject({ conforming: { x: 20, n: 20 }, undeclared: { names: 0 } })
  })

  it('of runs without steps is an empty list', () => {
    const text = renderMap(measured([[root]], []).observed, 1)
    expect(parse(`workflow:\n${text}`)).toEqual({ workflow: { map: [] } })
  })
})

describe('a Mermaid flowchart', () => {
  it('has a box for each step and what it stands under, with counts and median latencies', () => {
    expect(formatMermaid(measured([good, good]))).toBe(`flowchart TD
  p0(["answer"])
  s0["search #40;retriever#41;<br/>spans 2, runs 2 of 2<br/>median 10 ms, n 2"]
  s1["draft #40;llm#41;<br/>spans 4, runs 2 of 2<br/>median 10 ms, n 4"]
  s2["order #40;tool#41;<br/>never seen"]:::never
  p0 -->|"1..2"| s0
  p0 -->|"2..3"| s1
  classDef never stroke-dasharray: 5 5`)
  })

  it('holds no name that Mermaid, HTML or a terminal could obey', () => {
    const hostile = '"]\n%%{init: {"x": 1}}%%<script>`end`&#quot;\u001b[31m;'
    const text = formatMermaid(measured([good], [{ step: hostile, kind: 'tool', under: hostile }]))
    const labels = [...text.matchAll(/"([^"]*)"/g)].map(([, label]) => label!.replaceAll(/#\d+;|<br\/>/g, ''))
    expect(labels.join('')).toMatch(/^[A-Za-z0-9 .,:_+-]*$/)
    expect(text.split('\n')).toHaveLength(4)
  })
})

/** A pilot whose map is these lines, with these rows as its export. */
async function mapped(rows: readonly object[], lines = '', candidates?: string): Promise<string> {
  const cwd = project({ 'traces.jsonl': jsonLines(rows) }, '', candidates)
  const path = join(cwd, 'pilot.yaml')
  writeFileSync(path, readFileSync(path, 'utf8').replace('  match:', `${lines}  match:`))
  await pilot(cwd, ['ingest', 'traces.jsonl', '--platform', 'lantern'])
  return cwd
}

const declaredLines = `  map:
    - { step: search, kind: retriever, under: answer, times: 1 }
    - { step: draft, kind: llm, under: answer, times: 1 }
`
const row = (trace: string, id: string, more: object = {}) => span(trace, id, { end: '2026-03-02T10:00:01Z', ...more })
const answered = (trace: string) => [
  row(trace, 'r', { kind: 'agent' }),
  row(trace, 's', { parent_id: 'r', name: 'search', kind: 'retriever', input: 'a', output: 'b' }),
]

describe('pilot map', () => {
  it('prints what conforms and why the rest does not, of a single trace too', async () => {
    const cwd = await mapped(answered('t1'), declaredLines)
    expect(await pilot(cwd, ['map'])).toEqual({
      code: 0,
      out: `Traces that conform to the map
  - 0 % (n 1, 95 % CI 0–79.3)

Declared steps
step    kind       under   times    runs  spans      median (95 % CI)
──────  ─────────  ──────  ─────  ──────  ─────  ────────────────────
search  retriever  answer      1  1 of 1      1  1.00 s (needs n ≥ 6)
draft   llm        answer      1  0 of 1      0                     —
  - declared, and never seen: draft

Why traces do not conform
reason   step   found  spans  runs
───────  ─────  ─────  ─────  ────
missing  draft             1     1

Requests in several traces
  - not measured. No run carries a request id; say where it is: capture.keys.request

Retries and fallbacks that are not marked
  - retries: spans 0, runs 0 of 1; marked as such: spans 0
  - fallbacks: spans 0, runs 0 of 1; marked as such: spans 0

Inputs and outputs of steps that are recorded
kind                               input                         output
─────────  ─────────────────────────────  ─────────────────────────────
retriever  100 % (n 1, 95 % CI 20.7–100)  100 % (n 1, 95 % CI 20.7–100)
  - runs whose every step has both: 100 % (n 1, 95 % CI 20.7–100)
  - Only where both are there can be seen what one step passed to the next. Whether it arrived is
    not compared.

Worst traces
trace  reasons
─────  ───────
t1     missing
`,
      err: 'Next: pilot trace <id>\n',
    })
  })

  it('without a map says so, and what to do, and still tells what it sees', async () => {
    const cwd = await mapped(answered('t1'))
    const { code, out, err } = await pilot(cwd, ['map'])
    expect([code, err]).toEqual([0, 'Next: pilot map --suggest\n'])
    expect(out.split('\n').slice(0, 2)).toEqual([
      'Traces that conform to the map',
      '  - not measured. workflow.map in pilot.yaml declares no step; pilot map --suggest prints one from',
    ])
    expect((await pilot(cwd, ['map', '--mermaid'])).out).toBe(`flowchart TD
  p0(["answer"])
  s0["search #40;retriever#41;<br/>spans 1, runs 1 of 1<br/>median 1.00 s, n 1"]
  p0 -->|"1"| s0
  classDef never stroke-dasharray: 5 5
`)
    expect((await json(cwd, 'map')).platforms[0]).toMatchObject({
      conforming: null,
      interval: null,
      reason: 'no map is declared',
      undeclared: { names: 1, shown: [{ name: 'search', kind: 'retriever', spans: 1, runs: 1 }] },
      fragments: null,
    })
  })

  it('of an empty store measures nothing, and no number is made up', async () => {
    const cwd = await mapped([row('t1', 'r', { name: 'health' })], declaredLines)
    const { code, out } = await pilot(cwd, ['map'])
    expect([code, out]).toEqual([
      0,
      `Traces that conform to the map
  - not measured. no run of the workflow is in the window; pilot data shows what is stored
`,
    ])
    const printed = (await pilot(cwd, ['map', '--json'])).out
    expect(JSON.parse(printed).platforms[0]).toMatchObject({
      runs: 0,
      conforming: null,
      reason: 'no run is in the window',
    })
    expect(printed).not.toMatch(/NaN|Infinity/)
    expect((await pilot(cwd, ['map', '--suggest'])).out).toMatch(/^# not measured: /)
    expect((await pilot(cwd, ['map', '--mermaid'])).out).toContain('never seen')
  })

  it('names the platform that is nearest to a mistyped one', async () => {
    const cwd = await mapped(answered('t1'), declaredLines)
    expect(await pilot(cwd, ['map', '--platform', 'lanter'])).toEqual({
      code: 2,
      out: '',
      err: 'error pilot.yaml names no platform lanter.\nDid you mean lantern? It names lantern.\n',
    })
  })

  it('prints each platform apart, and asks of which one a map is to be printed', async () => {
    const cwd = await mapped(answered('t1'), declaredLines, '[{ id: lantern }, { id: beacon }]')
    const { platforms } = await json(cwd, 'map')
    expect(platforms.map(({ platform, runs }: { platform: string; runs: number }) => [platform, runs])).toEqual([
      ['lantern', 1],
      ['beacon', 0],
    ])
    for (const option of ['--suggest', '--mermaid'])
      expect(await pilot(cwd, ['map', option])).toMatchObject({
        code: 2,
        err: 'error Several candidates are under pilot.\nSay whose traces: --platform lantern | beacon.\n',
      })
    expect((await pilot(cwd, ['map', '--suggest', '--platform', 'lantern'])).out).toContain('step: search')
    expect(await pilot(cwd, ['map', '--suggest', '--mermaid'])).toMatchObject({ code: 2 })
  })

  it('shows hostile names as letters only', async () => {
    const hostile = { parent_id: 'r', name: 'a\u001b[2J\u202e', kind: 'tool' }
    const cwd = await mapped([...answered('t1'), row('t1', 'x', hostile)], declaredLines)
    for (const argv of [['map'], ['map', '--suggest'], ['map', '--mermaid'], ['map', '--json']])
      expect((await pilot(cwd, argv)).out).not.toMatch(/[\u001b\u202e]/)
  })

  it('on the demo finds each planted fault, and in its number', async () => {
    const cwd = temporaryFolder()
    await pilot(cwd, ['demo', '.'])
    const [measure] = (await json(cwd, 'map')).platforms
    // Of 600 requests 8 have no trace and 2 have two; 10 runs asked a model of the house, 12 retried a tool, 9 fell back.
    expect(measure).toMatchObject({
      platform: 'lantern',
      runs: 594,
      conforming: { x: 594 - 4 - 10, n: 594 },
      fragments: { requests: 2, asRuns: 2, traces: 4, known: { x: 594, n: 594 } },
      repeats: {
        retries: { inferred: { runs: 12, spans: 12 }, stated: { spans: 0 } },
        fallbacks: { inferred: { runs: 9, spans: 9 }, stated: { spans: 0 } },
      },
      tools: { spans: 594 + 12, resultWithoutCall: 0, callWithoutResult: 0, neither: 0 },
      undeclared: { names: 0 },
      states: { complete: 594 },
    })
    expect(measure.reasons.map(({ reason, runs }: { reason: string; runs: number }) => [reason, runs])).toEqual([
      ['several traces', 4],
      ['other model', 10],
    ])
  })
})

const samples = fileURLToPath(new URL('../../shared/samples/', import.meta.url))

/** What the map of a sample is measured on: every trace in it. */
const measuredSample = async (path: string) => (await json(await sampled(path), 'map')).platforms[0]

/** A pilot without a map that measures every trace of a sample. */
async function sampled(path: string): Promise<string> {
  const cwd = project({})
  const file = join(cwd, 'pilot.yaml')
  const text = readFileSync(file, 'utf8').replace('{ root: answer }', '{}')
  writeFileSync(
    file,
    text.replace('start: 2026-03-02', 'start: 2015-01-01').replace('end: 2026-03-29', 'end: 2035-01-01'),
  )
  await pilot(cwd, ['ingest', join(samples, path)])
  return cwd
}

describe.skipIf(!existsSync(join(samples, 'expected.json')))('on real exports (../shared/samples)', () => {
  /** Path, traces, and the reasons with the runs and spans that they are about, as the raw files have them. */
  const structures: [string, number, [string, number, number][]][] = [
    ['otlp/collector-three-signals.jsonl', 141, [['no root', 1, 1]]],
    ['otlp/spec-example.json', 1, [['no root', 1, 1]]],
    ['otlp/one-trace-over-four-lines.jsonl', 1, []],
    ['openinference/danik-URS-018_traces.jsonl', 15, []],
    // Four traces, each known by its one orphan.
    ['phoenix/dataframe-chromadb.jsonl', 4, [['no root', 4, 4]]],
    // One trace of 17 model calls, each with a parent that was not downloaded: one stands for the trace, 16 are lost.
    [
      'phoenix/dataframe-llm.jsonl',
      1,
      [
        ['no root', 1, 1],
        ['orphans', 1, 16],
      ],
    ],
    ['langfuse/langgraph-js-2025-10-30.json', 1, []],
    ['jaeger/kagent-k8s.json', 1, []],
  ]
  it.each(structures)('%s hangs together as it was counted from the raw file', async (path, runs, expected) => {
    const measure = await measuredSample(path)
    expect(measure.runs).toBe(runs)
    expect(
      measure.reasons.map((each: { reason: string; runs: number; spans: number }) => [
        each.reason,
        each.runs,
        each.spans,
      ]),
    ).toEqual(expected)
    expect(measure.states.complete).toBe(runs - (expected[0]?.[1] ?? 0))
  })

  it.each([
    'langfuse/agno-2025-06-11.json',
    'langfuse/openai-agents-2025-09-30.json',
    'genai/google-adk-live.json',
    'openinference/otlp-rag-agent.json',
  ])('%s conforms to the map that is suggested from it', async (path) => {
    const cwd = await sampled(path)
    const { out } = await pilot(cwd, ['map', '--suggest'])
    const file = join(cwd, 'pilot.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('  match:', `${out}  match:`))
    expect((await json(cwd, 'map')).platforms[0]).toMatchObject({
      conforming: { x: 1, n: 1 },
      undeclared: { names: 0 },
    })
  })
})
