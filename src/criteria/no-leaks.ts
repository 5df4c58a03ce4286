import type { Criterion } from '../core/criterion.js'
import { exampleLine } from './examples.js'

/** Spans in which detectors found secrets or personal data in the platform's exports, before they were redacted here; 0 is wanted. */
export const noLeaks: Criterion = {
  id: 'no-leaks',
  title: 'Secrets and personal data',
  line: 'production safety',
  unit: 'count',
  defaultTarget: { comparison: '==', value: 0 },
  mustByDefault: true,
  query: "pilot data --json | jq '.sources[].redacted'",
  measure({ found, tally }, { detectors }) {
    if (detectors.length === 0) {
      const reason = 'No detector was on: capture.privacy has no detect rule.'
      return { measured: false, reason, next: 'pilot check' }
    }
    if (tally.traces === 0) return { measured: false, reason: 'No trace is stored.', next: 'pilot ingest <export>' }
    let value = 0
    for (const { spans } of found) value += spans
    return {
      measured: true,
      value,
      unit: 'count',
      n: tally.traces,
      x: value,
      note: found.map(({ rule, spans }) => `${rule} in ${spans} spans`).join(', ') || undefined,
      evidence: [
        `spans in which a detector found something before it was redacted here; n is the ${tally.traces} traces`,
        `detectors on: ${detectors.join(', ')}`,
        ...found.flatMap(({ rule, examples }) => exampleLine(`${rule} in traces`, examples)),
      ],
    }
  },
}
