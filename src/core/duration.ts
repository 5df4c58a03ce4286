/** How a duration is written: `250ms`, `30s`, `5m` or `1h`. */
export const durationForm = /^\d{1,6}(ms|s|m|h)$/

/** What is said of a text that is none. */
export const durationFault = 'expected a duration such as 5m, 30s or 1h'

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** The milliseconds of a text in `durationForm`. */
export function durationMs(written: string): number {
  return Number.parseInt(written, 10) * unitMs[written.replace(/^\d+/, '') as keyof typeof unitMs] // the form allows no other unit
}

/** A whole number of milliseconds in the largest unit that leaves no rest: `15m`, `90s`. */
export function durationText(ms: number): string {
  const [unit, size] = Object.entries(unitMs).findLast(([, each]) => ms % each === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}
