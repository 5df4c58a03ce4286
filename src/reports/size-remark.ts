import { referenceChange } from '../core/eval/compare.js'
import { mcnemarPower, settlingCases } from '../core/stats/mcnemar.js'
import { formatChance, formatCount } from './number.js'

/** What so few, or so many, cases can show; undefined for the sizes between, from 30 to 100. */
export function sizeRemark(cases: number): string | undefined {
  if (cases >= 30 && cases <= 100) return undefined
  const { lostShare, gainedShare } = referenceChange
  const chance = formatChance(mcnemarPower({ n: cases, ...referenceChange }))
  const base = `${formatCount(cases)} ${cases === 1 ? 'case' : 'cases'}: a change that turns ${formatChance(lostShare)} of them to fail and ${formatChance(gainedShare)} to pass is seen with a chance of ${chance}`
  if (cases > 100) return `${base}.`
  const needed = settlingCases(referenceChange) // takes a while, so only where it is told
  return `${base}${needed === undefined ? '' : `; ${formatCount(needed)} cases would give 80 %`}.`
}
