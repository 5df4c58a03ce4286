import { calcPrice } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPricer, type PricedSpan } from '../src/core/prices.js'

/** US dollars, rounded to 10⁻¹², for a span in July 2025. */
function usd(span: Partial<PricedSpan>, overrides: Parameters<typeof createPricer>[0] = []): number | undefined {
  const price = createPricer(overrides)({ kind: 'llm', startMs: Date.UTC(2025, 6, 1), ...span })
  return price === undefined ? undefined : Math.round(price * 1e12) / 1e12
}

const usage = { input: 1_000_000, output: 100_000 }

describe('a listed price', () => {
  it('is input and output at their rates', () => {
    // gpt-4.1: $2 and $8 per million: 2 + 0.8.
    expect(usd({ provider: 'openai', requestModel: 'gpt-4.1', usage })).toBe(2.8)
  })

  it('takes cached input, which is a part of the input, at its own rate', () => {
    // gpt-4.1 reads its cache for $0.50: 0.6 · 2 + 0.4 · 0.5 + 0.8.
    expect(usd({ provider: 'openai', requestModel: 'gpt-4.1', usage: { ...usage, cachedInput: 400_000 } })).toBe(2.2)
    // Claude 3.5 Sonnet: $3, read $0.30, written $3.75, output $15: 0.3 · 3 + 0.5 · 0.3 + 0.2 · 3.75 + 1.5.
    const cached = { ...usage, cachedInput: 500_000, cacheWrite: 200_000 }
    expect(usd({ provider: 'anthropic', requestModel: 'claude-3-5-sonnet-20241022', usage: cached })).toBe(3.3)
  })

  it.each([
    ['openai', 'gpt-4.1'],
    ['azure.ai.openai', 'gpt-4.1'],
    ['azure.ai.inference', 'gpt-4.1'],
    ['aws.bedrock', 'us.anthropic.claude-sonnet-4-20250514-v1:0'],
    ['gcp.gemini', 'gemini-2.0-flash'],
    ['gcp.vertex_ai', 'gemini-2.0-flash'],
    ['gcp.gen_ai', 'gemini-2.0-flash'],
    ['mistral_ai', 'mistral-large-latest'],
    ['x_ai', 'grok-3'],
    ['groq', 'llama-3.3-70b-versatile'],
    ['deepseek', 'deepseek-chat'],
    ['cohere', 'command-r'],
    ['an unknown gateway', 'gpt-4.1'],
    [undefined, 'claude-3-5-sonnet-20241022'],
    [undefined, 'openai/gpt-4o'],
  ])('is found at %s for %s', (provider, requestModel) => {
    expect(usd({ provider, requestModel, usage })).toBeGreaterThan(0)
  })

  it.each([
    ['openai', 'gpt-4.1'],
    ['openai', 'gpt-4o-mini'],
    ['openai', 'o3'],
    ['anthropic', 'claude-3-5-sonnet-20241022'],
    ['anthropic', 'claude-sonnet-4-20250514'],
    ['google', 'gemini-2.5-pro'],
    ['google', 'gemini-2.0-flash'],
    ['mistral', 'mistral-large-latest'],
    ['groq', 'llama-3.3-70b-versatile'],
    ['deepseek', 'deepseek-chat'],
    ['perplexity', 'sonar'],
  ])('is what the library says for any usage, at %s for %s', (provider, model) => {
    const count = fc.integer({ min: 0, max: 400_000 })
    fc.assert(
      fc.property(count, count, count, count, (fresh, cachedInput, cacheWrite, output) => {
        const input = fresh + cachedInput + cacheWrite
        const tokens = { input_tokens: input, output_tokens: output }
        const cached = { cache_read_tokens: cachedInput, cache_write_tokens: cacheWrite }
        const timestamp = new Date(Date.UTC(2025, 6, 1))
        const listed = calcPrice({ ...tokens, ...cached }, model, { providerId: provider, timestamp })
        const ours = usd({ provider, requestModel: model, usage: { input, output, cachedInput, cacheWrite } })
        expect(ours).toBeCloseTo(listed!.total_price, 9)
      }),
    )
  })

  it('changes with its day', () => {
    // o3: $10 per million before 2025-06-10, $2 from then on, and without a day the newest.
    const o3 = { provider: 'openai', requestModel: 'o3', usage: { input: 1_000_000, output: 0 } }
    expect(usd({ ...o3, startMs: Date.UTC(2025, 5, 9, 23, 59) })).toBe(10)
    expect(usd({ ...o3, startMs: Date.UTC(2025, 5, 10) })).toBe(2)
    expect(usd({ ...o3, startMs: undefined })).toBe(2)
    expect(usd({ ...o3, startMs: 1e300 })).toBe(2)
  })

  it('is that of the model that answered, else of the one asked for', () => {
    const asked = { provider: 'openai', requestModel: 'gpt-4.1', usage }
    expect(usd({ ...asked, responseModel: 'gpt-4.1-mini' })).toBe(0.56)
    expect(usd({ ...asked, responseModel: 'our-deployment' })).toBe(2.8)
  })

  it('of an embedding needs input tokens only', () => {
    const embedding = {
      kind: 'embedding' as const,
      requestModel: 'text-embedding-3-small',
      usage: { input: 1_000_000 },
    }
    expect(usd(embedding)).toBe(0.02)
    expect(usd({ ...embedding, provider: 'openai' })).toBe(0.02)
    expect(usd({ ...embedding, provider: 'azure.ai.openai' })).toBe(0.02)
  })
})

describe('no price', () => {
  it.each([
    ['an unknown model', { requestModel: 'support-tuned-7b', provider: 'in-house', usage }],
    ['no model', { provider: 'openai', usage }],
    ['no usage', { requestModel: 'gpt-4.1' }],
    ['an output that is not known', { requestModel: 'gpt-4.1', usage: { input: 5 } }],
    ['an input that is not known', { requestModel: 'gpt-4.1', usage: { output: 5 } }],
    ['more cached than put in', { requestModel: 'gpt-4.1', usage: { input: 5, output: 5, cachedInput: 6 } }],
    ['a negative count', { requestModel: 'gpt-4.1', usage: { input: -5, output: 5 } }],
    ['a count without end', { requestModel: 'gpt-4.1', usage: { input: Number.POSITIVE_INFINITY, output: 5 } }],
    ['a model on the own machine', { requestModel: 'gpt-oss-120b', provider: 'ollama', usage }],
    ['a model billed by the hour', { requestModel: 'whisper-1', provider: 'openai', usage }],
    ['a name from a prototype', { requestModel: '__proto__', provider: 'constructor', usage }],
  ])('is there for %s', (_, span) => {
    expect(usd(span)).toBeUndefined()
  })
})

describe('a price of the own', () => {
  const own = { model: 'support-tuned-7b', input_per_million: 1, output_per_million: 4 }
  const call = { requestModel: 'support-tuned-7b', usage }

  it('prices a model that is in no list, and comes before the list', () => {
    expect(usd(call, [own])).toBe(1.4)
    expect(usd({ requestModel: 'GPT-4.1', provider: 'openai', usage }, [{ ...own, model: 'gpt-4.1' }])).toBe(1.4)
  })

  it('reads and writes the cache as input unless it says otherwise', () => {
    const cached = { ...call, usage: { ...usage, cachedInput: 500_000, cacheWrite: 100_000 } }
    expect(usd(cached, [own])).toBe(1.4)
    // 0.4 · 1 + 0.5 · 0.1 + 0.1 · 2 + 0.4.
    expect(usd(cached, [{ ...own, cache_read_per_million: 0.1, cache_write_per_million: 2 }])).toBe(1.05)
  })

  it('is the latest that does not begin after the span', () => {
    const dated = [
      own,
      { ...own, from: '2025-07-02', input_per_million: 3 },
      { ...own, from: '2025-06-01', input_per_million: 2 },
    ]
    expect(usd({ ...call, startMs: Date.UTC(2025, 4, 31) }, dated)).toBe(1.4)
    expect(usd({ ...call, startMs: Date.UTC(2025, 6, 1, 23, 59) }, dated)).toBe(2.4)
    expect(usd({ ...call, startMs: Date.UTC(2025, 6, 2) }, dated)).toBe(3.4)
    expect(usd({ ...call, startMs: undefined }, dated)).toBe(3.4)
  })

  it('may hold for one provider, under any of its names', () => {
    const azure = [{ ...own, model: 'gpt-4.1', provider: 'azure' }]
    expect(usd({ requestModel: 'gpt-4.1', provider: 'azure.ai.openai', usage }, azure)).toBe(1.4)
    expect(usd({ requestModel: 'gpt-4.1', provider: 'openai', usage }, azure)).toBe(2.8)
    expect(usd({ requestModel: 'gpt-4.1', usage }, azure)).toBe(2.8)
  })

  it('of nothing for output needs no output count', () => {
    expect(usd({ ...call, usage: { input: 1_000_000 } }, [{ ...own, output_per_million: 0 }])).toBe(1)
    expect(usd({ ...call, usage: { input: 1_000_000 } }, [own])).toBeUndefined()
  })
})
