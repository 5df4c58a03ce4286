import { durationText } from './duration.js'

/** What is fixed before the data: the criteria, and whatever a verdict would move with. Targets as text, with their unit. */
export interface Terms {
  criteria: readonly { id: string; target: string; must: boolean }[]
  /** UTC days, both included. */
  window: { start: string; end: string }
  /** How far a trace may begin from the time of its request, in milliseconds. */
  late_after_ms: number
  volume: { min: number; max: number }
  match: Readonly<Record<string, string | undefined>>
  /** When a run is a completed task, by key; absent while it is as pilot proposes it. */
  completed?: Readonly<Record<string, string>> | undefined
  /** Fields that `required-fields` asks for, by kind of span. */
  required: Readonly<Record<string, readonly string[] | undefined>>
  /** What a diagnosis depends on; absent while it is as pilot proposes it. */
  drills?: { timebox_ms: number; test: string; required: readonly string[] } | undefined
  /** How soon a version of a prompt has to show, in milliseconds; absent while it is as pilot proposes it. */
  prompts?: { within_ms: number } | undefined
  /** How much is run to measure overhead; absent while pilot.yaml states no such probe. */
  overhead?: { pairs: number; requests: number; concurrency: readonly number[] } | undefined
  /** What the application is held to while the platform is out, by key; absent while pilot.yaml states no such probe. */
  outage?: Readonly<Record<string, string>> | undefined
  /** What a new version may lose, as a share, absent while it is as pilot proposes it; and a hash of each gating check by `suite/check`. */
  evals?: { margin?: number | undefined; checks: Readonly<Record<string, string>> } | undefined
}

/** The terms as they were locked, and every change that was recorded with its reason, oldest first. */
interface LockRecord {
  terms: Terms
  amendments: readonly { reason: string; terms: Terms }[]
}

/** One term that is not as it was locked. */
export interface TermChange {
  /** `criteria.debug-time`, `window`, `match.root` … */
  id: string
  /** Undefined: it was added. */
  was: string | undefined
  /** Undefined: it was taken out. */
  now: string | undefined
  /** Undefined: nobody gave one. */
  reason: string | undefined
}

export type LockStatus = 'unlocked' | 'locked' | 'amended' | 'amended without reason'

/** How the terms of today differ from those that were locked. */
export function compareTerms(lock: LockRecord, today: Terms): { status: LockStatus; changes: TermChange[] } {
  const locked = linesOf(lock.terms)
  const now = linesOf(today)
  const history = lock.amendments.map(({ reason, terms }) => ({ reason, lines: linesOf(terms) }))
  const changes = [...new Set([...locked.keys(), ...now.keys()])]
    .filter((id) => locked.get(id) !== now.get(id))
    .map((id) => ({ id, was: locked.get(id), now: now.get(id), reason: reasonFor(id, now.get(id), history) }))
  if (changes.length === 0) return { status: 'locked', changes }
  return { status: changes.some(({ reason }) => reason === undefined) ? 'amended without reason' : 'amended', changes }
}

/** The reason of the amendment that gave a term its value of today; of several in a row that agree, the first. */
function reasonFor(
  id: string,
  now: string | undefined,
  history: readonly { reason: string; lines: Map<string, string> }[],
) {
  const other = history.findLastIndex(({ lines }) => lines.get(id) !== now)
  return history[other + 1]?.reason
}

/** Every term under its name, as a text that can be compared and shown. */
function linesOf(terms: Terms): Map<string, string> {
  const {
    criteria,
    window,
    late_after_ms,
    volume,
    match,
    completed,
    required,
    drills,
    prompts,
    overhead,
    outage,
    evals,
  } = terms
  return new Map([
    ...criteria.map(({ id, target, must }): [string, string] => [`criteria.${id}`, must ? `${target}, must` : target]),
    ['window', `${window.start} to ${window.end}`],
    ['coverage.late_after', `${late_after_ms} ms`],
    ['workflow.volume', `${volume.min} to ${volume.max}`],
    ['drills', drills === undefined ? 'as proposed' : drillLine(drills)],
    ['prompts.within', prompts === undefined ? 'as proposed' : durationText(prompts.within_ms)],
    ...(overhead === undefined ? [] : [overheadLine(overhead)]),
    ...stated(outage ?? {}).map(([key, value]): [string, string] => [`probes.outage.${key}`, value]),
    ['evals.margin', evals?.margin === undefined ? 'as proposed' : `${Number((evals.margin * 100).toFixed(6))} %`],
    ...stated(evals?.checks ?? {}).map(([name, hash]): [string, string] => [`evals.${name}`, `settings ${hash}`]),
    ...stated(match).map(([key, value]): [string, string] => [`workflow.match.${key}`, value]),
    ...stated(completed ?? {}).map(([key, value]): [string, string] => [`workflow.completed.${key}`, value]),
    ...stated(required).map(([kind, fields]): [string, string] => [
      `capture.required.${kind}`,
      fields.toSorted().join(', '),
    ]),
  ])
}

function drillLine({ timebox_ms, test, required }: NonNullable<Terms['drills']>): string {
  return `time-box ${timebox_ms / 60_000} min, ${test}, required ${required.toSorted().join(', ')}`
}

function overheadLine({ pairs, requests, concurrency }: NonNullable<Terms['overhead']>): [string, string] {
  return ['probes.overhead', `${pairs} pairs of ${requests} requests at concurrency ${concurrency.join(', ')}`]
}

function stated<T>(record: Readonly<Record<string, T | undefined>>): [string, T][] {
  return Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as [string, T]]))
}
