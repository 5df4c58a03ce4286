import type { DraftTrace } from './trace.js'

/** What a request without a trace took: it was answered all the same, and is on the bill. */
const untraced = { model: 'gpt-4.1', input: 1000, output: 150, costUsd: 0.0032 }

/** The provider's bill of a demo, a line per model and UTC day. It knows nothing of the model in the team's own house. */
export function demoBill(traces: readonly DraftTrace[], untracedMs: readonly number[]): string[] {
  const calls = [
    ...traces.flatMap(({ spans, usage, costUsd }) => {
      const call = spans.find(
        ({ parent, attributes }) => parent && attributes['gen_ai.usage.input_tokens'] !== undefined,
      )
      if (call === undefined || costUsd === undefined) return []
      return [{ ms: call.startMs, model: String(call.attributes['gen_ai.response.model']), ...usage, costUsd }]
    }),
    ...untracedMs.map((ms) => ({ ms, ...untraced })),
  ]
  const buckets = new Map<string, { requests: number; input: number; output: number; costUsd: number }>()
  for (const { ms, model, input, output, costUsd } of calls) {
    const key = `${new Date(ms).toISOString().slice(0, 10)},${model}`
    const bucket = buckets.get(key) ?? { requests: 0, input: 0, output: 0, costUsd: 0 }
    buckets.set(key, {
      requests: bucket.requests + 1,
      input: bucket.input + input,
      output: bucket.output + output,
      costUsd: bucket.costUsd + costUsd,
    })
  }
  const rows = [...buckets].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    'date,model,requests,input_tokens,output_tokens,cost_usd',
    ...rows.map(([key, { requests, input, output, costUsd }]) =>
      [key, requests, input, output, costUsd.toFixed(8)].join(','),
    ),
  ]
}
