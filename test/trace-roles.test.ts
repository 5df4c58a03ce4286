import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readRepeats } from '../src/core/retries.js'
import type { Message, SpanContent } from '../src/core/span.js'
import { readStructure } from '../src/core/structure.js'
import { readRoles } from '../src/core/trace-roles.js'
import { modelCalls } from '../src/core/usage.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'
import { traceOf } from './trace-of.js'

type Part = Parameters<typeof traceOf>[0][number] & { content?: SpanContent }

function stepsIn(parts: readonly Part[]) {
  const trace = traceOf(parts.map(({ content: _, ...part }) => part))
  const contents = new Map(parts.flatMap(({ spanId, content }) => (content ? [[spanId, content] as const] : [])))
  const structure = readStructure(trace)
  const repeats = readRepeats(trace.spans, modelCalls(trace, structure), (a, b) => a.session === b.session)
  return readRoles({ trace, structure, contents, repeats })
}

/** `1 plan`, `2 act for 1` … by span id. */
const rolesIn = (parts: readonly Part[]) =>
  stepsIn(parts).map(({ span: { spanId }, role, calledBy }) => [
    ...[spanId, role],
    ...(calledBy ? [calledBy.spanId] : []),
  ])

const said = (content: string): Message[] => [{ role: 'assistant', content }]
const calling = (...toolCalls: { id?: string; name?: string }[]): SpanContent => ({
  outputMessages: [{ role: 'assistant', toolCalls }],
})
const llm = (spanId: string, startMs: number, content: SpanContent = {}, more: Partial<Part> = {}): Part => ({
  ...{ spanId, parentId: 'r', kind: 'llm', name: 'chat', startMs, endMs: startMs + 1, content, ...more },
})
const tool = (spanId: string, startMs: number, content: SpanContent = {}, more: Partial<Part> = {}): Part => ({
  ...{ spanId, parentId: 'r', kind: 'tool', name: 'search', startMs, endMs: startMs + 1, content, ...more },
})
const root: Part = { spanId: 'r', kind: 'agent', startMs: 0 }

describe('the role of a step', () => {
  it('is to plan where a model call answered with tool calls, and final where it answered last', () => {
    const run = [
      root,
      llm('a', 1, calling({ name: 'search' })),
      tool('b', 2),
      llm('c', 3, { outputMessages: said('So far.') }),
      llm('d', 4, { outputMessages: said('Done.') }),
    ]
    expect(rolesIn(run)).toEqual([
      ['a', 'plan'],
      ['b', 'act', 'a'],
      ['c', 'intermediate'],
      ['d', 'final'],
    ])
  })

  it('is final where the answer is the output of the run, whatever came later', () => {
    const output = { ...root, content: { output: ' So far. ' } }
    const [first, second] = [{ outputMessages: said('So far.') }, { outputMessages: said('A title') }]
    expect(rolesIn([output, llm('a', 1, first), llm('b', 2, second)])).toEqual([
      ['a', 'final'],
      ['b', 'intermediate'],
    ])
  })

  it('is final before a check of it, and nowhere in a run that ends on a plan or an error', () => {
    const check: Part = { spanId: 'g', parentId: 'r', kind: 'guardrail', startMs: 2 }
    const answer = llm('a', 1, { outputMessages: said('Yes.') })
    const judge = llm('b', 3, { outputMessages: said('safe') }, { parentId: 'g' })
    expect(rolesIn([root, answer, check, judge])).toEqual([
      ['a', 'final'],
      ['b', 'intermediate'],
    ])
    expect(rolesIn([root, answer, llm('b', 2, calling({ name: 'x' }))])[0]).toEqual(['a', 'intermediate'])
    expect(rolesIn([root, answer, llm('b', 2, {}, { status: 'error', name: 'other' })])).toEqual([
      ['a', 'intermediate'],
      ['b', 'failed'],
    ])
  })

  it('is not to plan by name, by the calls of a conversation before, or by an agent around it', () => {
    const before: Message[] = [...calling({ name: 'search' }).outputMessages!, { role: 'tool', content: '3' }]
    const history = { outputMessages: [...before, ...said('Three.')] }
    expect(rolesIn([root, llm('a', 1, history, { name: 'planner' })])).toEqual([['a', 'final']])
    expect(rolesIn([{ ...root, content: calling({ name: 'search' }) }, llm('a', 1)])).toEqual([['a', 'final']])
  })

  it.each<[string, SpanContent]>([
    ['a list of the AI SDK', { output: [{ toolCallId: 'c1', toolName: 'search', args: {} }] }],
    [
      'calls as Python prints them',
      {
        outputMessages: said(
          `ResponseFunctionToolCall(arguments='{"name":"x"}', call_id='c1', name='search', type='function_call', id='f')`,
        ),
      },
    ],
  ])('is to plan where the answer is %s', (_, content) => {
    expect(stepsIn([root, llm('a', 1, content), tool('b', 2, { toolCallId: 'c1' })])[0]).toMatchObject({
      role: 'plan',
      calls: [{ call: { id: 'c1', name: 'search' }, steps: [{ spanId: 'b' }], isAnswered: true }],
    })
  })

  it('is to plan by the finish reason alone, or a tool under a call without an answer', () => {
    expect(rolesIn([root, llm('a', 1, { finishReasons: ['tool_calls'] })])).toEqual([['a', 'plan']])
    expect(rolesIn([root, llm('a', 1), tool('b', 2, {}, { parentId: 'a' })])).toEqual([
      ['a', 'plan'],
      ['b', 'act', 'a'],
    ])
    const answered = llm('a', 1, { outputMessages: said('Yes.') })
    expect(rolesIn([root, answered, tool('b', 2, {}, { parentId: 'a' })])[0]).toEqual(['a', 'final'])
  })

  it('is read in the span that wraps a call alone', () => {
    const wrapper = (content: SpanContent): Part => llm('w', 1, content, { kind: 'chain' })
    const call = llm('a', 1, {}, { parentId: 'w' })
    expect(rolesIn([root, wrapper(calling({ name: 'search' })), call])).toEqual([['a', 'plan']])
    const two = [root, wrapper(calling({ name: 'search' })), call, llm('b', 2, {}, { parentId: 'w' })]
    expect(rolesIn(two).map(([, role]) => role)).toEqual(['intermediate', 'final'])
  })

  it('is had by a model call whose tool calls a model itself, and by no wrapper', () => {
    const run = [
      root,
      llm('w', 1),
      llm('a', 1, calling({ name: 'search' }), { parentId: 'w' }),
      tool('b', 2, {}, { parentId: 'a' }),
      llm('c', 3, { outputMessages: said('3') }, { parentId: 'b' }),
    ]
    expect(rolesIn(run)).toEqual([
      ['a', 'plan'],
      ['b', 'act', 'a'],
      ['c', 'final'],
    ])
  })
})

describe('the plan that called a step', () => {
  it('is found by the id of the call before its name', () => {
    const plans = [llm('a', 1, calling({ id: '1', name: 'search' })), llm('b', 2, calling({ id: '2', name: 'search' }))]
    const acts = [tool('c', 3, { toolCallId: '1' }), tool('d', 4), tool('e', 5, { toolCallId: '9' })]
    expect(rolesIn([root, ...plans, ...acts]).slice(2)).toEqual([
      ['c', 'act', 'a'],
      ['d', 'act', 'b'],
      ['e', 'act'],
    ])
  })

  it('is none before it planned', () => {
    expect(rolesIn([root, tool('b', 1), llm('a', 2, calling({ name: 'search' }))])[0]).toEqual(['b', 'act'])
  })

  it('of a repeat is that of the failure', () => {
    const first = tool('b', 2, {}, { status: 'error' })
    const steps = stepsIn([root, llm('a', 1, calling({ name: 'search' })), first, tool('c', 4)])
    expect(steps.map(({ calledBy }) => calledBy?.spanId)).toEqual([undefined, 'a', 'a'])
    expect(steps[0]?.calls[0]?.steps.map(({ spanId }) => spanId)).toEqual(['b', 'c'])
  })

  it('makes an act of a span of another kind that is named so, unless a tool took the call', () => {
    const plan = llm('a', 1, calling({ name: 'search' }))
    const chain = tool('b', 2, {}, { kind: 'chain' })
    expect(rolesIn([root, plan, chain])[1]).toEqual(['b', 'act', 'a'])
    expect(rolesIn([root, plan, chain, tool('c', 3, {}, { parentId: 'b' })]).slice(1)).toEqual([['c', 'act', 'a']])
  })

  it('has a call without a result unless a later call was given one', () => {
    const plan = llm('a', 1, calling({ id: '1', name: 'x' }, { id: '2', name: 'y' }))
    const later = llm('b', 2, { inputMessages: [{ role: 'tool', toolCallId: '2' }], outputMessages: said('ok') })
    expect(stepsIn([root, plan, later])[0]?.calls.map(({ isAnswered }) => isAnswered)).toEqual([false, true])
  })

  it('and what a tool span lacks', () => {
    const run = [
      tool('1', 1, {}, { has: ['arguments', 'result'] }),
      tool('2', 2, {}, { has: ['arguments'] }),
      tool('3', 3, {}, { has: ['result'] }),
      tool('4', 4),
      tool('5', 5, {}, { has: ['arguments'], status: 'error' }),
    ]
    expect(stepsIn(run).map(({ lacks }) => lacks)).toEqual([undefined, 'result', 'call', 'both', undefined])
  })
})

describe('the attempts at a step', () => {
  const failing = { status: 'error', requestModel: 'gpt-4.1' } as const

  it('are numbered over retries and fallbacks, each after the one before', () => {
    const other = { requestModel: 'gpt-4.1-mini' }
    const run = [root, llm('a', 1, {}, failing), llm('b', 3, {}, failing), llm('c', 5, {}, other)]
    expect(stepsIn(run).map(({ attempt }) => attempt && { ...attempt, after: attempt.after?.spanId })).toEqual([
      { as: 'first', number: 1, of: 3, after: undefined, basis: undefined, from: undefined },
      { as: 'retry', number: 2, of: 3, after: 'a', basis: 'inferred', from: undefined },
      { as: 'fallback', number: 3, of: 3, after: 'b', basis: 'inferred', from: 'gpt-4.1' },
    ])
  })

  it('that are stated name the failure too, where it is a span', () => {
    const stated = { requestModel: 'gpt-4.1-mini', fallbackFrom: 'gpt-4.1' }
    const [, second] = stepsIn([root, llm('a', 1, {}, failing), llm('b', 3, {}, stated)])
    expect(second?.attempt).toMatchObject({ as: 'fallback', basis: 'stated', from: 'gpt-4.1', after: { spanId: 'a' } })
    expect(stepsIn([root, llm('b', 3, {}, stated)])[0]?.attempt).toMatchObject({ number: 1, of: 1, after: undefined })
  })

  it('are none of a failure that nobody repeated', () => {
    expect(stepsIn([root, llm('a', 1, {}, failing)])[0]?.attempt).toBeUndefined()
  })
})

it('100,000 spans, nested or beside each other, take seconds, not minutes', () => {
  // Beside each other, the first is a wrapper around the other model calls.
  for (const [parent, steps] of [
    [(i: number) => `${i - 1}`, 100_000],
    [() => '0', 99_999],
  ] as const) {
    const spans = Array.from({ length: 100_000 }, (_, i): Part => {
      const more = {
        parentId: i === 0 ? 'none' : parent(i),
        status: i % 5 === 0 ? ('error' as const) : ('ok' as const),
      }
      return i % 2 === 0 ? llm(`${i}`, i, calling({ name: 'search' }), more) : tool(`${i}`, i, {}, more)
    })
    const started = performance.now()
    expect(stepsIn(spans)).toHaveLength(steps)
    expect(performance.now() - started).toBeLessThan(15_000)
  }
})

describe('pilot trace', () => {
  const at = (second: number) => `2026-03-02T10:00:0${second}Z`
  const step = (id: string, second: number, more: object) =>
    span('t1', id, { parent_id: 'r', start: at(second), end: at(second + 1), ...more })
  const lookup = { name: 'lookup', kind: 'tool', tool: { name: 'lookup', arguments: { id: 7 } } }
  const lines = [
    span('t1', 'r', { kind: 'agent', start: at(0), end: at(9) }),
    step('a', 1, {
      ...{ name: 'draft', kind: 'llm', model: 'gpt-4.1' },
      messages: [
        { role: 'user', content: 'When?' },
        { role: 'assistant', tool_calls: [{ name: 'lookup', arguments: { id: 7 } }] },
      ],
    }),
    step('b', 2, { ...lookup, error: 'timeout' }),
    step('c', 4, { ...lookup, tool: { ...lookup.tool, result: 'two\nlines' } }),
    step('d', 6, { name: 'write', kind: 'llm', model: 'gpt-4.1', output: 'In two days.' }),
  ]

  it('tells how the run went, and of each span what it was for', async () => {
    const cwd = project({ 'traces.jsonl': jsonLines(lines) })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    const { out } = await pilot(cwd, ['trace', 't1'])
    expect(out).toContain(`
How it went
  1 planned    draft: calls lookup
  2 acted      lookup (for 1, attempt 1 of 2): failed, timeout
  3 retried    lookup (for 1, after 2, inferred, attempt 2 of 2): ok; two lines
  4 answered   write: In two days.

`)
    expect(out).toContain('2 ✗ attempt 1 of 2, act for 1')
    expect(out).toContain('3 ↻ retry of 2, act for 1')
    expect(out).toContain('  attempt   2 of 2, after lookup (span b)\n')
    const { spans } = await json(cwd, 'trace', 't1')
    expect(spans.map((each: { role: string | null }) => each.role)).toEqual([null, 'plan', 'act', 'act', 'final'])
    expect([spans[0].step, spans[3].step]).toEqual([
      null,
      {
        ...{ number: 3, calls: [], calledBy: 'a', lacks: null },
        attempt: { as: 'retry', number: 2, of: 2, after: 'b', basis: 'inferred', from: null },
      },
    ])
    expect(spans[1].step.calls).toEqual([{ id: null, name: 'lookup', spanIds: ['b', 'c'], isAnswered: true }])
  })

  it('leaves the course of a run out that says no more than the tree', async () => {
    const cwd = project({ 'traces.jsonl': jsonLines([lines[0], lines[3], lines[4]]) })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect((await pilot(cwd, ['trace', 't1'])).out).not.toContain('How it went')
  })

  it('shows the ends of a long run and what failed between, and says how many are left out', async () => {
    const many = Array.from({ length: 30 }, (_, i) => {
      const start = `2026-03-02T10:01:${String(i).padStart(2, '0')}Z`
      return span('t1', `m${i}`, {
        parent_id: 'r',
        kind: 'tool',
        name: `t${i}`,
        start,
        ...(i === 14 && { status: 'error' }),
      })
    })
    const cwd = project({ 'traces.jsonl': jsonLines([lines[0], ...many]) })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    const { out } = await pilot(cwd, ['trace', 't1'])
    const course = out.slice(out.indexOf('How it went')).split('\n\n')[0]!
    expect(course.match(/left out|\bt\d+\b/g)).toEqual([
      ...['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 'left out', 't14', 'left out'],
      ...['t22', 't23', 't24', 't25', 't26', 't27', 't28', 't29'],
    ])
    expect(course.match(/… \d+ steps/g)).toEqual(['… 6 steps', '… 7 steps'])
    expect((await pilot(cwd, ['trace', 't1', '--full'])).out).not.toContain('left out')
  })
})

const samples = fileURLToPath(new URL('../../shared/samples/', import.meta.url))

describe.skipIf(!existsSync(samples))('agents in real exports (../shared/samples)', () => {
  it.each<[file: string, trace: string, roles: string[]]>([
    [
      'codex/rollout-editing.jsonl',
      '019dbc00',
      [
        ...['plan', 'act of plan', 'act of plan', 'act of plan', 'plan', 'act of plan', 'act of plan'],
        ...['plan', 'act of plan', 'plan', 'act of plan', 'act of plan', 'final'],
      ],
    ],
    ['langfuse/agno-2025-06-11.json', '08013087', ['plan', 'act of plan', 'final']],
    ['langfuse/langgraph-js-2025-10-30.json', '2c1581dd', ['plan', 'act of plan', 'final']],
    ['genai/google-adk-live.json', '97847cb3', ['plan', 'act of plan', 'final']],
    ['openllmetry/openai-agents-adot.json', '6a7a3f4c', ['plan', 'plan', 'act of plan', 'final']],
    ['langfuse/vercel-aisdk-2025-11-17.json', 'df41e597', ['plan', 'act of plan']],
  ])('%s plans, acts and answers', async (file, trace, roles) => {
    const cwd = project({})
    await json(cwd, 'ingest', join(samples, file))
    const { spans } = await json(cwd, 'trace', trace)
    type Found = { role: string | null; step: { number: number; calledBy: string | null } }
    const found = (spans as Found[]).filter(({ role }) => role !== null).sort((a, b) => a.step.number - b.step.number)
    expect(found.map(({ role, step }) => (step.calledBy === null ? role : `${role} of plan`))).toEqual(roles)
  })
})
