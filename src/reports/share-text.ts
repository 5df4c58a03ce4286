import type { Share } from '../core/evidence.js'
import { wilson } from '../core/stats/proportion.js'
import { formatShare } from './number.js'

/** A count of a total with its Wilson interval: `96.2 % (n 600, 95 % CI 94.3–97.5)`; `not measured` of nothing. */
export function shareText({ x, n }: Share): string {
  return n === 0 ? 'not measured' : formatShare(x / n, n, wilson(x, n))
}
