import { PilotError } from '../core/errors.js'
import { msOfWallClock } from '../core/zone.js'
import { msOfIso, msOfMoment } from '../formats/time.js'

/** `2026-03-02 14:05`, `yesterday at 14:05`, `today`: a wall clock without a zone of its own. */
const wallClock = /^(\d{4}-\d\d-\d\d|today|yesterday)(?:(?:T| at | )(\d{1,2}:\d\d(?::\d\d)?))?$/i

/** Epoch milliseconds of a time as a ticket has it, in `zone` (else UTC) where it names none. Throws `PilotError` that says the fix. */
export function readTime(
  option: string,
  written: string,
  { zone = 'UTC', nowMs }: { zone?: string | undefined; nowMs: number },
): number {
  const local = localTime(written.trim(), zone, nowMs)
  const ms = local ?? msOfMoment(written)
  if (ms !== undefined) return ms
  throw new PilotError(`${option} ${JSON.stringify(written.slice(0, 60))} is no time that pilot can read.`, {
    hint: `Such as 2026-03-02, '2026-03-02 14:05', 2026-03-02T14:05+01:00 or 'yesterday 14:05'; UTC where neither it nor --zone names a zone.`,
  })
}

function localTime(written: string, zone: string, nowMs: number): number | undefined {
  const [, day = '', clock = '0:00'] = wallClock.exec(written) ?? []
  if (day === '') return undefined
  try {
    const utcMs = msOfIso(`${dayOf(day, zone, nowMs)}T${clock.padStart(clock.length < 6 ? 5 : 8, '0')}Z`)
    return utcMs === undefined ? undefined : msOfWallClock(utcMs, zone)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new PilotError(`--zone ${JSON.stringify(zone.slice(0, 60))} is no time zone.`, {
      hint: 'Such as Europe/Berlin, America/New_York or UTC.',
    })
  }
}

/** `2026-03-02` of a day as it is written, where today is told by a clock of the zone. */
function dayOf(written: string, zone: string, nowMs: number): string {
  if (/^\d/.test(written)) return written
  const back = written.toLowerCase() === 'yesterday' ? 86_400_000 : 0
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(nowMs)
  return new Date(Date.parse(`${today}T00:00Z`) - back).toISOString().slice(0, 10)
}
