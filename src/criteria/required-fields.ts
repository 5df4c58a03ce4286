import type { Criterion } from '../core/criterion.js'
import { measureShare } from './share.js'

/** Share of all required captures (each required field on each span of its kind) that are there. */
export const requiredFields: Criterion = {
  id: 'required-fields',
  title: 'Required fields present',
  line: 'trace completeness',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.95 },
  mustByDefault: false,
  query: "pilot capture --json | jq '.platforms[].capture'",
  measure({ tally: { capture } }) {
    let [x, n] = [0, 0]
    for (const { share } of capture) {
      x += share.x
      n += share.n
    }
    const [emptiest] = capture.filter(({ share }) => share.x < share.n).sort((a, b) => rate(a.share) - rate(b.share))
    return measureShare(
      { x, n },
      {
        counted: 'required captures are there',
        none: 'No span is of a kind for which capture.required names a field.',
        next: 'pilot capture',
        note: emptiest && `emptiest: ${emptiest.kind} ${emptiest.field}, ${emptiest.share.x} of ${emptiest.share.n}`,
        evidence: [
          'rule: each required field on each span of its kind counts once; fields of one span are taken as independent',
          ...capture.map(({ kind, field, share }) => `${kind} ${field}: ${share.x} of ${share.n}`),
        ],
      },
    )
  },
}

function rate({ x, n }: { x: number; n: number }): number {
  return x / n
}
