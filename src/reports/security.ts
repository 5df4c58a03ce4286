import type { AccessWork, SecurityWork } from '../core/log-entry.js'
import {
  type AccessAnswer,
  type AccessRow,
  accessRights,
  type SecurityAnswer,
  type Worksheet,
  type WorksheetRow,
} from '../core/security/worksheet.js'
import { formatDay, formatTime, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

type Sheet = { platform: string } & Worksheet

/** The worksheet of each platform: every question with its answer, what is open and why, and who may do what. */
export function formatWorksheets(sheets: readonly Sheet[], options: TerminalOptions): string {
  const sections = sheets.flatMap((sheet) => [questionSection(sheet), accessSection(sheet)])
  return sections
    .filter(({ table }) => table?.rows.length !== 0)
    .map((section) => formatSection(section, options).join('\n'))
    .join('\n\n')
}

function questionSection({ platform, rows, unknown }: Sheet): Section {
  const answered = rows.filter(({ state }) => state === 'answered').length
  return {
    title: `Security review of ${platform}: ${answered} of ${rows.length} answered`,
    table: {
      head: ['question', 'state', 'answer', 'evidence', 'by', 'date', 'until'],
      align: 'lllllrr',
      rows: rows.map(({ id, state, answer }) => [
        ...[id, state, answer?.answer ?? nothing, answer?.evidence ?? nothing, answer?.reviewer ?? nothing],
        ...[answer?.timeMs === undefined ? nothing : formatDay(answer.timeMs), answer?.until ?? nothing],
      ]),
    },
    lines: [
      ...rows.flatMap(({ id, question, why }) => (why === undefined ? [] : [`${id}: ${question} Open: ${why}.`])),
      ...rows.flatMap(({ id, earlier }) => earlier.map((each) => `${id} was: ${earlierText(each)}`)),
      ...unknown.map((id) => `An answer names ${id}, which is no question of this worksheet.`),
    ],
  }
}

function earlierText({ answer, reviewer, timeMs }: SecurityAnswer): string {
  const by = reviewer === undefined ? '' : `, by ${reviewer}`
  return `${answer}${by}${timeMs === undefined ? '' : `, ${formatDay(timeMs)}`}`
}

/** Roles against rights, as far as they were looked at. */
function accessSection({ platform, access }: Sheet): Section {
  const rights = accessRights.filter((right) => access.some((row) => row.right === right))
  const roles = [...new Map(access.map(({ role }) => [role.toLowerCase(), role])).values()]
  const cell = (role: string, right: string) => {
    const row = access.find((each) => each.role.toLowerCase() === role.toLowerCase() && each.right === right)
    return row === undefined ? nothing : `${wordOf(row)}${row.why === undefined ? '' : ' (open)'}`
  }
  return {
    title: `Who may do what on ${platform}`,
    table: {
      head: ['role', ...rights],
      align: `l${'l'.repeat(rights.length)}`,
      rows: roles.map((role) => [role, ...rights.map((right) => cell(role, right))]),
    },
    lines: access.flatMap((row) => [
      ...(row.why === undefined ? [] : [`${row.role}, ${row.right}: open: ${row.why}.`]),
      ...row.earlier.map((each) => `${each.role}, ${each.right} was: ${wordOf(each)}, ${formatDay(each.timeMs)}`),
    ]),
  }
}

const wordOf = ({ allowed }: Pick<AccessAnswer, 'allowed'>) => (allowed ? 'yes' : 'no')

/** One cell in a line: `support, raw-prompts: no; settings of 2 March, by s1`. */
export function accessText({ role, right, allowed, evidence, reviewer, why }: Omit<AccessRow, 'earlier'>): string {
  const proof = [evidence, reviewer && `by ${reviewer}`].filter((part) => part !== undefined && part !== '')
  const open = why === undefined ? '' : ` (open: ${why})`
  return `${role}, ${right}: ${wordOf({ allowed })}${proof.length > 0 ? `; ${proof.join(', ')}` : ''}${open}`
}

/** A logged answer or cell, in a few words. */
export function answerText(work: SecurityWork | AccessWork): string {
  if (work.kind === 'access') return `${work.role}, ${work.right}: ${wordOf(work)}`
  return `${work.question}: ${work.answer}`
}

/** A worksheet as `--json` prints it. */
export function worksheetJson({ platform, rows, access, unknown }: Sheet) {
  return {
    platform,
    answered: rows.filter(({ state }) => state === 'answered').length,
    open: rows.filter(({ state }) => state === 'open').length,
    questions: rows.map(questionJson),
    access: access.map(({ earlier, why, ...row }) => ({
      ...cellJson(row),
      open: why ?? null,
      earlier: earlier.map(cellJson),
    })),
    unknown,
  }
}

function questionJson({ id, question, state, why, answer, earlier }: WorksheetRow) {
  return {
    id,
    question,
    state,
    open: why ?? null,
    answer: answer ? toldJson(answer) : null,
    earlier: earlier.map(toldJson),
  }
}

function toldJson({ answer, evidence, reviewer, timeMs, until }: SecurityAnswer) {
  const time = timeMs === undefined ? null : formatTime(timeMs)
  return { answer, evidence: evidence ?? null, by: reviewer ?? null, time, until: until ?? null }
}

function cellJson({ role, right, allowed, evidence, reviewer, timeMs }: AccessAnswer) {
  return { role, right, allowed, evidence: evidence ?? null, by: reviewer ?? null, time: formatTime(timeMs) }
}
