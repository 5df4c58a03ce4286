import { nearest } from '../config/suggest.js'
import { isAlias } from '../core/alias.js'
import { parseHours, parseMinutes } from '../core/amount.js'
import { PilotError } from '../core/errors.js'
import { activities, type EffortHours, type TaskRun, type UsageNote } from '../core/log-entry.js'
import { type OtherTool, otherTools } from '../core/other-tools.js'
import { taskScripts } from '../core/personas.js'
import { msOfIso } from '../formats/time.js'

/** Options that every entry has. */
export interface EntryOptions {
  platform?: string
  engineer?: string
  date?: string
  note?: string
  out?: string
}

export interface EffortOptions extends EntryOptions {
  hours?: string
  activity?: string
  git?: string
  repo?: string
  path?: string
}

export interface TaskOptions extends EntryOptions {
  list?: boolean
  done?: boolean
  notDone?: boolean
  minutes?: string
  neededHelp?: boolean
  neededRawText?: boolean
  opened?: string
}

export interface UsageOptions extends EntryOptions {
  minutes?: string
  for?: string
}

const dayMs = 86_400_000

/** When an entry is of: the day that `--date` names, at its start in UTC, else now. Throws `PilotError` for no day, or one to come. */
export function momentOf(date: string | undefined, nowMs: number): number {
  if (date === undefined) return nowMs
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? msOfIso(date) : undefined
  if (ms === undefined) throw new PilotError('--date: expected a day such as 2026-03-05.')
  // Somewhere it is tomorrow already.
  if (ms > nowMs + dayMs) throw new PilotError('--date: the day has not come yet.')
  return ms
}

/** The alias that an option names. Throws `PilotError` for what looks like a name or an address. */
export function aliasOf(engineer: string, option = '--engineer'): string {
  if (isAlias(engineer)) return engineer
  throw new PilotError(`${option}: expected an alias such as e1, never a name or an address.`, {
    hint: 'Letters, digits and ._:- alone. Agree on one alias for each engineer; nobody else needs to know whose it is.',
  })
}

/** As `aliasOf`, where somebody has to be named. */
export function requireAlias(engineer: string | undefined): string {
  if (engineer !== undefined) return aliasOf(engineer)
  throw new PilotError('--engineer is missing.', { hint: 'An alias such as e1, never a name or an address.' })
}

/** Hours and what they went into. Throws `PilotError`. */
export function effortOf({ hours, activity, repo, path }: EffortOptions): EffortHours {
  if (hours === undefined)
    throw new PilotError('Neither --hours nor --git was given.', {
      hint: 'pilot log effort --hours 6.5 --activity instrument; or --git REV1..REV2.',
    })
  if (repo !== undefined || path !== undefined) throw new PilotError('--repo and --path go with --git.')
  const amount = orFail('--hours', parseHours(hours))
  const known = activities.find((each) => each === activity)
  if (known !== undefined) return { kind: 'effort', hours: amount, activity: known }
  throw new PilotError(
    activity === undefined ? '--activity is missing.' : `--activity: there is none called ${activity}.`,
    { hint: `One of ${activities.join(', ')}.` },
  )
}

/** One try of a task. Throws `PilotError`. */
export function taskOf(id: string | undefined, options: TaskOptions): TaskRun {
  if (id === undefined) throw new PilotError('No task was named.', { hint: 'pilot log task --list shows them.' })
  const ids = taskScripts.map((script) => script.id)
  if (!ids.includes(id)) {
    const near = nearest(id, ids)
    throw new PilotError(`There is no task ${id}.`, {
      hint:
        near === undefined
          ? 'pilot log task --list shows them.'
          : `Did you mean ${near}? pilot log task --list shows all.`,
    })
  }
  const { done, notDone, minutes, neededHelp = false, neededRawText = false, opened } = options
  if (Boolean(done) === Boolean(notDone))
    throw new PilotError('Say how it ended: --done or --not-done, one of the two.')
  if (minutes === undefined) throw new PilotError('--minutes is missing.', { hint: 'Such as --minutes 12.' })
  return {
    ...{ kind: 'task', task: id, done: Boolean(done), minutes: orFail('--minutes', parseMinutes(minutes)) },
    ...{ neededHelp, neededRawText, opened: toolsOf(opened) },
  }
}

/** What is known of one use beside who and when. Throws `PilotError`. */
export function usageOf({ minutes }: UsageOptions): UsageNote {
  if (minutes === undefined) return { kind: 'usage' }
  return { kind: 'usage', minutes: orFail('--minutes', parseMinutes(minutes)) }
}

/** Each once, in the order of the catalogue. */
function toolsOf(written: string | undefined): OtherTool[] {
  const words = (written ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const unknown = words.find((word) => !otherTools.some((tool) => tool === word))
  if (unknown !== undefined)
    throw new PilotError(`--opened: there is no tool ${unknown}.`, { hint: `Some of ${otherTools.join(', ')}.` })
  return otherTools.filter((tool) => words.includes(tool))
}

function orFail(option: string, read: number | string): number {
  if (typeof read === 'number') return read
  throw new PilotError(`${option}: ${read}.`)
}
