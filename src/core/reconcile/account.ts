import { type BilledLine, isOneCall } from '../billing.js'
import { addTokens, noTokens, type Tokens } from '../usage.js'
import { plus } from './figures.js'
import type { callMatcher, MatchedBy } from './match-calls.js'
import type { Grouping, ModelGroup } from './names.js'
import { withoutNoise } from './rows.js'
import type { TimeSpan } from './tallies.js'
import type { TracedUnit } from './traced-unit.js'

/** How much of the bill one reason is about. */
export interface Part {
  lines: number
  calls: number | undefined
  /** US dollars of the difference that it explains; below 0 where the traces hold more than the bill. Undefined: not known. */
  costUsd: number | undefined
  models: Set<string>
}

/** The lines of a bill, each in exactly one part. */
export interface Account {
  outsideTime: Part
  /** Buckets that begin before the traces do, or end after them: counted below as well, since nobody can part them. */
  beyondTime: Part
  namesNoModel: Part
  neverTraced: Part
  /** One call each, of a model that was traced, and no traced call is theirs. */
  noTracedCall: Part
  /** Matched with a call whose cost is unknown. */
  silent: Part
  unpriced: Part
  /** Matched with a call of known cost: other tokens, or the same tokens at another price. */
  otherTokens: Part
  otherPrice: Part
  matched: Record<MatchedBy, number>
  /** Of matched calls where both sides state the count. */
  tokens: { billed: Tokens; traced: Tokens }
  /** Models that are billed in buckets, whose calls cannot be told apart; with what the buckets within the time state. */
  buckets: Map<ModelGroup, { tokens: Tokens; calls: number | undefined }>
}

/** Puts every line where it belongs. `readBill` is called twice where calls can be matched: by id first, so that no other line takes their calls. */
export function accountFor(
  readBill: () => Iterable<BilledLine>,
  {
    grouping,
    time,
    matcher,
  }: { grouping: Grouping; time: TimeSpan | undefined; matcher: ReturnType<typeof callMatcher> | undefined },
): Account {
  const account = noAccount()
  if (matcher !== undefined)
    for (const line of readBill()) {
      const unit = isOneCall(line) ? matcher.takeById(line) : undefined
      if (unit !== undefined) addMatch(account, line, unit, 'id')
    }
  for (const line of readBill()) {
    const isSingle = matcher !== undefined && isOneCall(line)
    if (isSingle && matcher.hasTakenById(line)) continue
    const group = grouping.ofBilled(line.model)
    const isOfModel = ({ model }: TracedUnit) => model === undefined || grouping.ofTraced(model) === group
    const match = isSingle ? matcher.takeByTime(line, isOfModel) : undefined
    if (match !== undefined) addMatch(account, line, match.unit, match.by)
    else addUnmatched(account, line, { group, time, isSingle, ignoresModels: grouping.ignoresModels })
  }
  return account
}

interface Place {
  group: ModelGroup
  time: TimeSpan | undefined
  isSingle: boolean
  ignoresModels: boolean
}

function addUnmatched(account: Account, line: BilledLine, place: Place): void {
  const position = positionOf(line, place.time)
  if (position === 'beyond') addPart(account.beyondTime, line)
  const part = position === 'outside' ? account.outsideTime : partOf(account, place)
  if (part !== undefined) addPart(part, line)
  else addToBuckets(account.buckets, place.group, line)
}

/** Where an unmatched line within the time belongs; undefined for a bucket of a model that was traced. */
function partOf(account: Account, { group, isSingle, ignoresModels }: Place): Part | undefined {
  if (group.name === undefined && !ignoresModels) return account.namesNoModel
  if (group.traced.length === 0 && !ignoresModels) return account.neverTraced
  return isSingle ? account.noTracedCall : undefined
}

/** Where a line lies against the time of the traces: all of it, some of it or nothing of it inside. Without a time all is inside. */
function positionOf(line: BilledLine, time: TimeSpan | undefined): 'inside' | 'beyond' | 'outside' {
  if (time === undefined) return 'inside'
  const { startMs } = line
  const endMs = Math.max(startMs, line.endMs ?? startMs)
  // The end of a bucket is excluded, that of a moment is the moment.
  const isBefore = endMs > startMs ? endMs <= time.startMs : startMs < time.startMs
  if (isBefore || startMs > time.endMs) return 'outside'
  return startMs < time.startMs || endMs > time.endMs ? 'beyond' : 'inside'
}

function addToBuckets(buckets: Account['buckets'], group: ModelGroup, { usage, calls }: BilledLine): void {
  const sums = buckets.get(group) ?? { tokens: noTokens(), calls: undefined }
  addTokens(sums.tokens, usage)
  sums.calls = plus(sums.calls, calls)
  buckets.set(group, sums)
}

function addMatch(account: Account, line: BilledLine, unit: TracedUnit, by: MatchedBy): void {
  account.matched[by] += 1
  const isOther = addTokenPair(account, line, unit)
  if (unit.lack !== undefined) {
    addPart(account[unit.lack], line)
    return
  }
  if (line.costUsd === undefined || unit.knownUsd === undefined) return
  const differenceUsd = line.costUsd - unit.knownUsd
  if (withoutNoise(differenceUsd, line.costUsd) !== 0)
    addPart(isOther ? account.otherTokens : account.otherPrice, { ...line, costUsd: differenceUsd })
}

/** True when the two sides state different counts of any kind. */
function addTokenPair({ tokens }: Account, { usage: billed }: BilledLine, { usage: traced }: TracedUnit): boolean {
  let isOther = false
  for (const kind of tokenKinds) {
    const [a, b] = [billed?.[kind], traced?.[kind]]
    if (a === undefined || b === undefined) continue
    tokens.billed[kind] = plus(tokens.billed[kind], a)
    tokens.traced[kind] = plus(tokens.traced[kind], b)
    isOther ||= a !== b
  }
  return isOther
}

/** The kinds of tokens that a bill may state. */
export const tokenKinds = ['input', 'output', 'cachedInput', 'cacheWrite', 'reasoning'] as const

function addPart(part: Part, { calls, costUsd, model }: Pick<BilledLine, 'calls' | 'costUsd' | 'model'>): void {
  part.lines += 1
  part.calls = plus(part.calls, calls)
  part.costUsd = plus(part.costUsd, costUsd)
  if (model !== undefined && part.models.size < 20) part.models.add(model)
}

/** A part of which nothing is known yet. */
export function noPart(): Part {
  return { lines: 0, calls: undefined, costUsd: undefined, models: new Set() }
}

function noAccount(): Account {
  return {
    outsideTime: noPart(),
    beyondTime: noPart(),
    namesNoModel: noPart(),
    neverTraced: noPart(),
    noTracedCall: noPart(),
    silent: noPart(),
    unpriced: noPart(),
    otherTokens: noPart(),
    otherPrice: noPart(),
    matched: { id: 0, 'time and tokens': 0, time: 0 },
    tokens: { billed: noTokens(), traced: noTokens() },
    buckets: new Map(),
  }
}
