import type { Variant } from './plan.js'

/** Minutes of drills: with the tool, and with what the team had before; a plus is an attempt that the time-box of 90 minutes ended. */
const minutes: Record<'lantern' | 'current-logs', readonly string[]> = {
  lantern: ['4', '6', '5', '8', '3', '7', '6', '5', '9', '4', '6', '7', '5', '12', '6', '4'],
  'current-logs': ['62', '90+', '85', '41', '90+', '77', '58', '66', '90+', '71'],
}

/** The attempts of the variant that adopts, as CSV: four engineers, each incident met once. */
export function demoAttempts(variant: Variant): string[] {
  if (variant !== 'adopt') return []
  const rows = Object.entries(minutes).flatMap(([arm, times]) =>
    times.map((time, index) => {
      const day = String(9 + (index % 5)).padStart(2, '0')
      const diagnosed = time.endsWith('+') ? 'no' : 'yes'
      return `a-${arm}-${index + 1},${arm},incident-${index + 1},e${(index % 4) + 1},${time},${diagnosed},2026-03-${day}T10:00:00Z`
    }),
  )
  return ['attempt,arm,incident,engineer,minutes,diagnosed,time', ...rows]
}
