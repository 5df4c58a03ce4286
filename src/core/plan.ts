import type { Declared, PilotFacts } from './pilot-facts.js'

export const phaseIds = ['criteria', 'tracing', 'evals', 'release', 'decision'] as const
type PhaseId = (typeof phaseIds)[number]

/** Days of the pilot, both included; day 1 is `pilot.start`. */
interface Days {
  min: number
  max: number
}

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

/** Evidence that a phase has to leave behind. */
interface Evidence {
  what: string
  next?: string
  isThere(declared: Declared, facts: PilotFacts): boolean
}

interface Phase {
  title: string
  /** In a pilot of four weeks. */
  days: Days
  evidence: readonly Evidence[]
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

const inLaterVersion = () => false

const phases: Readonly<Record<PhaseId, Phase>> = {
  criteria: {
    title: 'Criteria, workflow and map',
    days: { min: 1, max: 2 },
    evidence: [
      {
        what: 'workflow entry, destination, existing logs and map in pilot.yaml',
        next: 'pilot check',
        isThere: ({ workflow }) => isDocumented(workflow),
      },
      {
        what: 'privacy rules in pilot.yaml',
        next: 'pilot check',
        isThere: ({ capture }) => Boolean(capture.privacy?.length),
      },
      { what: 'locked criteria', next: 'pilot lock', isThere: (_, { lock }) => lock !== 'unlocked' },
    ],
  },
  tracing: {
    title: 'Tracing, prompt metadata, cost and latency',
    days: { min: 3, max: 5 },
    evidence: [
      { what: 'security sign-off', next: 'pilot check', isThere: ({ security }) => security.sign_off !== undefined },
      {
        what: 'traces of every candidate',
        next: 'pilot ingest <export>',
        isThere: (_, { emptyCandidates }) => emptyCandidates.length === 0,
      },
      {
        what: 'the request log',
        next: 'pilot ingest <requests> --as requests',
        isThere: (_, { requests }) => requests !== undefined,
      },
      {
        what: 'prompt versions in the traces',
        next: 'pilot capture',
        isThere: (_, { promptVersions }) => promptVersions > 0,
      },
      { what: 'runs with a known cost', next: 'pilot cost', isThere: (_, { pricedRuns }) => pricedRuns > 0 },
    ],
  },
  evals: {
    title: 'Evals, prompt versions, drills on real examples',
    days: { min: 8, max: 14 },
    evidence: [
      { what: 'eval scores on runs', next: 'pilot ingest <export>', isThere: (_, { scores }) => scores > 0 },
      {
        what: 'a second prompt version',
        next: 'pilot ingest <export>',
        isThere: (_, { promptVersions }) => promptVersions > 1,
      },
      { what: 'timed drills', next: 'pilot drill new', isThere: (_, { drills }) => drills.attempts > 0 },
    ],
  },
  release: {
    title: 'Release workflow, access, overhead',
    days: { min: 15, max: 21 },
    evidence: [
      { what: 'two releases in the traces', next: 'pilot ingest <export>', isThere: (_, { releases }) => releases > 1 },
      {
        what: 'answers to the security questions',
        next: 'pilot check',
        isThere: ({ security }) => areAnswered(security),
      },
      { what: 'overhead and outage (measured outside pilot in this version)', isThere: inLaterVersion },
    ],
  },
  decision: {
    title: 'Scorecard and decision',
    days: { min: 22, max: 28 },
    evidence: [
      {
        what: 'the wanted volume of production requests',
        next: 'pilot coverage',
        isThere: ({ workflow }, { requests }) => (requests?.production ?? 0) >= workflow.volume.min,
      },
      {
        what: 'a verdict on every must',
        next: 'pilot scorecard',
        isThere: (_, { openMusts }) => openMusts.length === 0,
      },
    ],
  },
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

function isDocumented({ entry, destination, existing_logs, map }: Declared['workflow']): boolean {
  return entry !== undefined && destination !== undefined && Boolean(existing_logs?.length) && Boolean(map?.length)
}

function areAnswered({ questions = [] }: Declared['security']): boolean {
  return questions.length > 0 && questions.every(({ answer }) => answer !== undefined)
}
