import { rowForSupport } from '../core/audience/support.js'
import { PilotError } from '../core/errors.js'
import type { TraceFilter } from '../core/trace-row.js'
import type { FoundTraces, TraceQuery } from '../jobs/find-traces.js'
import type { Context } from './context.js'
import { readTraceFilter, type TraceFlags } from './trace-filter.js'

/** The options of `pilot traces` that are about somebody or a text: whoever filters by them finds one person's runs. */
const personal = ['user', 'tenant', 'session', 'request', 'text', 'around'] as const

/** The traces that the options ask for, looked for as the privacy rules have left them. */
export async function findRuns(context: Context, flags: TraceFlags): Promise<FoundTraces> {
  if (context.audience === 'product') refusePersonal(flags)
  const typed = readTraceFilter(flags, context.io.nowMs())
  const { workspaceOf } = await import('../jobs/workspace.js')
  const { findTraces } = await import('../jobs/find-traces.js')
  const { ticketReader } = await import('../jobs/ticket.js')
  const { traceIdOfRequest } = await import('../store/requests.js')
  const loaded = await context.loadConfig()
  const db = workspaceOf(loaded).open('read')
  const ticket = await ticketReader(loaded)
  const { request } = typed.filter
  const query: TraceQuery = {
    ...typed,
    filter: {
      ...typed.filter,
      ...spellingsOf(typed.filter, ticket),
      request: request && { ...request, traceId: traceIdOfRequest(db, request.id) },
    },
    text: typed.text?.[0] === undefined ? undefined : leftOf('text', ticket.phrases(typed.text[0])),
  }
  const found = findTraces(db, loaded.config, query)
  return context.audience === 'support' ? { ...found, traces: found.traces.map(rowForSupport) } : found
}

type Ticket = Awaited<ReturnType<typeof import('../jobs/ticket.js').ticketReader>>

function spellingsOf(filter: TraceFilter, ticket: Ticket): Partial<TraceFilter> {
  const read = (field: 'user' | 'tenant' | 'session') => {
    const [written] = filter[field] ?? []
    return written === undefined ? undefined : leftOf(field, ticket.spellings(field, written))
  }
  return { user: read('user'), tenant: read('tenant'), session: read('session') }
}

function leftOf(option: string, values: readonly string[]): readonly string[] {
  if (values.length > 0) return values
  throw new PilotError(`--${option}: capture.privacy leaves nothing of it in the store, so it cannot be found by.`, {
    hint: 'Look for the run by its time: --around, with --within.',
  })
}

function refusePersonal(flags: TraceFlags): void {
  const used = personal.find((option) => flags[option] !== undefined)
  if (used === undefined) return
  throw new PilotError(`--${used} finds the runs of somebody, which is not for product.`, {
    hint: 'pilot traces --audience product takes --status, --feedback, --model, --prompt, --release, --since and --until.',
  })
}
