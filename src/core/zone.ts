/**
 * Epoch milliseconds of a wall clock in a time zone, from the moment at which a clock in UTC would show the same. Of an hour that
 * comes twice the later is meant; one that is left out in spring is read as an hour later. Throws `RangeError` for no zone.
 */
export function msOfWallClock(utcMs: number, zone: string): number {
  const around = [utcMs - dayMs, utcMs + dayMs].map((ms) => offsetAt(ms, zone))
  const [later, earlier] = [utcMs - Math.min(...around), utcMs - Math.max(...around)]
  const shows = (ms: number) => ms + offsetAt(ms, zone) === utcMs
  return shows(later) || !shows(earlier) ? later : earlier
}

/** Further from any moment than the clocks of any zone are from UTC. */
const dayMs = 86_400_000

/** How far the clocks of a zone are ahead of UTC at a moment, milliseconds. */
function offsetAt(ms: number, zone: string): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  } as const)
  const parts = new Map(clock.formatToParts(ms).map(({ type, value }) => [type as string, Number(value)]))
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(
    (part) => parts.get(part) ?? 0,
  ) as [number, number, number, number, number, number] // six names, six numbers
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000
}
