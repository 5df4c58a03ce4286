import type { LockStatus } from '../core/lock.js'
import type { PlanStatus } from '../core/plan.js'
import { formatCount, formatDay, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { visible } from './text.js'

/** All that `pilot status` shows. */
export interface PilotStatus extends PlanStatus {
  /** UTC days, both included. */
  pilot: { name: string; start: string; end: string }
  /** `lockedAtMs` is undefined while unlocked. */
  lock: { state: LockStatus; lockedAtMs: number | undefined }
  /** Those that were not read to their end. */
  sources: {
    path: string
    kind: string
    platform: string
    state: 'interrupted' | 'incomplete'
    reason: string | undefined
  }[]
}

/** The day plan with what is missing, the lock, unfinished sources, and the next command as the last line. */
export function formatStatus(status: PilotStatus, options: TerminalOptions): string {
  const sections = [planSection(status), missingSection(status), reminderSection(status), sourceSection(status)]
  return [
    options.color.bold(visible(`Pilot ${status.pilot.name}: day plan`)),
    visible(`${status.pilot.start} to ${status.pilot.end} (UTC), ${dayText(status)}, ${lockText(status.lock)}`),
    '',
    ...sections
      .filter(({ table, lines }) => (table?.rows.length ?? 0) + (lines?.length ?? 0) > 0)
      .flatMap((section) => [...formatSection(section, options), '']),
    options.color.bold(visible(`Next: ${status.next}`)),
  ].join('\n')
}

/** The document of `pilot status --json`; null is unknown, or none. */
export function statusJson({ lock, items, sources, ...status }: PilotStatus) {
  return {
    schemaVersion: 1,
    ...status,
    lock: { ...lock, lockedAtMs: lock.lockedAtMs ?? null },
    items: items.map((item) => ({ ...item, next: item.next ?? null })),
    sources: sources.map((source) => ({ ...source, reason: source.reason ?? null })),
  }
}

function dayText({ day, days }: PlanStatus): string {
  if (day < 1) return 'not begun'
  return day > days ? 'over' : `day ${day} of ${days}`
}

function lockText({ state, lockedAtMs }: PilotStatus['lock']): string {
  if (lockedAtMs === undefined) return 'criteria not locked'
  return `criteria locked ${formatDay(lockedAtMs)}${state === 'locked' ? '' : `, ${state}`}`
}

function planSection({ items }: PlanStatus): Section {
  const rows = items.map(({ title, days, from, due, state, missing }) => {
    const range = days.min === days.max ? String(days.min) : `${days.min}–${days.max}`
    return [range, from, due, title, state, formatCount(missing.length)]
  })
  return { title: 'Plan', table: { head: ['days', 'from', 'to', 'what', 'state', 'missing'], align: 'lllllr', rows } }
}

function missingSection({ items }: PlanStatus): Section {
  const open = items.filter(({ missing }) => missing.length > 0)
  return { title: 'Missing', lines: open.map(({ title, missing }) => `${title}: ${missing.join('; ')}`) }
}

function reminderSection({ reminders }: PlanStatus): Section {
  return { title: 'Due again', lines: reminders }
}

function sourceSection({ sources }: PilotStatus): Section {
  const rows = sources.map(({ path, kind, platform, state, reason }) => [
    path,
    kind,
    platform || nothing,
    state,
    reason ?? '',
  ])
  return {
    title: 'Sources not read to their end: ingest them again, nothing is counted twice',
    table: { head: ['source', 'kind', 'platform', 'state', 'reason'], align: 'lllll', rows },
  }
}
