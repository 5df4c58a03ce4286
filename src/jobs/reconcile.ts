import type { Config } from '../config/schema.js'
import type { Evidence } from '../core/evidence.js'
import { createPricer } from '../core/prices.js'
import { type Reconciliation, reconcile } from '../core/reconcile.js'
import type { SpanContent } from '../core/span.js'
import type { TraceSpan } from '../core/trace.js'
import { responseIds } from '../formats/response-id.js'
import { eachBilledLine } from '../store/billing.js'
import { eachTrace } from '../store/each-trace.js'
import type { Store } from '../store/open.js'
import { contentReader } from '../store/spans.js'
import { wantedPlatforms } from './platforms.js'

/** The bill against one platform's traces, or why it is not measured. */
export interface PlatformReconciliation {
  platform: string
  role: Evidence['role']
  result: Reconciliation | { notMeasured: string }
}

/** Sets the bill against the traces of every platform, or of one. Throws `PilotError` (exit 2) for one that pilot.yaml does not name. */
export function reconcilePlatforms(db: Store, config: Config, only: string | undefined): PlatformReconciliation[] {
  const price = createPricer(config.prices)
  return wantedPlatforms(config, only).map(({ platform, role }) => ({
    platform,
    role,
    result: reconcile({
      readBill: () => eachBilledLine(db),
      traces: eachTrace(db, platform),
      price,
      idsOf: idsOf(db, platform),
    }),
  }))
}

/** The ids by which a vendor may know a call: those of its answer, and that of the span, which a gateway's export takes from its log. */
function idsOf(db: Store, platform: string): (span: TraceSpan) => string[] {
  const read = contentReader(db, platform)
  let traceId: string | undefined
  let contents = new Map<string, SpanContent>()
  return (span) => {
    if (span.traceId !== traceId) {
      traceId = span.traceId
      contents = read(span.traceId)
    }
    const content = contents.get(span.spanId)
    return [...(content ? responseIds(content) : []), span.spanId]
  }
}
