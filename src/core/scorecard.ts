import type { PlatformAnswers } from './ask/standing.js'
import { type Closing, closingOf, type Review } from './closing.js'
import { type Criterion, type MeasureContext, type ReviewLine, reviewLines } from './criterion.js'
import { type Decision, decide } from './decision.js'
import { PilotError } from './errors.js'
import type { Evidence } from './evidence.js'
import { type Finding, findingsOf } from './findings.js'
import type { TermChange } from './lock.js'
import type { Measurement, Target, Unit } from './measurement.js'
import { type Meeting, meetingOf } from './meeting.js'
import { type SecurityReview, securityReview } from './security/review.js'
import { type Judgement, judge } from './verdict.js'

/** A change of one criterion after the lock. */
export interface Amendment {
  criterion: string
  /** As it was locked; undefined when the criterion was added later. */
  before: { target: Target; must: boolean } | undefined
  /** Undefined: amended without reason. */
  reason: string | undefined
}

export interface ScorecardInput {
  pilot: {
    name: string
    /** UTC days, `2026-03-02`; the pilot ends with the last moment of `end`. */
    start: string
    end: string
    candidates: readonly string[]
    baseline?: string
  }
  /** From the config; whatever of the catalogue is not here is shown without a verdict. */
  criteria: readonly { id: string; target: Target; must: boolean }[]
  catalogue: readonly Criterion[]
  /** `workflow.volume.min`: the n from which "no exception" means something. */
  minimumN: number
  evidence: readonly Evidence[]
  context: Omit<MeasureContext, 'nowMs'>
  /** `changes` are all terms that are not as they were locked; `amendments` those of them that are criteria. */
  /** What pilot.yaml says of the meeting, and of security. */
  review: Review
  security: Pick<SecurityReview, 'sign_off'>
  lock: { lockedAtMs: number | undefined; changes: readonly TermChange[]; amendments: readonly Amendment[] }
  nowMs: number
}

/** One criterion on one platform. */
export interface Cell {
  platform: string
  measurement: Measurement
  /** Undefined for a line that is not a criterion of this pilot. */
  judgement: Judgement | undefined
}

export interface Row {
  id: string
  title: string
  line: ReviewLine
  unit: Unit
  /** Undefined for a line that is not a criterion of this pilot: its measurements inform, they decide nothing. */
  target: Target | undefined
  must: boolean
  /** The command line that prints the numbers behind it. */
  query: string | undefined
  /** One per platform, candidates first. */
  cells: Cell[]
}

/** What an amended criterion would say as it was locked. */
interface Amended extends Amendment {
  title: string
  unit: Unit
  /** As it is today; undefined when it was taken out. */
  after: { target: Target; must: boolean } | undefined
  verdicts: { platform: string; before: Judgement | undefined; after: Judgement | undefined }[]
}

/** All that a scorecard shows, as data: every report is made from this. */
export interface Scorecard {
  pilot: { name: string; start: string; end: string; lockedAtMs: number | undefined }
  madeAtMs: number
  /** False before the pilot's last day is over: everything is "so far". */
  final: boolean
  platforms: { id: string; role: Evidence['role'] }[]
  lines: { line: ReviewLine; rows: Row[] }[]
  amended: Amended[]
  /** Windows, volumes, matches and required fields that are not as they were locked. */
  changedTerms: TermChange[]
  /** How far the production questions can be answered, by platform. */
  questions: PlatformAnswers[]
  findings: { platform: string; findings: Finding[] }[]
  meeting: Meeting[]
  /** One per candidate; the baseline has none. */
  decisions: Decision[]
  closings: Closing[]
  review: Review
  /** Undefined for an audience that has no use for it. */
  security: SecurityReview | undefined
  /** What detectors found, by rule. */
  leaks: { platform: string; rule: string; spans: number }[]
  sources: ({ platform: string } & Evidence['sources'][number])[]
  /** What was taken out for good: every figure is of what is left. */
  purged: ({ platform: string } & Evidence['purged'][number])[]
  /** 1 if the pilot is over and a candidate is rejected. */
  exitCode: 0 | 1
}

const dayMs = 86_400_000

/** The scorecard of a pilot. Throws `PilotError` if no criterion is a must, since then every candidate would be adopted. */
export function assembleScorecard(input: ScorecardInput): Scorecard {
  const { pilot, evidence, nowMs, lock } = input
  const platforms = platformsOf(pilot)
  const rows = input.catalogue.map((criterion) => rowOf(criterion, platforms, input))
  if (!rows.some(({ must }) => must)) {
    throw new PilotError('pilot.yaml: criteria: none is a must.', { hint: 'Set must: true on each that decides.' })
  }
  const known = evidence.filter(({ platform }) => platforms.some(({ id }) => id === platform))
  const decisions = pilot.candidates.map((candidate) => decide(candidate, mustsOf(candidate, rows)))
  const final = nowMs >= Date.parse(pilot.end) + dayMs
  return {
    pilot: { name: pilot.name, start: pilot.start, end: pilot.end, lockedAtMs: lock.lockedAtMs },
    madeAtMs: nowMs,
    final,
    platforms,
    lines: reviewLines.map((line) => ({ line, rows: rows.filter((row) => row.line === line) })),
    amended: lock.amendments.flatMap((amendment) => amendedOf(amendment, rows, input.minimumN)),
    changedTerms: lock.changes.filter(({ id }) => !id.startsWith('criteria.')),
    questions: known.map(({ platform, role, tally, questions }) => ({ platform, role, runs: tally.runs, questions })),
    findings: known.map((each) => ({ platform: each.platform, findings: findingsOf(each) })),
    meeting: known.map(meetingOf),
    decisions,
    closings: decisions.map((decision) => closingOf(decision, rows)),
    review: input.review,
    security: securityReview(input.security.sign_off, known, nowMs),
    leaks: known.flatMap(({ platform, found }) => found.map(({ rule, spans }) => ({ platform, rule, spans }))),
    sources: known.flatMap(({ platform, sources }) => sources.map((source) => ({ platform, ...source }))),
    purged: known.flatMap(({ platform, purged }) => purged.map((each) => ({ platform, ...each }))),
    exitCode: final && decisions.some(({ decision }) => decision === 'reject') ? 1 : 0,
  }
}

function platformsOf({ candidates, baseline }: ScorecardInput['pilot']): Scorecard['platforms'] {
  const candidateRoles = candidates.map((id) => ({ id, role: 'candidate' as const }))
  return baseline === undefined ? candidateRoles : [...candidateRoles, { id: baseline, role: 'baseline' }]
}

function rowOf(criterion: Criterion, platforms: Scorecard['platforms'], input: ScorecardInput): Row {
  const { id, title, line, unit, query } = criterion
  const asked = input.criteria.find((one) => one.id === id)
  const cells = platforms.map((platform) => {
    const measurement = measureOn(platform.id, criterion, input)
    const judgement = asked && judge(measurement, asked.target, input.minimumN)
    return { platform: platform.id, measurement, judgement }
  })
  return { id, title, line, unit, target: asked?.target, must: asked?.must ?? false, query, cells }
}

function measureOn(platform: string, criterion: Criterion, { evidence, context, nowMs }: ScorecardInput): Measurement {
  const own = evidence.find((one) => one.platform === platform)
  if (own !== undefined) return criterion.measure(own, { ...context, nowMs })
  const next = `pilot ingest <export> --platform ${platform}`
  return { measured: false, reason: `Nothing of ${platform} was ingested.`, next }
}

function mustsOf(platform: string, rows: readonly Row[]) {
  return rows
    .filter(({ must }) => must)
    .map(({ id, cells }) => {
      const cell = cells.find((one) => one.platform === platform)
      return { id, verdict: cell?.judgement?.verdict ?? 'not measured' }
    })
}

function amendedOf(amendment: Amendment, rows: readonly Row[], minimumN: number): Amended[] {
  const row = rows.find(({ id }) => id === amendment.criterion)
  if (row === undefined) return []
  const verdicts = row.cells.map(({ platform, measurement, judgement }) => {
    const before = amendment.before && judge(measurement, amendment.before.target, minimumN)
    return { platform, before, after: judgement }
  })
  const after = row.target && { target: row.target, must: row.must }
  return [{ ...amendment, title: row.title, unit: row.unit, after, verdicts }]
}
