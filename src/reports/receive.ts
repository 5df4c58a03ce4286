import type { ReceiveReport } from '../core/receive-report.js'
import { formatFileReport } from './ingest.js'
import { formatCount } from './number.js'
import { visible } from './text.js'

/** What came in at a receiver, in a few lines. */
export function formatReceived(report: ReceiveReport): string {
  const { stored, taken, skipped, refused, rejectedSpans, forward } = report
  const reasons = (counts: Record<string, number>) => Object.entries(counts).sort((a, b) => b[1] - a[1])
  return [
    formatFileReport({ ...stored, purged: 0 }), // whose line names an option of ingest alone
    ...(stored.purged > 0 ? [`  left out ${formatCount(stored.purged)}: purged before`] : []),
    `  ${formatCount(taken)} requests taken`,
    ...reasons(skipped).map(([what, times]) => `  skipped ${formatCount(times)}: ${what}`),
    ...reasons(rejectedSpans).map(([reason, spans]) => `  rejected ${formatCount(spans)} spans: ${reason}`),
    ...reasons(refused).map(([reason, times]) => `  refused ${formatCount(times)} requests: ${visible(reason)}`),
    ...(forward === undefined ? [] : formatForward(forward)),
  ].join('\n')
}

function formatForward({
  to,
  forwarded,
  failed,
  pending,
  failures,
  rejectedSpans,
}: NonNullable<ReceiveReport['forward']>) {
  return [
    `  forwarded ${formatCount(forwarded)} requests to ${visible(to)}, ${formatCount(failed)} failed, ${formatCount(pending)} pending`,
    ...Object.entries(failures).map(([reason, times]) => `  not forwarded ${formatCount(times)}: ${visible(reason)}`),
    ...(rejectedSpans > 0 ? [`  rejected ${formatCount(rejectedSpans)} spans: the platform said so`] : []),
  ]
}

/** The document of `pilot receive --json`. */
export function receiveJson({ stored, forward, ...report }: ReceiveReport) {
  return { schemaVersion: 1, ...report, stored, forward: forward ?? null }
}
