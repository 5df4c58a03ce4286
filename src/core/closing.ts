import type { Decision } from './decision.js'
import type { Verdict } from './measurement.js'
import type { Cell, Row } from './scorecard.js'

/** What pilot.yaml says of the meeting. */
export interface Review {
  attendees: readonly { name: string; role: string }[]
  owners: readonly { what: string; who: string }[]
  next_workflows: readonly string[]
  waivers: readonly { criterion: string; by: string; reason: string }[]
}

/** How the scorecard closes on one candidate; all are ids of criteria. */
export interface Closing {
  platform: string
  /** The strongest reasons first: at most three. */
  reasons: string[]
  /** Reasons beyond those. */
  more: number
  /** What would have to change for another decision: on adopt the must that is nearest to its target, else those that are open. */
  flip: string[]
  /** On reject: what the next platform has to show. */
  gaps: string[]
}

const shown = 3

/**
 * The closing of a decision. A must that is missed is a stronger reason than one that is inconclusive, and that than one that is
 * not measured; among equals the stronger is the one whose interval lies farther from the target, by the size of the target.
 */
export function closingOf(decision: Decision, rows: readonly Row[]): Closing {
  const musts = rows.filter(({ must }) => must)
  const placed = musts.flatMap((row) => {
    const cell = row.cells.find(({ platform }) => platform === decision.platform)
    return cell === undefined
      ? []
      : [{ id: row.id, verdict: cell.judgement?.verdict ?? 'not measured', distance: distanceOf(row, cell) }]
  })
  const strongest = placed.toSorted((a, b) => rank[a.verdict] - rank[b.verdict] || b.distance - a.distance)
  const open = strongest.filter(({ verdict }) => verdict !== 'met').map(({ id }) => id)
  const missed = strongest.filter(({ verdict }) => verdict === 'missed').map(({ id }) => id)
  const met = strongest.map(({ id }) => id)
  const reasons = decision.decision === 'adopt' ? met : open
  return {
    platform: decision.platform,
    reasons: reasons.slice(0, shown),
    more: Math.max(0, reasons.length - shown),
    flip: decision.decision === 'adopt' ? met.slice(-1) : decision.decision === 'reject' ? missed : open,
    gaps: decision.decision === 'reject' ? open : [],
  }
}

const rank: Record<Verdict, number> = { missed: 0, inconclusive: 1, 'not measured': 2, met: 3 }

/** How far the nearer end of the interval lies from the target, as a part of the target; of a target of 0 the distance itself. */
function distanceOf({ target }: Row, { measurement }: Cell): number {
  if (target === undefined || !measurement.measured) return 0
  const { value, interval = { low: value, high: value } } = measurement
  const nearest = Math.min(...[interval.low, interval.high, value].map((end) => Math.abs(end - target.value)))
  return target.value === 0 ? nearest : nearest / Math.abs(target.value)
}
