import type { GitWork, LogEntry } from '../core/log-entry.js'
import { daysToFirstTrace, type PeopleEvidence } from '../core/people.js'
import type { PersonaSummary } from '../core/persona-summary.js'
import type { personas } from '../core/personas.js'
import { formatCount, formatDay, nothing } from './number.js'
import { personaSection } from './persona-section.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { answerText } from './security.js'
import { visible } from './text.js'

export interface ShownLog {
  entries: readonly LogEntry[]
  effort: readonly ({ platform: string; firstTraceMs: number | undefined } & PeopleEvidence['effort'])[]
  personas: readonly { platform: string; personas: readonly PersonaSummary[] }[]
}

/** Every entry, then what they add up to; sections without content are left out. */
export function formatLog({ entries, effort, personas }: ShownLog, options: TerminalOptions): string {
  const hasNotes = entries.some(({ note }) => note !== undefined)
  const sections: Section[] = [
    {
      title: entries.length === 0 ? 'No entries' : `Entries: ${formatCount(entries.length)}`,
      table: {
        head: ['id', 'day', 'platform', 'engineer', 'what', ...(hasNotes ? ['note'] : [])],
        align: hasNotes ? 'rrllll' : 'rrlll',
        rows: entries.map(({ id = nothing, platform, timeMs, engineer, note = '', work }) => [
          ...[visible(id), formatDay(timeMs), platform ?? nothing, engineer ?? nothing, workText(work)],
          ...(hasNotes ? [note] : []),
        ]),
      },
    },
    ...effort.flatMap(effortSections),
    personaSection(personas),
  ]
  const shown = sections.filter(
    ({ table, lines = [] }, index) => index === 0 || (table?.rows.length ?? 0) + lines.length > 0,
  )
  return shown.map((section) => formatSection(section, options).join('\n')).join('\n\n')
}

function effortSections({
  platform,
  hours,
  entries,
  byActivity,
  git,
  firstTraceMs,
}: ShownLog['effort'][number]): Section[] {
  if (entries === 0 && git.length === 0) return []
  return [
    {
      title: `Effort on ${platform}`,
      table: {
        head: ['activity', 'hours'],
        align: 'lr',
        rows:
          entries === 0
            ? []
            : [...byActivity.map((each) => [each.activity, trimmed(each.hours)]), ['together', trimmed(hours)]],
      },
      lines: git.map((work) => `${gitText(work)}; ${delayText(work, firstTraceMs)}`),
    },
  ]
}

/** What was logged, in a line; of git also how long it took to the first trace. */
export function formatLogged(entry: LogEntry, firstTraceMs: number | undefined): string {
  const { id, platform, timeMs, engineer, work } = entry
  const head = `Logged ${id}: ${workText(work)}`
  const of = [
    ...(platform === undefined ? [] : [`on ${platform}`]),
    ...(engineer === undefined ? [] : [`by ${engineer}`]),
    `${formatDay(timeMs)}.`,
  ]
  const delay = 'git' in work ? [`  ${delayText(work.git, firstTraceMs)}`] : []
  return visible([`${head}, ${of.join(', ')}`, ...delay].join('\n'), 'lines')
}

/** What was taken out; `file` is where it came from, if not from `pilot log`. */
export function formatRemoved({ id, work, timeMs }: LogEntry, file: string | undefined): string {
  const again = file === undefined ? '' : `\nIt came from ${visible(file)}: ingested again, it comes back.`
  return `Removed ${visible(id ?? nothing)}: ${visible(workText(work))}, ${formatDay(timeMs)}.${again}`
}

function workText(work: LogEntry['work']): string {
  if (work.kind === 'usage') return work.minutes === undefined ? 'used it' : `used it for ${trimmed(work.minutes)} min`
  if (work.kind === 'security' || work.kind === 'access') return answerText(work)
  if (work.kind === 'effort') return 'git' in work ? gitText(work.git) : `${trimmed(work.hours)} h ${work.activity}`
  const { task, done, minutes, neededHelp, neededRawText, opened } = work
  return [
    `${task} ${done ? 'done' : 'not done'} in ${trimmed(minutes)} min`,
    ...(neededHelp ? ['needed help'] : []),
    ...(neededRawText ? ['needed raw text'] : []),
    ...(opened.length > 0 ? [`opened ${opened.join(' ')}`] : []),
  ].join(', ')
}

function gitText({ from, to, path, commits, files, linesAdded, linesRemoved, binaryFiles }: GitWork): string {
  const of = path === undefined ? '' : ` in ${path}`
  const binary = binaryFiles === 0 ? '' : ` (${formatCount(binaryFiles)} binary)`
  return `git ${from}..${to}${of}: commits ${formatCount(commits)}, files ${formatCount(files)}${binary}, lines +${formatCount(linesAdded)} -${formatCount(linesRemoved)}`
}

function delayText(work: GitWork, firstTraceMs: number | undefined): string {
  const days = daysToFirstTrace(work, firstTraceMs)
  const span = `first commit ${formatDay(work.firstCommitMs)}, last ${formatDay(work.lastCommitMs)}`
  if (days !== undefined) return `${span}, first trace ${trimmed(days)} days after the first commit`
  return `${span}, ${firstTraceMs === undefined ? 'no trace yet' : 'the first trace is older'}`
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(2)))
}

/** The task scripts of every persona. */
export function formatTaskScripts(of: typeof personas, options: TerminalOptions): string {
  const parts = of.flatMap(({ persona, tasks }) => [
    options.color.bold(persona.charAt(0).toUpperCase() + persona.slice(1)),
    ...tasks.flatMap(({ id, title, given, steps, done }) => [
      ...formatSection(
        {
          title: `${id}: ${title}`,
          lines: [`Given: ${given}`, ...steps, `Done when: ${done}`],
        },
        options,
      ),
      '',
    ]),
  ])
  return parts.join('\n').trimEnd()
}
