import { type AttemptEvent, type AttemptOutcome, attemptEvents, attemptOutcomes } from '../core/drill/attempt.js'
import { questions } from '../core/drill/questions.js'
import { type OtherTool, otherTools } from '../core/other-tools.js'
import type { Json } from '../core/span.js'
import { missing } from './requests.js'
import { type Columns, cell, isRow, type Row, textCell } from './row.js'
import { msOfMoment } from './time.js'

/** Our field of an attempt that was timed by hand → the names under which sheets keep it, first match wins. */
export const attemptColumns = {
  id: ['attempt', 'attempt_id', 'id'],
  arm: ['arm', 'platform', 'tool', 'group'],
  minutes: ['minutes', 'time_minutes', 'minutes_to_diagnose', 'duration_minutes'],
  diagnosed: ['diagnosed', 'is_diagnosed', 'event'],
  outcome: ['outcome', 'result'],
  timebox_minutes: ['timebox_minutes', 'timebox'],
  drill: ['drill'],
  incident: ['incident', 'request_id', 'request'],
  engineer: ['engineer', 'alias', 'who'],
  time: ['time', 'start', 'date', 'started_at'],
  tools: ['tools', 'other_tools', 'opened'],
} as const

const minuteMs = 60_000

/** One event of a journal, or one attempt that was timed by hand; or what is wrong with the row. `place` tells rows without an id apart. */
export function readAttempt(row: Row, columns: Columns, place: (content: string) => string): AttemptEvent | string {
  const isJournal = typeof row.attempt === 'string' && typeof row.seq === 'number'
  return isJournal ? readEvent(row) : readStated(row, columns, place)
}

function readEvent(row: Row): AttemptEvent | string {
  const event = attemptEvents.find((known) => known === row.event)
  if (event === undefined) return `the event is none of ${attemptEvents.join(', ')}`
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : undefined)
  const amount = (name: string) => (typeof row[name] === 'number' && row[name] >= 0 ? row[name] : undefined)
  const [arm, elapsedMs] = [text('arm'), amount('elapsedMs')]
  if (arm === undefined) return 'no arm: expected the id of a platform'
  if (elapsedMs === undefined) return 'no elapsedMs: expected milliseconds'
  const outcome = attemptOutcomes.find((known) => known === row.outcome)
  if ((event === 'end' || event === 'stated') && outcome === undefined)
    return `the outcome is none of ${attemptOutcomes.join(', ')}`
  if (event === 'answer' && (text('question') === undefined || !Array.isArray(row.answer)))
    return 'an answer needs its question and a list of texts'
  return {
    attempt: String(row.attempt),
    seq: Number(row.seq),
    event,
    drill: text('drill'),
    incident: text('incident'),
    arm,
    engineer: text('engineer'),
    atMs: amount('atMs'),
    elapsedMs,
    question: text('question'),
    answer: Array.isArray(row.answer) ? row.answer.map(String) : undefined,
    tools: Array.isArray(row.tools) ? toolsIn(row.tools.map(String)) : undefined,
    outcome,
    isDiagnosed: event === 'stated' && typeof row.isDiagnosed === 'boolean' ? row.isDiagnosed : undefined,
    timeboxMs: event === 'stated' ? amount('timeboxMs') : undefined,
    answers: event === 'stated' ? answersIn(row) : undefined,
  }
}

function readStated(row: Row, columns: Columns, place: (content: string) => string): AttemptEvent | string {
  const text = (field: keyof typeof attemptColumns) => textCell(row, field, columns, attemptColumns[field])?.trim()
  const arm = text('arm')
  if (arm === undefined) return missing('arm', columns, attemptColumns.arm)
  const written = text('minutes')
  if (written === undefined) return missing('minutes', columns, attemptColumns.minutes)
  const [, digits, plus] = /^(\d{1,6}(?:\.\d+)?)\s*(\+?)$/.exec(written) ?? []
  if (digits === undefined)
    return 'the minutes are no number such as 12.5, or 90+ for an attempt that the time-box ended'
  const answers = answersIn(row)
  const ended = plus === '+' ? { outcome: 'time-box' as const } : outcomeOf(text('outcome'), text('diagnosed'), answers)
  if (typeof ended === 'string') return ended
  const elapsedMs = Number(digits) * minuteMs
  const timebox = Number(text('timebox_minutes') ?? (plus === '+' ? digits : Number.NaN))
  const time = cell(row, 'time', columns, attemptColumns.time)
  return {
    attempt: text('id') ?? place(JSON.stringify(row)),
    seq: 0,
    event: 'stated',
    drill: text('drill'),
    incident: text('incident'),
    arm,
    engineer: text('engineer'),
    atMs: time === undefined ? undefined : msOfMoment(time),
    elapsedMs,
    ...ended,
    timeboxMs: Number.isFinite(timebox) ? timebox * minuteMs : undefined,
    answers,
    tools: statedTools(row, text('tools')),
  }
}

type Ended = Pick<AttemptEvent, 'outcome' | 'isDiagnosed'>

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
}

/** How an attempt ended: as it says, else as its answers and the key will tell. */
function outcomeOf(
  outcome: string | undefined,
  diagnosed: string | undefined,
  answers: AttemptEvent['answers'],
): Ended | string {
  const word = outcome?.toLowerCase()
  if (word === 'diagnosed') return { outcome: 'answered', isDiagnosed: true }
  if (word === 'wrong') return { outcome: 'answered', isDiagnosed: false }
  const known = attemptOutcomes.find((one) => one === word)
  if (word !== undefined && known === undefined)
    return `the outcome is none of diagnosed, wrong, ${attemptOutcomes.slice(1).join(', ')}`
  if (diagnosed !== undefined) {
    const isDiagnosed = Object.hasOwn(truths, diagnosed.toLowerCase()) ? truths[diagnosed.toLowerCase()] : undefined
    if (isDiagnosed === undefined) return 'diagnosed is neither yes nor no'
    const otherwise: AttemptOutcome = known ?? 'answered'
    return { outcome: isDiagnosed ? 'answered' : otherwise, isDiagnosed }
  }
  if (known !== undefined && known !== 'answered') return { outcome: known }
  if (Object.keys(answers ?? {}).length > 0) return { outcome: 'answered' }
  return 'nothing says whether it was a diagnosis: expected a column diagnosed or outcome, or answers'
}

/** Answers under `answers`, or in columns that are called like the questions. */
function answersIn(row: Row): Record<string, string[]> {
  const nested = row.answers !== undefined && isRow(row.answers) ? Object.entries(row.answers) : []
  const flat = questions.flatMap(({ id }) => (row[id] === undefined ? [] : [[id, row[id]] as const]))
  const answers = [...flat, ...nested].map(([id, value]) => [id, listIn(value) ?? partsOf(value)] as const)
  return Object.fromEntries(answers.filter(([, answer]) => answer.length > 0))
}

function listIn(value: Json | undefined): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined
}

function partsOf(value: Json): string[] {
  return value === null || typeof value === 'object'
    ? []
    : String(value)
        .split(/[,;]/)
        .map((part) => part.trim())
        .filter(Boolean)
}

/** Undefined where nobody said anything of other tools. */
function statedTools(row: Row, written: string | undefined): OtherTool[] | undefined {
  const names = listIn(row.tools) ?? written?.split(/[,;]/)
  return names && toolsIn(names)
}

function toolsIn(names: readonly string[]): OtherTool[] {
  const found = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '' && name !== 'none')
  return [...new Set(found.map((name) => otherTools.find((tool) => tool === name) ?? 'other'))]
}
