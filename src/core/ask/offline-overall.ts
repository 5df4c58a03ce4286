import type { Share } from '../evidence.js'
import { newcombe } from '../stats/proportion.js'

/** Results of one check or score name on one side. */
export interface CheckResults {
  check: string
  pass: number
  fail: number
  scoreSum: number
  scored: number
}

/** One check in production and offline: how often it passes, or its mean where it only has numbers. */
export interface ComparedCheck {
  check: string
  /** Undefined where one side does not tell pass from fail. */
  rates:
    | { production: Share; offline: Share; difference: { difference: number | undefined; low: number; high: number } }
    | undefined
  means: { production: { mean: number; n: number }; offline: { mean: number; n: number } } | undefined
}

/** What production and the newest offline results of the same names say; what only one side has is left out. */
export function compareWithOffline(
  production: readonly CheckResults[],
  offline: readonly CheckResults[],
): ComparedCheck[] {
  const latest = firstByName(offline)
  return [...firstByName(production)].flatMap(([check, here]) => {
    const there = latest.get(check)
    return there === undefined ? [] : [{ check, rates: ratesOf(here, there), means: meansOf(here, there) }]
  })
}

/** The first of each name: they come with the newest first. */
function firstByName(results: readonly CheckResults[]): Map<string, CheckResults> {
  const first = new Map<string, CheckResults>()
  for (const result of results) if (!first.has(result.check)) first.set(result.check, result)
  return first
}

function ratesOf(here: CheckResults, there: CheckResults): ComparedCheck['rates'] {
  const [production, offline] = [shareOf(here), shareOf(there)]
  if (production.n === 0 || offline.n === 0) return undefined
  return { production, offline, difference: newcombe(production.x, production.n, offline.x, offline.n) }
}

function shareOf({ pass, fail }: CheckResults): Share {
  return { x: pass, n: pass + fail }
}

function meansOf(here: CheckResults, there: CheckResults): ComparedCheck['means'] {
  if (here.scored === 0 || there.scored === 0) return undefined
  return {
    production: { mean: here.scoreSum / here.scored, n: here.scored },
    offline: { mean: there.scoreSum / there.scored, n: there.scored },
  }
}
