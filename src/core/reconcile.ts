import type { BilledLine } from './billing.js'
import type { Pricer } from './prices.js'
import { accountFor } from './reconcile/account.js'
import type { BilledFigures, TracedFigures } from './reconcile/figures.js'
import { callMatcher, type MatchedBy } from './reconcile/match-calls.js'
import { groupNames, type ModelGroup } from './reconcile/names.js'
import { doubtfulCosts, type Reason, reasonsOf, type TokenDifference, tokenDifferences } from './reconcile/reasons.js'
import { compared, type ReconciledRow, reconciledRows, withoutNoise } from './reconcile/rows.js'
import { type TimeSpan, tallyBill, tallyTraces } from './reconcile/tallies.js'
import type { Trace, TraceSpan } from './trace.js'

/** What a bill is set against. */
export interface ReconcileInput {
  /** All lines in order of time; read up to three times, never held. */
  readBill(): Iterable<BilledLine>
  traces: Iterable<Trace>
  price: Pricer
  /** The ids by which the vendor may know a call; asked only where the bill has any. */
  idsOf(span: TraceSpan): readonly string[]
  /** More traced calls than this are not matched one by one. */
  mostCalls?: number
}

/** A bill set against the traces of one platform. */
export interface Reconciliation {
  /** When the traces ran; undefined where no span has a time. */
  tracedTime: TimeSpan | undefined
  billedTime: TimeSpan | undefined
  billed: BilledFigures
  traced: TracedFigures
  /** Billed less known, and its share of the billed dollars; undefined where either side states no cost at all. */
  differenceUsd: number | undefined
  share: number | undefined
  /** What is to be explained: billed dollars less what the traces know of; undefined where the bill states no cost. */
  gapUsd: number | undefined
  reasons: Reason[]
  /** What no reason of known size explains; undefined where the bill states no cost. */
  restUsd: number | undefined
  tokens: TokenDifference[]
  rows: ReconciledRow[]
  /** Names that differ and were taken for one model. */
  mapped: ModelGroup[]
  /** True where the bill names no model, so that only days are compared. */
  ignoresModels: boolean
  /** How many lines of one call there are, and how they were matched; undefined where calls were not matched one by one. */
  matching: { singleCalls: number; by: Record<MatchedBy, number> } | undefined
  /** Why calls were not matched one by one; undefined where they were. */
  notMatched: string | undefined
  doubtful: ReturnType<typeof doubtfulCosts>
}

const mostCallsKept = 200_000

/** Sets a bill against traces, whatever workflow they are of, since a bill knows none. Undefined sides are told by a reason. */
export function reconcile(input: ReconcileInput): Reconciliation | { notMeasured: string } {
  const { readBill, price, idsOf, mostCalls = mostCallsKept } = input
  const bill = tallyBill(readBill())
  if (bill.total.lines === 0)
    return { notMeasured: 'Nothing billed was ingested: pilot ingest --as billing <export> brings it.' }
  const ids = bill.idCalls > 0 ? idsOf : () => []
  const traces = tallyTraces(input.traces, price, bill.singleCalls > 0 ? { idsOf: ids, mostCalls } : undefined)
  if (traces.cells.length === 0)
    return {
      notMeasured: 'No traced span is a model call, or states tokens or a cost: pilot ingest <export> brings them.',
    }

  const grouping = groupNames(bill.cells, traces.cells)
  const matcher = traces.calls && callMatcher(traces.calls)
  const account = accountFor(readBill, { grouping, time: traces.time, matcher })
  const facts = { account, grouping, traces, matcher }
  const rows = reconciledRows(bill, traces, grouping)
  const reasons = reasonsOf(facts)
  const gapUsd = bill.total.costUsd === undefined ? undefined : bill.total.costUsd - (traces.total.knownUsd ?? 0)
  return {
    tracedTime: traces.time,
    billedTime: bill.time,
    billed: bill.total,
    traced: traces.total,
    ...compared(bill.total, traces.total),
    gapUsd,
    reasons,
    restUsd: gapUsd === undefined ? undefined : restOf(gapUsd, reasons, bill.total.costUsd),
    tokens: tokenDifferences(facts),
    rows,
    mapped: grouping.groups.filter(({ isInferred }) => isInferred),
    ignoresModels: grouping.ignoresModels,
    matching: matcher && { singleCalls: bill.singleCalls, by: account.matched },
    notMatched: matcher === undefined ? whyNotMatched(bill.singleCalls, mostCalls) : undefined,
    doubtful: doubtfulCosts(rows),
  }
}

/** The gap without the reasons of known size. */
function restOf(gapUsd: number, reasons: readonly Reason[], billedUsd = 0): number {
  let rest = gapUsd
  for (const { costUsd } of reasons) rest -= costUsd ?? 0
  return withoutNoise(rest, billedUsd)
}

function whyNotMatched(singleCalls: number, mostCalls: number): string {
  return singleCalls === 0
    ? 'the bill has no line of a single call'
    : `more than ${mostCalls} calls were traced: too many to match one by one`
}
