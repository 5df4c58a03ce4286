import type { Criterion } from '../core/criterion.js'
import { isLoose } from '../core/findings.js'

/** How many metadata keys cannot be grouped by; 0 is wanted. A key that no run carries is not judged here but by required-fields. */
export const metadataConsistent: Criterion = {
  id: 'metadata-consistent',
  title: 'Inconsistent metadata keys',
  line: 'trace completeness',
  unit: 'count',
  defaultTarget: { comparison: '==', value: 0 },
  mustByDefault: false,
  query: "pilot capture --json | jq '.platforms[].metadata'",
  measure({ tally }) {
    const used = tally.metadata.filter(({ present }) => present.x > 0)
    if (used.length === 0) return { measured: false, reason: 'No run carries a metadata key.', next: 'pilot capture' }
    const loose = used.filter(isLoose)
    return {
      measured: true,
      value: loose.length,
      unit: 'count',
      n: Math.max(...used.map(({ present }) => present.x)),
      x: loose.length,
      note: loose.map(({ key }) => key).join(', ') || undefined,
      evidence: [
        `${loose.length} of ${used.length} keys in use are inconsistent; n is the runs that carry the most frequent one`,
        'rule: one spelling a value, one value a run, and no own value in nearly every run for tenant, release, environment',
        ...used.map(({ key, present, distinct, spellings, conflicting, tooManyValues }) => {
          const faults = `${spellings.length} spelled differently, ${conflicting} runs contradict themselves`
          const tooMany = tooManyValues ? ', too many values' : ''
          return `${key}: in ${present.x} of ${present.n} runs, ${distinct} values, ${faults}${tooMany}`
        }),
      ],
    }
  },
}
