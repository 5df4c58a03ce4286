import { parseHours, parseMinutes } from '../core/amount.js'
import { activities, type LogEntry, type LogKind, logKinds } from '../core/log-entry.js'
import { otherTools } from '../core/other-tools.js'
import { taskScripts } from '../core/personas.js'
import type { Json } from '../core/span.js'
import { readFlag } from './flag.js'
import { gitCells, readGitWork } from './log-git.js'
import { answerCells, readAccess, readSecurity } from './log-security.js'
import { missing } from './requests.js'
import { type Columns, cell, type Row, textCell, valueAt } from './row.js'
import { msOfMoment } from './time.js'

/** Our field of a log entry → the names under which logs and time sheets keep it, first match wins. */
export const logColumns = {
  id: ['id', 'entry_id', 'entryId'],
  kind: ['kind', 'type'],
  time: ['time', 'timestamp', 'ts', 'date', 'day', 'created_at', 'createdAt'],
  platform: ['platform'],
  engineer: ['engineer', 'alias', 'by', 'user', 'reviewer'],
  hours: ['hours', 'effort_hours', 'effortHours'],
  activity: ['activity', 'category'],
  task: ['task', 'task_id', 'taskId'],
  done: ['done', 'completed', 'success'],
  minutes: ['minutes', 'duration_minutes', 'durationMinutes'],
  needed_help: ['needed_help', 'neededHelp'],
  needed_raw_text: ['needed_raw_text', 'neededRawText'],
  opened: ['opened', 'other_tools', 'otherTools'],
  question: ['question', 'question_id', 'questionId'],
  answer: ['answer'],
  role: ['role'],
  right: ['right', 'permission'],
  allowed: ['allowed'],
  evidence: ['evidence', 'proof'],
  until: ['until', 'valid_until', 'validUntil'],
  note: ['note', 'comment', 'for', 'purpose'],
} as const

type Field = keyof typeof logColumns

/** Reads one field of a row as text, and says what is wrong where it has none. */
export interface Fields {
  text(field: Field): string | undefined
  missing(field: Field): string
  raw(field: Field): Json | undefined
}

/** One entry of the log from one row, or what is wrong with the row. */
export function readLogEntry(row: Row, columns: Columns): LogEntry | string {
  const fields: Fields = {
    text: (field) => textCell(row, field, columns, logColumns[field]),
    missing: (field) => missing(field, columns, logColumns[field]),
    raw: (field) =>
      columns[field] === undefined
        ? logColumns[field].map((name) => valueAt(row, name)).find((value) => value !== undefined)
        : valueAt(row, columns[field]),
  }
  const time = cell(row, 'time', columns, logColumns.time)
  if (time === undefined) return fields.missing('time')
  const timeMs = msOfMoment(time)
  if (timeMs === undefined) return 'the time is neither ISO 8601 nor an epoch number'
  const kind = kindOf(row, fields)
  if (kind === undefined)
    return fields.text('kind') === undefined
      ? `no kind: expected a column kind with ${logKinds.join(', ')}`
      : `the kind is none of ${logKinds.join(', ')}`
  const engineer = fields.text('engineer')
  if (engineer === undefined && (kind === 'task' || kind === 'usage')) return fields.missing('engineer')
  const work = readers[kind](fields, row)
  if (typeof work === 'string') return work
  return {
    id: fields.text('id'),
    platform: fields.text('platform'),
    timeMs,
    engineer,
    note: fields.text('note'),
    work,
  }
}

/** As it says, else told by the column that only one kind has. */
function kindOf(row: Row, { text }: Fields): LogKind | undefined {
  const named = text('kind')?.toLowerCase()
  if (named !== undefined) return logKinds.find((known) => known === named)
  if (text('task') !== undefined) return 'task'
  if (text('question') !== undefined) return 'security'
  if (text('right') !== undefined) return 'access'
  return text('hours') !== undefined || isGit(row) ? 'effort' : undefined
}

const isGit = (row: Row): boolean => typeof row.git === 'object' && row.git !== null

const readers: Record<LogKind, (fields: Fields, row: Row) => LogEntry['work'] | string> = {
  effort: (fields, row) => (isGit(row) ? readGitWork(row.git!) : readEffort(fields)), // isGit has looked
  task: readTask,
  usage: readUsage,
  security: readSecurity,
  access: readAccess,
}

function readEffort({ text, missing }: Fields): LogEntry['work'] | string {
  const written = text('hours')
  if (written === undefined) return missing('hours')
  const hours = parseHours(written)
  if (typeof hours === 'string') return `the hours are no number of them: ${hours}`
  const named = text('activity')?.toLowerCase()
  if (named === undefined) return `no activity: expected one of ${activities.join(', ')}`
  const activity = activities.find((known) => known === named)
  return activity === undefined
    ? `the activity is none of ${activities.join(', ')}`
    : { kind: 'effort', hours, activity }
}

function readTask({ text, missing, raw }: Fields): LogEntry['work'] | string {
  const task = text('task')
  if (task === undefined) return missing('task')
  if (!taskScripts.some(({ id }) => id === task)) return 'the task is none of pilot log task --list'
  const done = readFlag(text('done'))
  if (done === undefined) return text('done') === undefined ? missing('done') : 'done is neither true nor false'
  const written = text('minutes')
  if (written === undefined) return missing('minutes')
  const minutes = parseMinutes(written)
  if (typeof minutes === 'string') return `the minutes are no number of them: ${minutes}`
  const opened = toolsIn(raw('opened'))
  if (typeof opened === 'string') return opened
  const [neededHelp, neededRawText] = [
    readFlag(text('needed_help') ?? 'false'),
    readFlag(text('needed_raw_text') ?? 'false'),
  ]
  if (neededHelp === undefined || neededRawText === undefined)
    return 'needed_help and needed_raw_text are true or false'
  return { kind: 'task', task, done, minutes, neededHelp, neededRawText, opened }
}

function readUsage({ text }: Fields): LogEntry['work'] | string {
  const written = text('minutes')
  if (written === undefined) return { kind: 'usage' }
  const minutes = parseMinutes(written)
  return typeof minutes === 'string' ? `the minutes are no number of them: ${minutes}` : { kind: 'usage', minutes }
}

/** A list, or a text with commas, semicolons or spaces between them; each once, in the order of the catalogue. */
function toolsIn(value: Json | undefined): (typeof otherTools)[number][] | string {
  const words = Array.isArray(value) ? value.map(String) : String(value ?? '').split(/[,;\s]+/)
  const named = words.map((word) => word.trim().toLowerCase()).filter((word) => word !== '')
  const unknown = named.some((word) => !otherTools.some((tool) => tool === word))
  return unknown
    ? `the other tools opened are none of ${otherTools.join(', ')}`
    : otherTools.filter((tool) => named.includes(tool))
}

/** The row that an entry is written as, one JSON object per line; `readLogEntry` reads the same entry from it. */
export function logRow({ id, platform, timeMs, engineer, note, work }: LogEntry): { [key: string]: Json } {
  const row: { [key: string]: Json | undefined } = {
    id,
    kind: work.kind,
    platform,
    time: new Date(timeMs).toISOString(),
    engineer,
    ...workCells(work),
    note,
  }
  return Object.fromEntries(Object.entries(row).filter((entry): entry is [string, Json] => entry[1] !== undefined))
}

function workCells(work: LogEntry['work']): { [key: string]: Json | undefined } {
  if (work.kind === 'security' || work.kind === 'access') return answerCells(work)
  if (work.kind === 'usage') return { minutes: work.minutes }
  if (work.kind === 'task') {
    const { task, done, minutes, neededHelp, neededRawText, opened } = work
    return { task, done, minutes, needed_help: neededHelp, needed_raw_text: neededRawText, opened }
  }
  return 'git' in work ? { git: gitCells(work.git) } : { hours: work.hours, activity: work.activity }
}
