import { type EvalBounds, failsEval } from '../drill/failed-eval.js'
import type { Share } from '../evidence.js'
import { startOf } from '../select.js'
import type { Feedback, Score } from '../span.js'
import { newcombe } from '../stats/proportion.js'
import { type Shift, shiftBetween } from '../stats/shift.js'
import { sidesOf } from './quality-change.js'
import type { AskedRun } from './question.js'

/** One judgement before and after a change: a share that was good, or numbers. */
export type JudgedChange = { name: string } & (
  | { before: Share; after: Share; difference: { difference: number | undefined; low: number; high: number } }
  | { before: readonly number[]; after: readonly number[]; shift: Shift }
)

/** What the last change did to scores and feedback. */
export interface QualityOverall {
  /** `release`, or the name of a prompt, and the two values; undefined where nothing changed. */
  change: { what: string; before: string; after: string } | undefined
  /** Only what was judged on both sides. */
  judged: JudgedChange[]
}

/** By trace id or request: the releases and prompt versions of the runs that are judged. */
type SidesByRun = Map<string, readonly [what: string, value: string][]>

/** Collects, over runs that are added one by one, which side of each change they are on. */
export function qualityOverall(bounds: EvalBounds) {
  const sides: SidesByRun = new Map()
  const firstMs = new Map<string, Map<string, number>>()
  return {
    add(asked: AskedRun): void {
      const { trace } = asked.run
      const stated = sidesOf(asked)
      const startMs = startOf(trace)
      for (const [what, value] of stated) {
        const values = firstMs.get(what) ?? new Map<string, number>()
        if (firstMs.size < 1_000) firstMs.set(what, values)
        const known = Math.min(values.get(value) ?? Number.POSITIVE_INFINITY, startMs ?? Number.POSITIVE_INFINITY)
        if (values.size < 10_000) values.set(value, known)
      }
      if (!asked.isJudged) return
      sides.set(trace.traceId, stated)
      for (const { request } of trace.spans) if (request !== undefined) sides.set(request, stated)
    },
    result(scores: Iterable<Score>, feedback: Iterable<Feedback>): QualityOverall {
      const change = lastChange(firstMs)
      if (change === undefined) return { change, judged: [] }
      return { change, judged: judgedChanges(change, sides, [...judgementsOf(scores, bounds), ...thumbsOf(feedback)]) }
    },
  }
}

type Change = NonNullable<QualityOverall['change']>

/** The two newest releases, by when each was first seen; else the two newest versions of the prompt that changed last. */
function lastChange(firstMs: ReadonlyMap<string, ReadonlyMap<string, number>>): Change | undefined {
  const changes = [...firstMs].flatMap(([what, values]) => {
    const [after, before] = [...values].sort((a, b) => (a[1] === b[1] ? (a[0] < b[0] ? 1 : -1) : b[1] - a[1]))
    return after === undefined || before === undefined
      ? []
      : [{ what, before: before[0], after: after[0], ms: after[1] }]
  })
  const last = changes.find(({ what }) => what === 'release') ?? changes.sort((a, b) => b.ms - a.ms)[0]
  return last && { what: last.what, before: last.before, after: last.after }
}

interface Judgement {
  ids: (string | undefined)[]
  name: string
  isGood: boolean | undefined
  value: number | undefined
}

function* judgementsOf(scores: Iterable<Score>, bounds: EvalBounds): Generator<Judgement> {
  for (const score of scores) {
    const fails = failsEval(score, bounds)
    yield {
      ids: [score.traceId],
      name: `score ${score.name}`,
      isGood: fails === undefined ? undefined : !fails,
      value: score.value,
    }
  }
}

function* thumbsOf(feedback: Iterable<Feedback>): Generator<Judgement> {
  for (const { traceId, request, kind, name, value } of feedback) {
    if (value === undefined || (kind !== 'thumbs' && kind !== 'rating')) continue
    const isGood = kind === 'thumbs' ? value > 0 : undefined
    yield {
      ids: [traceId, request],
      name: kind === 'thumbs' || name === undefined ? kind : `${kind} ${name}`,
      isGood,
      value,
    }
  }
}

function judgedChanges(change: Change, sides: SidesByRun, judgements: readonly Judgement[]): JudgedChange[] {
  const byName = new Map<string, Record<'before' | 'after', Judgement[]>>()
  for (const judgement of judgements) {
    const id = judgement.ids.find((each) => each !== undefined && sides.has(each))
    const value = id === undefined ? undefined : sides.get(id)?.find(([what]) => what === change.what)?.[1]
    const side = value === change.before ? 'before' : value === change.after ? 'after' : undefined
    if (side === undefined) continue
    const entry = byName.get(judgement.name) ?? { before: [], after: [] }
    entry[side].push(judgement)
    byName.set(judgement.name, entry)
  }
  return [...byName].flatMap(([name, { before, after }]) => changeOf(name, before, after))
}

/** Good or bad where the judgement tells, else by its numbers; none where one side has nothing of it. */
function changeOf(name: string, before: readonly Judgement[], after: readonly Judgement[]): JudgedChange[] {
  const [was, is] = [goodOf(before), goodOf(after)]
  if (was.n > 0 && is.n > 0) return [{ name, before: was, after: is, difference: newcombe(is.x, is.n, was.x, was.n) }]
  const [old, young] = [valuesOf(before), valuesOf(after)]
  const shift = shiftBetween(young, old)
  return shift === undefined ? [] : [{ name, before: old, after: young, shift }]
}

function goodOf(judgements: readonly Judgement[]): Share {
  const told = judgements.filter(({ isGood }) => isGood !== undefined)
  return { x: told.filter(({ isGood }) => isGood).length, n: told.length }
}

function valuesOf(judgements: readonly Judgement[]): number[] {
  return judgements.flatMap(({ value }) => (value !== undefined && Number.isFinite(value) ? [value] : []))
}
