import type { Criterion } from '../core/criterion.js'
import { noRequestLog } from './request-log.js'

/** How many production requests the window holds; replayed and synthetic ones are named, not counted. */
export const requestVolume: Criterion = {
  id: 'request-volume',
  title: 'Real requests in the window',
  line: 'trace completeness',
  unit: 'count',
  defaultTarget: { comparison: '>=', value: 500 },
  mustByDefault: false,
  query: "pilot coverage --json | jq '.platforms[].coverage.production.requests'",
  measure({ coverage }) {
    if (coverage === undefined) return noRequestLog
    const { production, replay, synthetic } = coverage
    if (production.requests === 0) {
      return { ...noRequestLog, reason: 'The request log has no production request in the window.' }
    }
    const others = `${replay.requests} replayed and ${synthetic.requests} synthetic not counted`
    return {
      measured: true,
      value: production.requests,
      unit: 'count',
      n: production.requests,
      x: production.requests,
      note: replay.requests + synthetic.requests > 0 ? others : undefined,
      evidence: [`${production.requests} production requests by the application's own log; ${others}`],
    }
  },
}
