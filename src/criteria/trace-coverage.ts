import type { Criterion } from '../core/criterion.js'
import { exampleLine } from './examples.js'
import { noRequestLog } from './request-log.js'
import { measureShare } from './share.js'

/** Share of the application's production requests that have their trace. Replayed and synthetic requests never count. */
export const traceCoverage: Criterion = {
  id: 'trace-coverage',
  title: 'Requests with a trace',
  line: 'trace completeness',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.95 },
  mustByDefault: true,
  query: "pilot coverage --json | jq '.platforms[].coverage.production'",
  measure({ coverage, unjoinable }) {
    if (coverage === undefined) return noRequestLog
    if (unjoinable !== undefined) return { measured: false, reason: unjoinable, next: 'pilot coverage' }
    const { requests, present, missing, outside, duplicate, late, examples } = coverage.production
    const counts = {
      missing,
      'outside workflow.match': outside,
      'with several traces': duplicate,
      'at another time': late,
    }
    const notable = Object.entries(counts).filter(([, count]) => count > 0)
    return measureShare(
      { x: present, n: requests },
      {
        counted: 'production requests have their trace',
        none: 'The request log has no production request in the window.',
        next: 'pilot ingest <requests> --as requests',
        note: notable.map(([what, count]) => `${count} ${what}`).join(', ') || undefined,
        evidence: [
          'rule: joined by trace id or request id; replayed and synthetic requests are left out',
          ...exampleLine('without a trace', examples.missing),
          ...exampleLine('only in traces outside workflow.match', examples.outside),
          ...exampleLine('in several traces', examples.duplicate),
          ...exampleLine('traced at another time', examples.late),
        ],
      },
    )
  },
}
