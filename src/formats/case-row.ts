import type { Case } from '../core/eval/case.js'
import type { Json } from '../core/span.js'
import type { Row } from './row.js'

/** A case as one row of a dataset, which `readCase` reads back as it was; what is unknown has no column. */
export function caseRow({ id, inputs, reference, tags, cluster, origin, labels, output }: Case): Row {
  const columns: Record<string, Json | undefined> = {
    id,
    inputs,
    reference,
    tags: tags.length > 0 ? tags : undefined,
    cluster,
    origin,
    labels: Object.keys(labels).length > 0 ? labels : undefined,
    output: output?.value,
    documents: output?.documents?.map(withoutUndefined),
    tools: output?.tools?.map(({ isError, ...tool }) => withoutUndefined({ ...tool, error: isError })),
    latency_ms: output?.latencyMs,
    cost_usd: output?.costUsd,
    input_tokens: output?.inputTokens,
    output_tokens: output?.outputTokens,
    model: output?.model,
    prompt_version: output?.prompt,
  }
  return withoutUndefined(columns)
}

function withoutUndefined(object: object): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
