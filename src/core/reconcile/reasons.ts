import type { BillingShape } from '../billing.js'
import { addTokens, noTokens, type Tokens } from '../usage.js'
import { type Account, noPart, type Part, tokenKinds } from './account.js'
import { plus, type TracedFigures } from './figures.js'
import type { callMatcher } from './match-calls.js'
import type { Grouping, ModelGroup } from './names.js'
import type { ReconciledRow } from './rows.js'
import type { TraceTally } from './tallies.js'

export const reasonKinds = [
  'outside time',
  'beyond time',
  'bill names no model',
  'never traced',
  'no traced call',
  'more calls billed',
  'more calls traced',
  'silent calls',
  'unpriced calls',
  'other tokens',
  'other price',
  'not on the bill',
  'never billed',
  'trace names no model',
] as const

/** Why the bill and the traces differ. */
export interface Reason {
  kind: (typeof reasonKinds)[number]
  /** Lines of the bill that it is about; undefined where it is about traced calls. */
  lines: number | undefined
  calls: number | undefined
  /** US dollars of the difference that it explains, below 0 where the traces hold more; undefined where its size is not known. */
  costUsd: number | undefined
  models: string[]
}

/** What every reason is drawn from. */
export interface Facts {
  account: Account
  grouping: Grouping
  traces: TraceTally
  matcher: ReturnType<typeof callMatcher> | undefined
}

/** The reasons that there are, in the order in which a bill is gone through. */
export function reasonsOf({ account, grouping, traces, matcher }: Facts): Reason[] {
  const { calls: matchedSilent, costUsd: silentUsd } = account.silent
  const { silentCalls, unpricedCalls } = traces.total
  const left = leftCalls(account, grouping, matcher)
  const traced = ({ calls, costUsd, models }: Part): Omit<Reason, 'kind'> => ({
    lines: undefined,
    calls,
    costUsd,
    models: [...models].sort(),
  })
  const billed = (part: Part): Omit<Reason, 'kind'> => ({ ...traced(part), lines: part.lines })
  const more = callCounts(account, grouping, traces)
  const never = neverBilled(traces, grouping, matcher)
  const all: Reason[] = [
    { kind: 'outside time', ...billed(account.outsideTime) },
    // A size of its own it has not: what lies outside of the time cannot be parted from the rest of a bucket.
    { kind: 'beyond time', ...billed(account.beyondTime), costUsd: undefined },
    { kind: 'bill names no model', ...billed(account.namesNoModel) },
    { kind: 'never traced', ...billed(account.neverTraced) },
    { kind: 'no traced call', ...billed(account.noTracedCall) },
    { kind: 'more calls billed', ...traced(more.billed) },
    { kind: 'more calls traced', ...traced(more.traced) },
    {
      kind: 'silent calls',
      lines: matchedSilent,
      calls: silentCalls,
      costUsd: silentUsd,
      models: modelsWith(traces, 'silentCalls'),
    },
    {
      kind: 'unpriced calls',
      lines: account.unpriced.calls,
      calls: unpricedCalls,
      costUsd: account.unpriced.costUsd,
      models: modelsWith(traces, 'unpricedCalls'),
    },
    { kind: 'other tokens', ...billed(account.otherTokens) },
    { kind: 'other price', ...billed(account.otherPrice) },
    { kind: 'not on the bill', ...traced(left) },
    { kind: 'never billed', ...traced(never.named) },
    { kind: 'trace names no model', ...traced(never.nameless) },
  ]
  return all.filter(({ lines, calls }) => (lines ?? 0) > 0 || (calls ?? 0) > 0)
}

/** Traced calls of models that are billed call by call, which no line took. What failed is not expected on a bill. */
function leftCalls({ buckets }: Account, grouping: Grouping, matcher: Facts['matcher']): Part {
  const part = noPart()
  for (const { model, hasFailed, knownUsd } of matcher?.left() ?? []) {
    const group = grouping.ofTraced(model)
    if (hasFailed || group.billed.length === 0 || buckets.has(group)) continue
    addTraced(part, model, 1, knownUsd)
  }
  return part
}

/** Where buckets state how many calls they bill, and as many were not traced. What failed is not expected on a bill. */
function callCounts({ buckets }: Account, grouping: Grouping, { cells }: TraceTally): { billed: Part; traced: Part } {
  const more = { billed: noPart(), traced: noPart() }
  for (const [group, { calls }] of buckets) {
    let difference = calls
    for (const { model, figures } of cells)
      if (difference !== undefined && grouping.ofTraced(model) === group)
        difference -= figures.calls - figures.failedCalls
    if (difference === undefined || difference === 0) continue
    addTraced(difference > 0 ? more.billed : more.traced, group.name, Math.abs(difference), undefined)
  }
  return more
}

/** What was traced of models that the bill does not name, and of none. */
function neverBilled(
  { cells }: TraceTally,
  grouping: Grouping,
  matcher: Facts['matcher'],
): { named: Part; nameless: Part } {
  const [named, nameless] = [noPart(), noPart()]
  if (grouping.ignoresModels) return { named, nameless }
  const isUnbilled = (model: string | undefined) => model !== undefined && grouping.ofTraced(model).billed.length === 0
  for (const { model, figures } of cells) {
    if (isUnbilled(model)) addTraced(named, model, figures.calls - figures.failedCalls, figures.knownUsd)
    if (model === undefined && matcher === undefined)
      addTraced(nameless, model, figures.calls - figures.failedCalls, figures.knownUsd)
  }
  // What a line names by its id is billed, whatever the line calls its model.
  for (const { model, hasFailed, knownUsd } of matcher?.matched() ?? [])
    if (isUnbilled(model)) addTraced(named, model, hasFailed ? 0 : -1, knownUsd === undefined ? undefined : -knownUsd)
  // Where calls are matched one by one, some without a model have found their line.
  for (const { model, hasFailed, knownUsd } of matcher?.left() ?? [])
    if (model === undefined && !hasFailed) addTraced(nameless, model, 1, knownUsd)
  return { named, nameless }
}

function addTraced(part: Part, model: string | undefined, calls: number, knownUsd: number | undefined): void {
  part.calls = (part.calls ?? 0) + calls
  part.costUsd = plus(part.costUsd, knownUsd === undefined ? undefined : -knownUsd)
  if (model !== undefined && part.models.size < 20) part.models.add(model)
}

function modelsWith({ cells }: TraceTally, count: 'silentCalls' | 'unpricedCalls'): string[] {
  const models = cells.filter(({ figures }) => figures[count] > 0).flatMap(({ model }) => model ?? [])
  return [...new Set(models)].sort().slice(0, 20)
}

/** Tokens of one kind on both sides, over what can be compared. */
export interface TokenDifference {
  kind: (typeof tokenKinds)[number]
  billed: number
  traced: number
}

/** The kinds of tokens that both sides state: of matched calls, and of models that are billed in buckets and traced. */
export function tokenDifferences({ account, grouping, traces }: Facts): TokenDifference[] {
  const [billed, traced] = [{ ...account.tokens.billed }, { ...account.tokens.traced }]
  for (const [group, { tokens }] of account.buckets) {
    const other = tracedTokens(traces, grouping, group)
    for (const kind of tokenKinds) {
      if (tokens[kind] === undefined || other[kind] === undefined) continue
      billed[kind] = plus(billed[kind], tokens[kind])
      traced[kind] = plus(traced[kind], other[kind])
    }
  }
  return tokenKinds.flatMap((kind) => {
    const [a, b] = [billed[kind], traced[kind]]
    return a === undefined || b === undefined ? [] : [{ kind, billed: a, traced: b }]
  })
}

function tracedTokens({ cells }: TraceTally, grouping: Grouping, group: ModelGroup): Tokens {
  const sums = noTokens()
  for (const { model, figures } of cells)
    if (grouping.ofTraced(model) === group) addTokens(sums, (figures as TracedFigures).tokens)
  return sums
}

/** Models and days for which exports of several sorts state costs: a provider's bill and a gateway's may be the same money twice. */
export function doubtfulCosts(
  rows: readonly ReconciledRow[],
): { model: string | undefined; day: string | undefined; shapes: BillingShape[] }[] {
  return rows.flatMap(({ model, day, billed }) => {
    const shapes = [...(billed?.costShapes ?? [])].sort()
    return shapes.length > 1 ? [{ model, day, shapes }] : []
  })
}
