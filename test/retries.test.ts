import { describe, expect, it } from 'vitest'
import { isSameModel } from '../src/core/model-name.js'
import { type Repeats, readRepeats } from '../src/core/retries.js'
import { stepName } from '../src/core/step.js'
import { readStructure } from '../src/core/structure.js'
import { modelCalls } from '../src/core/usage.js'
import { traceOf } from './trace-of.js'

type Parts = Parameters<typeof traceOf>[0]

/** Ids of what was repeated; spans have the same input when their sessions, which stand in for it here, are the same. */
function repeatsIn(parts: Parts) {
  return idsOf(allRepeatsIn(parts).inferred)
}

function allRepeatsIn(parts: Parts) {
  const trace = traceOf(parts)
  const calls = modelCalls(trace, readStructure(trace))
  return readRepeats(trace.spans, calls, (a, b) => a.session === b.session)
}

function idsOf({ retries, fallbacks }: Repeats) {
  return { retries: retries.map(({ spanId }) => spanId), fallbacks: fallbacks.map(({ spanId }) => spanId) }
}

const tool = { parentId: 'r', kind: 'tool', name: 'lookup' } as const
const call = { parentId: 'r', kind: 'llm', name: 'draft', requestModel: 'gpt-4.1' } as const

describe('a retry', () => {
  it('is the same step with the same input after its failure', () => {
    const found = repeatsIn([
      { spanId: '1', ...tool, status: 'error', startMs: 0, endMs: 5 },
      { spanId: '2', ...tool, status: 'error', startMs: 5, endMs: 9 },
      { spanId: '3', ...tool, startMs: 10, endMs: 12 },
      { spanId: '4', ...tool, startMs: 13, endMs: 15 },
    ])
    expect(found).toEqual({ retries: ['2', '3'], fallbacks: [] })
  })

  it.each<[string, Parts[number]]>([
    ['with another input', { spanId: '2', ...tool, startMs: 6, session: 'other' }],
    ['of another step', { spanId: '2', ...tool, startMs: 6, name: 'refund' }],
    ['of another kind', { spanId: '2', ...tool, startMs: 6, kind: 'chain' }],
    ['under another parent', { spanId: '2', ...tool, startMs: 6, parentId: 's' }],
    ['that ran beside it', { spanId: '2', ...tool, startMs: 4 }],
    ['at an unknown time', { spanId: '2', ...tool }],
  ])('is not a step %s', (_, second) => {
    const found = repeatsIn([{ spanId: '1', ...tool, status: 'error', startMs: 0, endMs: 5 }, second])
    expect(found).toEqual({ retries: [], fallbacks: [] })
  })

  it('is not a step that follows one without an error', () => {
    expect(
      repeatsIn([
        { spanId: '1', ...tool, startMs: 0, endMs: 5 },
        { spanId: '2', ...tool, startMs: 6 },
      ]).retries,
    ).toEqual([])
  })

  it('finds each of several failures that ran side by side', () => {
    const found = repeatsIn([
      { spanId: '1', ...tool, session: 'a', status: 'error', startMs: 0, endMs: 5 },
      { spanId: '2', ...tool, session: 'b', status: 'error', startMs: 1, endMs: 5 },
      { spanId: '3', ...tool, session: 'a', startMs: 6 },
      { spanId: '4', ...tool, session: 'b', startMs: 6 },
    ])
    expect(found.retries).toEqual(['3', '4'])
  })

  it('of a model call may carry a dated name of the same model', () => {
    const found = repeatsIn([
      { spanId: '1', ...call, status: 'error', startMs: 0, endMs: 5 },
      { spanId: '2', ...call, requestModel: 'gpt-4.1-2025-04-14', startMs: 6 },
    ])
    expect(found).toEqual({ retries: ['2'], fallbacks: [] })
  })

  it('is found among 100,000 failing siblings', () => {
    const spans = Array.from({ length: 100_000 }, (_, i) => {
      return { spanId: `${i}`, ...tool, session: `${i}`, status: 'error' as const, startMs: i, endMs: i }
    })
    expect(repeatsIn([...spans, { spanId: 'again', ...tool, session: '99999', startMs: 100_000 }]).retries).toEqual([
      'again',
    ])
  })
})

describe('a fallback', () => {
  it('is the same step on another model after a failure, whatever the input', () => {
    const found = repeatsIn([
      { spanId: '1', ...call, name: 'chat gpt-4.1', status: 'error', startMs: 0, endMs: 5 },
      { spanId: '2', ...call, name: 'chat gpt-4.1-mini', requestModel: 'gpt-4.1-mini', session: 'other', startMs: 6 },
    ])
    expect(found).toEqual({ retries: [], fallbacks: ['2'] })
  })

  it('may have another step name when the input is the same', () => {
    const failed = { spanId: '1', ...call, name: 'openai.chat', status: 'error', startMs: 0, endMs: 5 } as const
    const other = { spanId: '2', ...call, name: 'anthropic.chat', requestModel: 'claude-sonnet-4-20250514', startMs: 6 }
    expect(repeatsIn([failed, other]).fallbacks).toEqual(['2'])
    expect(repeatsIn([failed, { ...other, session: 'other' }]).fallbacks).toEqual([])
  })

  it('is a call that another model answered than was asked for', () => {
    const root = { spanId: '1', kind: 'llm', name: 'chat' } as const
    expect(repeatsIn([{ ...root, requestModel: 'gpt-4.1', responseModel: 'gpt-4.1-mini' }]).fallbacks).toEqual(['1'])
    expect(repeatsIn([{ ...root, requestModel: 'gpt-4o', responseModel: 'gpt-4o-2024-08-06' }]).fallbacks).toEqual([])
  })

  it('is not seen on Azure, where a deployment is asked for', () => {
    const deployed = { requestModel: 'our-chat', responseModel: 'gpt-4o-2024-08-06', provider: 'azure.ai.openai' }
    expect(repeatsIn([{ spanId: '1', kind: 'llm', ...deployed }]).fallbacks).toEqual([])
  })

  it('is counted at the call, not at the wrapper around it', () => {
    const models = { requestModel: 'gpt-4.1', responseModel: 'gpt-4.1-mini' }
    const found = repeatsIn([
      { spanId: 'wrapper', kind: 'llm', ...models },
      { spanId: 'call', parentId: 'wrapper', kind: 'llm', ...models },
    ])
    expect(found.fallbacks).toEqual(['call'])
  })
})

describe('what the source states', () => {
  const failed = { spanId: '1', ...call, status: 'error', startMs: 0, endMs: 5 } as const
  const again = { spanId: '2', ...call, startMs: 6 } as const

  it('is a retry from 1 on, and the span is not inferred to be one as well', () => {
    const { stated, inferred } = allRepeatsIn([failed, { ...again, retries: 1 }])
    expect([idsOf(stated), idsOf(inferred)]).toEqual([
      { retries: ['2'], fallbacks: [] },
      { retries: [], fallbacks: [] },
    ])
  })

  it('to be no retry leaves what the application did to be inferred', () => {
    const { stated, inferred } = allRepeatsIn([failed, { ...again, retries: 0 }])
    expect([idsOf(stated).retries, idsOf(inferred).retries]).toEqual([[], ['2']])
  })

  it('to be a fallback is not inferred as well, from a failure or from the model that answered', () => {
    const other = { ...again, requestModel: 'gpt-4.1-mini', responseModel: 'gpt-4.1-nano', fallbackFrom: 'gpt-4.1' }
    const { stated, inferred } = allRepeatsIn([failed, other])
    expect([idsOf(stated), idsOf(inferred)]).toEqual([
      { retries: [], fallbacks: ['2'] },
      { retries: [], fallbacks: [] },
    ])
  })

  it('of one span leaves what is inferred of the next one', () => {
    const spans = [failed, { ...again, status: 'error', endMs: 8, retries: 2 }, { ...again, spanId: '3', startMs: 9 }]
    const { stated, inferred } = allRepeatsIn(spans as Parts)
    expect([idsOf(stated).retries, idsOf(inferred).retries]).toEqual([['2'], ['3']])
  })

  it('needs no failure before it, and no parent', () => {
    const { stated } = allRepeatsIn([{ spanId: '1', kind: 'llm', retries: 3, fallbackFrom: 'gpt-4.1' }])
    expect(idsOf(stated)).toEqual({ retries: ['1'], fallbacks: ['1'] })
  })
})

it.each([
  ['gpt-4o', 'gpt-4o-2024-08-06', true],
  ['gpt-3.5-turbo', 'gpt-3.5-turbo-0125', true],
  ['claude-3-5-sonnet-latest', 'claude-3-5-sonnet-20241022', true],
  ['us.anthropic.claude-sonnet-4-20250514-v1:0', 'claude-sonnet-4-20250514', true],
  ['openai/gpt-4.1', 'GPT-4.1', true],
  ['models/gemini-1.5-pro', 'gemini-1.5-pro-002', true],
  ['claude-3-5-sonnet@20240620', 'claude-3-5-sonnet', true],
  ['gpt-4.1', 'gpt-4.1-mini', false],
  ['gpt-4', 'gpt-4.1', false],
  ['gpt-4', 'gpt-4-turbo', false],
  ['claude-3-opus-20240229', 'claude-3-5-sonnet-20241022', false],
  ['o1', 'o1-preview', false],
  ['llama-3-8b', 'llama-3-70b', false],
])('%s and %s are one model: %s', (a, b, isOne) => {
  expect(isSameModel(a, b)).toBe(isOne)
})

it.each([
  ['chat gpt-4.1', { kind: 'llm', requestModel: 'gpt-4.1' }, 'chat'],
  ['gpt-4.1', { kind: 'llm', requestModel: 'gpt-4.1' }, 'gpt-4.1'],
  ['draft', { kind: 'llm', requestModel: 'gpt-4.1' }, 'draft'],
  ['execute_tool lookup_order', { kind: 'tool' }, 'lookup_order'],
  ['execute_tool ', { kind: 'tool' }, 'execute_tool '],
] as const)('the step of the span %s is named without its model and operation', (name, parts, step) => {
  expect(stepName(traceOf([{ spanId: '1', name, ...parts }]).spans[0]!)).toBe(step)
})
