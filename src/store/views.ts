import type { TraceSpan } from '../core/trace.js'
import type { Cell } from './columns.js'

/** What measures read of a span. */
export const columns = [
  ...(['trace_id', 'span_id', 'parent_id', 'name', 'kind', 'status', 'start_ms', 'end_ms', 'fields'] as const),
  ...(['service', 'environment', 'workflow', 'request', 'release', 'tenant', 'user', 'session'] as const),
  ...(['provider', 'request_model', 'response_model', 'prompt_name', 'prompt_version'] as const),
  ...(['input_tokens', 'output_tokens', 'cached_input_tokens', 'cache_write_tokens', 'reasoning_tokens'] as const),
  ...(['normalised', 'cost_usd', 'retries', 'fallback_from', 'status_message', 'is_rollup'] as const),
]

type Column = (typeof columns)[number]

/** The columns that a reader needs: a cell that is not read costs nothing. */
export type View = ReadonlySet<Column>

const always = ['trace_id', 'span_id', 'parent_id', 'name', 'start_ms', 'is_rollup'] as const
const selecting = [...always, 'service', 'environment', 'workflow'] as const

/** All that is measured. */
export const measured: View = new Set(columns)

/** What a workflow is selected by. Kind, status and fields are not read. */
export const outline: View = new Set(selecting)

/** As `outline`, with what spans say of their request, release and prompt version. */
export const versionOutline: View = new Set([...selecting, 'request', 'release', 'prompt_name', 'prompt_version'])

const step = ['kind', 'status', 'end_ms', 'provider', 'request_model', 'response_model', 'prompt_name'] as const

/** What structure and steps are told by: no cost, tokens, prompt versions, users, tenants, sessions and releases. */
export const skeleton: View = new Set([...selecting, ...step, 'fields', 'request', 'retries', 'fallback_from'])

const grouping = ['prompt_version', 'release', 'tenant', 'user'] as const

/** As `skeleton`, with what time is broken down by. */
export const timed: View = new Set([...skeleton, ...grouping])

/** What cost is computed from and broken down by. */
export const priced: View = new Set([
  ...([...selecting, ...step, ...grouping, 'fields', 'request', 'cost_usd'] as const),
  ...(['input_tokens', 'output_tokens', 'cached_input_tokens', 'cache_write_tokens'] as const),
])

/** As `timed`, with what cost is computed from. */
export const timedAndPriced: View = new Set([...timed, ...priced])

/** Rows by column; a column that a view does not read holds nothing. */
export type Page = Readonly<Record<Column, readonly (Cell | undefined)[]>>

/** The span of one row. Written out, since it is done for millions. As the schema types its columns. */
export function spanOf(page: Page, row: number): TraceSpan {
  return {
    traceId: page.trace_id[row] as string,
    spanId: page.span_id[row] as string,
    parentId: textOf(page.parent_id[row]),
    name: page.name[row] as string,
    kind: (page.kind[row] ?? 'other') as TraceSpan['kind'],
    status: (page.status[row] ?? 'unset') as TraceSpan['status'],
    startMs: numberOf(page.start_ms[row]),
    endMs: numberOf(page.end_ms[row]),
    fields: Number(page.fields[row]),
    service: textOf(page.service[row]),
    environment: textOf(page.environment[row]),
    workflow: textOf(page.workflow[row]),
    request: textOf(page.request[row]),
    release: textOf(page.release[row]),
    tenant: textOf(page.tenant[row]),
    user: textOf(page.user[row]),
    session: textOf(page.session[row]),
    provider: textOf(page.provider[row]),
    requestModel: textOf(page.request_model[row]),
    responseModel: textOf(page.response_model[row]),
    promptName: textOf(page.prompt_name[row]),
    promptVersion: textOf(page.prompt_version[row]),
    usage: usageOf(page, row),
    costUsd: numberOf(page.cost_usd[row]),
    retries: numberOf(page.retries[row]),
    fallbackFrom: textOf(page.fallback_from[row]),
    statusMessage: textOf(page.status_message[row]),
    isRollup: page.is_rollup[row] === 1 || undefined,
  }
}

function usageOf(page: Page, row: number): TraceSpan['usage'] {
  const usage = {
    input: numberOf(page.input_tokens[row]),
    output: numberOf(page.output_tokens[row]),
    cachedInput: numberOf(page.cached_input_tokens[row]),
    cacheWrite: numberOf(page.cache_write_tokens[row]),
    reasoning: numberOf(page.reasoning_tokens[row]),
    normalised: page.normalised[row] === 1 || undefined,
  }
  const { input, output, cachedInput, cacheWrite, reasoning } = usage
  return (input ?? output ?? cachedInput ?? cacheWrite ?? reasoning) === undefined ? undefined : usage
}

function textOf(cell: Cell | undefined): string | undefined {
  return (cell ?? undefined) as string | undefined
}

function numberOf(cell: Cell | undefined): number | undefined {
  return (cell ?? undefined) as number | undefined
}
