import type { Declared, PilotFacts } from './pilot-facts.js'
import { type Days, type PhaseId, phaseIds, phases } from './plan-phases.js'

/** One line of `pilot status`. */
interface PlanItem {
  id: PhaseId
  title: string
  days: Days
  /** First day of the phase, UTC: `2026-03-04`. */
  from: string
  /** Last day of the phase, UTC: `2026-03-06`. */
  due: string
  state: 'done' | 'due' | 'late' | 'later'
  /** Evidence that is not there yet. */
  missing: string[]
  /** The command that brings the first of it; undefined where no command can. */
  next: string | undefined
}

/** Where a pilot stands. */
export interface PlanStatus {
  /** 1 is `pilot.start`; below 1 before it, above `days` when the pilot is over. */
  day: number
  /** Days of the window. */
  days: number
  items: PlanItem[]
  /** What is due again, in words. */
  reminders: string[]
  /** The one command that helps most. */
  next: string
}

const dayMs = 86_400_000

/** Where the pilot stands in its plan, and the one command that helps most: the first missing evidence of the first open phase. */
export function planStatus(
  { declared, ranges, facts }: { declared: Declared; ranges: Partial<Record<PhaseId, Days>>; facts: PilotFacts },
  nowMs: number,
): PlanStatus {
  const startMs = Date.parse(declared.pilot.start)
  const length = Math.round((Date.parse(declared.pilot.end) - startMs) / dayMs) + 1
  const today = Math.floor((nowMs - startMs) / dayMs) + 1
  const items = phaseIds.map((id): PlanItem => {
    const { title, evidence } = phases[id]
    const days = ranges[id] ?? squeezed(id, length)
    const open = evidence.filter(({ isThere }) => !isThere(declared, facts))
    return {
      id,
      title,
      days,
      from: dayOf(startMs, days.min),
      due: dayOf(startMs, days.max),
      state: open.length === 0 ? 'done' : today > days.max ? 'late' : today >= days.min ? 'due' : 'later',
      missing: open.map(({ what }) => what),
      next: open.find(({ next }) => next !== undefined)?.next,
    }
  })
  return {
    day: today,
    days: length,
    items,
    reminders: facts.spans > 0 && today >= 1 && today <= length ? drillReminder(facts.drills, nowMs) : [],
    next: items.find(({ next }) => next !== undefined)?.next ?? 'pilot scorecard',
  }
}

/** A drill is due every week. */
function drillReminder({ lastMs }: PilotFacts['drills'], nowMs: number): string[] {
  if (lastMs === undefined) return ['Weekly drill: none yet. pilot drill new, then pilot drill start']
  const since = Math.floor((nowMs - lastMs) / dayMs)
  if (since < 7) return []
  const day = new Date(lastMs).toISOString().slice(0, 10)
  return [`Weekly drill: the last was on ${day}, ${since} days ago. pilot drill new, then pilot drill start`]
}

/** The UTC day with this number, counted from 1. */
function dayOf(startMs: number, day: number): string {
  return new Date(startMs + (day - 1) * dayMs).toISOString().slice(0, 10)
}

/** The days of a phase in a window of `length` days: four weeks shrink to fit; a longer window only moves the decision back. */
function squeezed(id: PhaseId, length: number): Days {
  const { min, max } = phases[id].days
  if (id === 'decision' && length > 28) return { min: length - 6, max: length }
  const scale = Math.min(1, length / 28)
  return { min: Math.floor((min - 1) * scale) + 1, max: Math.max(1, Math.ceil(max * scale)) }
}
