import type { Verdict } from './measurement.js'

/** What becomes of one candidate, with the criteria that decided it. */
export interface Decision {
  platform: string
  decision: 'adopt' | 'extend' | 'reject'
  /** Ids of the musts that are not met, the worst first; all musts when the decision is `adopt`. */
  reasons: string[]
  /** How many musts there are. */
  musts: number
}

const worstFirst: readonly Verdict[] = ['missed', 'inconclusive', 'not measured']

/** `adopt` when every must is met, `reject` when one is missed, else `extend`: evidence is missing. `musts` is never empty. */
export function decide(platform: string, musts: readonly { id: string; verdict: Verdict }[]): Decision {
  const open = worstFirst.flatMap((verdict) => musts.filter((must) => must.verdict === verdict))
  const isRejected = musts.some((must) => must.verdict === 'missed')
  const decision = isRejected ? 'reject' : open.length > 0 ? 'extend' : 'adopt'
  const reasons = (decision === 'adopt' ? musts : open).map((must) => must.id)
  return { platform, decision, reasons, musts: musts.length }
}
