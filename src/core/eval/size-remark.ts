import { mcnemarPower, settlingCases } from '../stats/mcnemar.js'
import { referenceChange } from './compare.js'

/** What so few, or so many, cases can show; undefined for the sizes between, from 30 to 100. */
export function sizeRemark(cases: number): string | undefined {
  if (cases >= 30 && cases <= 100) return undefined
  const chance = Math.round(mcnemarPower({ n: cases, ...referenceChange }) * 100)
  const base = `${cases} cases: a change that turns 15 % of them to fail and 5 % to pass is seen with a chance of ${chance} %`
  if (cases > 100) return `${base}.`
  const needed = settlingCases(referenceChange) // takes a while, so only where it is told
  return `${base}${needed === undefined ? '' : `; ${needed} cases would give 80 %`}.`
}
