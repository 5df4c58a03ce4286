import type { Criterion } from '../core/criterion.js'
import { measureShare } from './share.js'

/** Share of the users' feedback that is tied to a trace. */
export const feedbackJoined: Criterion = {
  id: 'feedback-joined',
  title: 'Feedback tied to a trace',
  line: 'eval integration',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.9 },
  mustByDefault: false,
  query: "pilot data --json | jq '.total.feedback'",
  measure({ feedback }) {
    return measureShare(
      { x: feedback.joined, n: feedback.total },
      {
        counted: 'pieces of feedback are tied to a trace',
        none: 'No feedback was ingested.',
        next: 'pilot ingest <feedback> --as feedback',
        evidence: ['rule: joined by trace id, span id or request id'],
      },
    )
  },
}
