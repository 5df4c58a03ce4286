import { textOf } from '../../core/eval/case.js'
import type { Feedback, Json, Score, Span } from '../../core/span.js'
import { eachStoredSpan } from '../../store/each-span.js'
import { readFeedback, readScores } from '../../store/judgements.js'
import type { Store } from '../../store/open.js'

/** A table for a spreadsheet. */
export interface ExportTable {
  name: string
  head: string[]
  rows(): Iterable<(string | number | undefined)[]>
}

type Columns<T> = Record<string, (record: T) => string | number | undefined>

const spanColumns: Columns<Span> = {
  trace_id: ({ traceId }) => traceId,
  span_id: ({ spanId }) => spanId,
  parent_id: ({ parentId }) => parentId,
  name: ({ name }) => name,
  kind: ({ kind }) => kind,
  start: ({ startMs }) => timeOf(startMs),
  end: ({ endMs }) => timeOf(endMs),
  latency_ms: ({ startMs, endMs }) => (startMs === undefined || endMs === undefined ? undefined : endMs - startMs),
  status: ({ status }) => status,
  status_message: ({ statusMessage }) => statusMessage,
  provider: ({ provider }) => provider,
  request_model: ({ requestModel }) => requestModel,
  response_model: ({ responseModel }) => responseModel,
  prompt_name: ({ promptName }) => promptName,
  prompt_version: ({ promptVersion }) => promptVersion,
  input_tokens: ({ usage }) => usage?.input,
  output_tokens: ({ usage }) => usage?.output,
  cached_input_tokens: ({ usage }) => usage?.cachedInput,
  cache_write_tokens: ({ usage }) => usage?.cacheWrite,
  reasoning_tokens: ({ usage }) => usage?.reasoning,
  cost_usd: ({ costUsd }) => costUsd,
  user: ({ user }) => user,
  tenant: ({ tenant }) => tenant,
  session: ({ session }) => session,
  request: ({ request }) => request,
  environment: ({ environment }) => environment,
  release: ({ release }) => release,
  workflow: ({ workflow }) => workflow,
  service: ({ service }) => service,
  retries: ({ retries }) => retries,
  input: ({ content }) => textOf(content.toolArguments ?? (content.inputMessages as Json | undefined) ?? content.input),
  output: ({ content }) => textOf(content.toolResult ?? (content.outputMessages as Json | undefined) ?? content.output),
}

const scoreColumns: Columns<Score> = {
  ...{ trace_id: ({ traceId }: Score) => traceId, span_id: ({ spanId }: Score) => spanId },
  name: ({ name }) => name,
  value: ({ value }) => value,
  label: ({ label }) => label,
  comment: ({ comment }) => comment,
  source: ({ source }) => source,
  time: ({ timeMs }) => timeOf(timeMs),
}

const feedbackColumns: Columns<Feedback> = {
  ...{ trace_id: ({ traceId }: Feedback) => traceId, span_id: ({ spanId }: Feedback) => spanId },
  request: ({ request }) => request,
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  value: ({ value }) => value,
  comment: ({ comment }) => comment,
  user: ({ user }) => user,
  source: ({ source }) => source,
  time: ({ timeMs }) => timeOf(timeMs),
}

/** Spans, scores and feedback of all platforms, for people to look at; ingest does not read them back. */
export function exportTables(db: Store, platforms: readonly string[]): ExportTable[] {
  const of = <T>(name: string, columns: Columns<T>, all: (platform: string) => Iterable<T>, from = platforms) => ({
    name,
    head: ['platform', ...Object.keys(columns)],
    *rows() {
      for (const platform of from)
        for (const record of all(platform)) yield [platform, ...Object.values(columns).map((cellOf) => cellOf(record))]
    },
  })
  return [
    of('spans', spanColumns, (platform) => spansOf(db, platform)),
    of('scores', scoreColumns, (platform) => readScores(db, platform)),
    of('feedback', feedbackColumns, (platform) => readFeedback(db, platform), ['', ...platforms]),
  ]
}

function* spansOf(db: Store, platform: string): Generator<Span> {
  for (const { span } of eachStoredSpan(db, platform)) yield span
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined || Math.abs(ms) > 8.64e15 ? undefined : new Date(ms).toISOString()
}
