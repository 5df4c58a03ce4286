/**
 * Whether a change is safe to release, by the interval of new − old (more is better) and the margin (above 0) fixed before
 * the data: `safe` where the interval leaves out a loss of the margin or more, `regressed` where it holds losses only, else
 * `inconclusive`. A loss that is certain but smaller than the margin is safe. No evidence of a loss is not safety.
 */
export function nonInferiority(
  interval: { low: number; high: number },
  margin: number,
): 'safe' | 'regressed' | 'inconclusive' {
  if (interval.low > -margin) return 'safe'
  return interval.high < 0 ? 'regressed' : 'inconclusive'
}
