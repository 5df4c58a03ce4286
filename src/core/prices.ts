import { calcPrice, findProvider, type Provider } from '@pydantic/genai-prices'
import type { Usage } from './span.js'
import type { TraceSpan } from './trace.js'

/** A price of the team's own (`prices:` in pilot.yaml), in US dollars per million tokens. */
export interface PriceOverride {
  /** As the spans name it, requested or answering. */
  model: string
  /** Any provider when absent. */
  provider?: string | undefined
  /** UTC day, `2026-03-02`, from which it holds; always when absent. */
  from?: string | undefined
  input_per_million: number
  output_per_million: number
  /** As input when absent. */
  cache_read_per_million?: number | undefined
  /** As input when absent. */
  cache_write_per_million?: number | undefined
}

/** What a price depends on. */
export type PricedSpan = Pick<TraceSpan, 'kind' | 'provider' | 'requestModel' | 'responseModel' | 'usage' | 'startMs'>

/** US dollars for the usage that a span states; undefined (unpriced) without a model, a price or a count that it needs. */
export type Pricer = (span: PricedSpan) => number | undefined

type Price = (span: PricedSpan, usage: Usage) => number | undefined

/**
 * A pricer by the public price lists that the library holds (it asks no network), with the team's own prices before them.
 * The answering model's price comes before that of the requested one. A span without a time has the newest price.
 */
export function createPricer(overrides: readonly PriceOverride[] = []): Pricer {
  const found = new Map<string, Price[]>()
  return (span) => {
    const { usage } = span
    if (usage === undefined || !isSound(usage)) return undefined
    const key = JSON.stringify([span.provider, span.responseModel, span.requestModel])
    let prices = found.get(key)
    if (prices === undefined) {
      prices = [...ownPrices(span, overrides), ...listPrices(span)]
      // An export may hold a new name in every span; what was found is only a shortcut.
      if (found.size >= 10_000) found.clear()
      found.set(key, prices)
    }
    for (const price of prices) {
      const usd = price(span, usage)
      if (usd !== undefined) return usd
    }
    return undefined
  }
}

/** Counts are finite and not negative, and the cache is a part of the input. */
function isSound({ input, output, cachedInput = 0, cacheWrite = 0 }: Usage): boolean {
  const counts = [input ?? 0, output ?? 0, cachedInput, cacheWrite]
  return counts.every((count) => Number.isFinite(count) && count >= 0) && cachedInput + cacheWrite <= (input ?? 0)
}

/** What embeds or ranks answers without tokens; for the rest a count that is not stated is unknown, hence the price too. */
function knownOutput({ kind }: PricedSpan, { output }: Usage): number | undefined {
  return output ?? (kind === 'embedding' || kind === 'reranker' ? 0 : undefined)
}

/** The team's own prices for a span's model, the latest first. */
function ownPrices(span: PricedSpan, overrides: readonly PriceOverride[]): Price[] {
  const names = modelsOf(span).map((model) => model.toLowerCase())
  return overrides
    .filter(({ model, provider }) => {
      const isProvider = provider === undefined || (span.provider && listedAs(provider) === listedAs(span.provider))
      return isProvider && names.includes(model.toLowerCase())
    })
    .sort((a, b) => fromMs(b) - fromMs(a) || Number(b.provider !== undefined) - Number(a.provider !== undefined))
    .map((own) => (at, usage) => (isTooEarly(at, own) ? undefined : ownPrice(own, at, usage)))
}

function isTooEarly(span: PricedSpan, own: PriceOverride): boolean {
  return span.startMs !== undefined && span.startMs < fromMs(own)
}

function fromMs({ from }: PriceOverride): number {
  return from === undefined ? Number.MIN_SAFE_INTEGER : Date.parse(from)
}

function ownPrice(own: PriceOverride, span: PricedSpan, usage: Usage): number | undefined {
  const { input, cachedInput = 0, cacheWrite = 0 } = usage
  const output = own.output_per_million === 0 ? 0 : knownOutput(span, usage)
  if (input === undefined || output === undefined) return undefined
  const { input_per_million: perInput, cache_read_per_million, cache_write_per_million } = own
  const fresh = (input - cachedInput - cacheWrite) * perInput
  const read = cachedInput * (cache_read_per_million ?? perInput)
  const written = cacheWrite * (cache_write_per_million ?? perInput)
  return (fresh + read + written + output * own.output_per_million) / 1e6
}

/** Runtimes on one's own machines: what they serve under a public name has no public price. */
const ownRuntimes = new Set(['ollama', 'vllm', 'llama.cpp', 'llamafile', 'lm_studio', 'lmstudio', 'sglang', 'tgi'])

/** Providers whose OpenTelemetry name the library does not know, or takes for another. */
const listNames: readonly [name: RegExp, listed: string][] = [
  [/^az(ure)?\b|^azure_/, 'azure'],
  [/^gcp\./, 'google'],
  [/^x_ai$/, 'x-ai'],
  [/^z_ai$/, 'zai'],
  [/^fireworks/, 'fireworks'],
  [/^together/, 'together'],
]

/** The name of a provider in the price lists; its own lower-case name if it is in none. */
function listedAs(provider: string): string {
  const name = provider.trim().toLowerCase()
  const listed = listNames.find(([pattern]) => pattern.test(name))?.[1]
  return listed ?? findProvider({ providerId: name })?.id ?? name
}

/** The public price of the first model of the span that is listed: at its provider, else where its name points. */
function listPrices(span: PricedSpan): Price[] {
  const provider = span.provider === undefined ? undefined : listedAs(span.provider)
  if (provider !== undefined && ownRuntimes.has(provider)) return []
  for (const model of modelsOf(span)) {
    for (const providerId of [provider, undefined, model.includes('/') ? 'openrouter' : 'openai']) {
      const listed = calcPrice({ input_tokens: 0 }, model, { providerId, timestamp: newest })
      if (listed !== null) {
        const flat = flatPrice(listed.model)
        if (flat !== undefined) return [(at, usage) => ownPrice(flat, at, usage)]
        // A provider of this one model, so that no later call searches.
        const only: Provider = { ...listed.provider, models: [{ ...listed.model, match: { contains: '' } }] }
        return [(at, usage) => listPrice(only, at, usage)]
      }
    }
  }
  return []
}

/**
 * The price of a listed model that is one number per token whenever it was asked, however much; undefined for others. The
 * library comes to the same, in a hundred times the time.
 */
function flatPrice({ id, prices }: Provider['models'][number]): PriceOverride | undefined {
  if (Array.isArray(prices) || 'requests_kcount' in prices) return undefined
  const { input_mtok, output_mtok, cache_read_mtok = input_mtok, cache_write_mtok = input_mtok } = prices
  const parts = [input_mtok, output_mtok, cache_read_mtok, cache_write_mtok]
  if (!parts.every((part) => typeof part === 'number')) return undefined
  const [input, output, read, written] = parts as [number, number, number, number] // checked above
  return {
    model: id,
    input_per_million: input,
    output_per_million: output,
    cache_read_per_million: read,
    cache_write_per_million: written,
  }
}

/** The last moment that a Date can hold. */
const newest = new Date(8.64e15)

function listPrice(provider: Provider, span: PricedSpan, usage: Usage): number | undefined {
  const { input, cachedInput, cacheWrite } = usage
  const timestamp = span.startMs === undefined || Math.abs(span.startMs) > 8.64e15 ? newest : new Date(span.startMs)
  const tokens = {
    input_tokens: input,
    output_tokens: usage.output,
    cache_read_tokens: cachedInput,
    cache_write_tokens: cacheWrite,
  }
  const price = calcPrice(tokens, 'any', { provider, timestamp })
  if (price === null) return undefined
  const { input_mtok, output_mtok } = price.model_price
  // Models that are billed by the hour or by nothing known have no price per token; the library then says 0.
  const isInputPriced = input !== undefined && (input === 0 || input_mtok !== undefined)
  const output = output_mtok === undefined ? (usage.output ?? 0) : knownOutput(span, usage)
  const isOutputPriced = output === 0 || (output !== undefined && output_mtok !== undefined)
  return isInputPriced && isOutputPriced ? price.total_price : undefined
}

/** The model that answered, then the one that was asked for. */
function modelsOf({ responseModel, requestModel }: PricedSpan): string[] {
  return [...new Set([responseModel, requestModel])].filter(isName)
}

function isName(name: string | undefined): name is string {
  return name !== undefined && name !== ''
}
