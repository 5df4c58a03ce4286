import jstat from 'jstat'
import { z95 } from './normal.js'

/** The normal quantile of a power of 80 %. */
const z80 = 0.8416212335729143

/**
 * Cases per side from which a test at 5 %, two-sided, finds rate p against rate q (0–1) with a power of 80 %, by the normal
 * formula, as R's power.prop.test. Undefined where the rates are equal: no n tells them apart.
 */
export function neededForRates(p: number, q: number): number | undefined {
  if (p === q) return undefined
  const middle = (p + q) / 2
  const spread = z95 * Math.sqrt(2 * middle * (1 - middle)) + z80 * Math.sqrt(p * (1 - p) + q * (1 - q))
  return (spread / (p - q)) ** 2
}

/** How far from 0, in standard errors, an estimate must lie to be below 5 %, two-sided, when so many are tested. Bonferroni. */
export function zOfTests(tests: number): number {
  return jstat.normal.inv(1 - 0.025 / Math.max(1, tests), 0, 1)
}
