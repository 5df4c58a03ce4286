import type { JudgedItem } from './validate-judge.js'

/** How a judge of pairs stands a change of the order in which they are shown. */
export interface SwapFigures {
  /** Items with a verdict in both orders, and those of them with the same one. */
  pairs: number
  consistent: number
  consistency: number | undefined
  /** Verdicts, ties aside, for what was shown first, over both orders; 0.5 is no bias. Undefined where labels name no sides. */
  firstShownShare: number | undefined
}

const ties: ReadonlySet<string> = new Set(['0', 'tie', 'draw', 'equal', 'same', 'both', 'neither', 'both_bad', 'none'])

/** Whether a label says that neither side is better. */
export function isTie(label: string): boolean {
  return ties.has(label.trim().toLowerCase())
}

/** Verdicts in both orders against each other, whether people labelled the items or not. */
export function swapFigures(items: readonly JudgedItem[]): SwapFigures {
  const verdicts = items.flatMap(({ judge, swapped }) =>
    judge === undefined || swapped === undefined || swapped === null ? [] : [{ judge, swapped }],
  )
  const consistent = verdicts.filter(({ judge, swapped }) => judge === swapped).length
  return {
    pairs: verdicts.length,
    consistent,
    consistency: verdicts.length === 0 ? undefined : consistent / verdicts.length,
    firstShownShare: firstShownShare(verdicts),
  }
}

/** Of the two labels that are no tie, the first in sort order is what was shown first before the swap. */
function firstShownShare(verdicts: readonly { judge: string; swapped: string }[]): number | undefined {
  const sides = [...new Set(verdicts.flatMap(({ judge, swapped }) => [judge, swapped]))].filter(
    (label) => !isTie(label),
  )
  if (sides.length !== 2) return undefined
  const [first, second] = sides.sort()
  let forFirst = 0
  let decided = 0
  for (const { judge, swapped } of verdicts) {
    if (!isTie(judge)) decided += 1
    if (!isTie(swapped)) decided += 1
    if (judge === first) forFirst += 1
    if (swapped === second) forFirst += 1
  }
  return decided === 0 ? undefined : forFirst / decided
}
