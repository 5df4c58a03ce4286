import type { Share } from '../evidence.js'
import { entryOf } from '../keys.js'
import type { Trace } from '../trace.js'
import { type Fault, type Reason, reasons } from './conformance.js'
import type { MapStep } from './declared.js'
import { type RequestTrace, requestTraces } from './fragments.js'

/** A reason in all runs, with what was found instead, most frequent first. */
export interface ReasonCount {
  reason: Reason
  step: MapStep | undefined
  runs: number
  spans: number
  found: { found: string; spans: number }[]
}

/** Requests in several traces. `asRuns`: each of these traces is a run by itself, so that the request was traced twice or made again. */
export interface Fragments {
  requests: number
  asRuns: number
  traces: number
  /** Runs that carry a request id: of the others nobody can tell. */
  known: Share
  /** Request ids, at most ten. */
  examples: string[]
}

/** How many runs conform, and why the others do not. */
export interface Verdicts {
  runs: number
  conforming: Share
  reasons: ReasonCount[]
  fragments: Fragments
  /** The runs with the most reasons, at most ten. */
  worst: { traceId: string; reasons: Reason[] }[]
}

/** What is kept of a run until all are read: its reasons, one bit each in the order of the list, and how many spans they are about. */
interface Verdict extends RequestTrace {
  bits: number
  spans: number
}

const bitOf = (reason: Reason) => 1 << reasons.indexOf(reason)
const severalTraces = bitOf('several traces')
const mostExamples = 10

/** Judges runs; that a request has several traces is known at the end, and is then added to what was found before. */
export function verdictTally() {
  const counts = new Map<
    string,
    Omit<ReasonCount, 'found'> & { found: Map<string, { found: string; spans: number }> }
  >()
  const requests = requestTraces<Verdict>()
  const known = { x: 0, n: 0 }
  let conforming = 0
  let worst: Verdict[] = []

  const count = ({ reason, step, found, spans }: Fault, runs: number) => {
    const key = JSON.stringify([reason, step])
    const entry = counts.get(key) ?? { reason, step, runs: 0, spans: 0, found: new Map() }
    counts.set(key, entry)
    entry.runs += runs
    entry.spans += spans
    if (found !== undefined) entryOf(entry.found, found, (name) => ({ found: name, spans: 0 })).spans += spans
  }

  return {
    /** A trace that is no run by itself may be a part of one. */
    addOther(trace: Trace): void {
      requests.add(requestsOf(trace), { traceId: trace.traceId, isRun: false, bits: 0, spans: 0 })
    },
    addRun(trace: Trace, faults: readonly Fault[]): void {
      const verdict = { traceId: trace.traceId, isRun: true, bits: 0, spans: 0 }
      const counted = new Set<string>()
      for (const fault of faults) {
        const key = JSON.stringify([fault.reason, fault.step])
        count(fault, counted.has(key) ? 0 : 1)
        counted.add(key)
        verdict.bits |= bitOf(fault.reason)
        verdict.spans += fault.spans
      }
      known.n += 1
      const ids = requestsOf(trace)
      if (ids.size > 0) known.x += 1
      requests.add(ids, verdict)
      if (verdict.bits === 0) conforming += 1
      else worst.push(verdict)
      if (worst.length > 1000) worst = worstOf(worst)
    },
    result(): Verdicts {
      const split = requests.result()
      const runs = new Map(
        split.flatMap(({ traces }) => traces.filter(({ isRun }) => isRun).map((verdict) => [verdict.traceId, verdict])),
      )
      for (const { bits } of runs.values()) if (bits === 0) conforming -= 1
      for (const _ of runs) count({ reason: 'several traces', spans: 1 }, 1)
      const marked = [...runs.values()].map((verdict) => ({ ...verdict, bits: verdict.bits | severalTraces }))
      const others = worst.filter(({ traceId }) => !runs.has(traceId))
      return {
        runs: known.n,
        conforming: { x: conforming, n: known.n },
        reasons: [...counts.values()].map((entry) => ({ ...entry, found: mostFirst(entry.found) })).sort(byReason),
        fragments: {
          requests: split.length,
          asRuns: split.filter(({ traces }) => traces.every(({ isRun }) => isRun)).length,
          traces: new Set(split.flatMap(({ traces }) => traces.map(({ traceId }) => traceId))).size,
          known,
          examples: split.slice(0, mostExamples).map(({ request }) => request),
        },
        worst: worstOf([...others, ...marked]).map(({ traceId, bits }) => ({
          traceId,
          reasons: reasons.filter((reason) => bits & bitOf(reason)),
        })),
      }
    },
  }
}

function requestsOf({ spans }: Trace): Set<string> {
  return new Set(spans.flatMap(({ request }) => request ?? []))
}

/** The runs with the most reasons, then those with the most spans that they are about; by id where these are equal. */
function worstOf(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts
    .toSorted((a, b) => ones(b.bits) - ones(a.bits) || b.spans - a.spans || (a.traceId < b.traceId ? -1 : 1))
    .slice(0, mostExamples)
}

function ones(bits: number): number {
  return reasons.filter((_, index) => bits & (1 << index)).length
}

function mostFirst(found: ReadonlyMap<string, { found: string; spans: number }>): ReasonCount['found'] {
  return [...found.values()].sort((a, b) => b.spans - a.spans || (a.found < b.found ? -1 : 1)).slice(0, mostExamples)
}

function byReason(a: ReasonCount, b: ReasonCount): number {
  return reasons.indexOf(a.reason) - reasons.indexOf(b.reason) || b.runs - a.runs
}
