import type { Criterion } from '../core/criterion.js'
import { measureShare } from './share.js'

/** Share of runs whose trace is complete: one root, no orphan, every span ended. */
export const traceStructure: Criterion = {
  id: 'trace-structure',
  title: 'Complete traces',
  line: 'trace completeness',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.95 },
  mustByDefault: false,
  query: "pilot capture --json | jq '.platforms[].states'",
  measure({ tally }) {
    const faults = Object.entries(tally.states).filter(([state, runs]) => state !== 'complete' && runs > 0)
    let n = tally.states.complete
    for (const [, runs] of faults) n += runs
    return measureShare(
      { x: tally.states.complete, n },
      {
        counted: 'runs have a complete trace',
        none: 'No run was selected.',
        next: 'pilot coverage',
        note: faults.map(([state, runs]) => `${runs} ${state}`).join(', ') || undefined,
        evidence: ['rule: one root, every parent present, every span ended'],
      },
    )
  },
}
