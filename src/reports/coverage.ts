import type { Evidence } from '../core/evidence.js'
import { requestOrigins } from '../core/span.js'
import { formatCount } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'

/** Requests against traces by origin, or the reason why they cannot be joined. */
export function formatCoverage(
  { coverage, unjoinable }: Pick<Evidence, 'coverage' | 'unjoinable'>,
  options: TerminalOptions,
): string {
  const title = 'Requests that have their trace (only production is judged)'
  const reason =
    coverage === undefined ? 'No request log was ingested. Next: pilot ingest <requests> --as requests' : unjoinable
  if (coverage === undefined || reason !== undefined) {
    return [...formatSection({ title, lines: [`not measured. ${reason}`] }, options), ''].join('\n')
  }
  const rows = requestOrigins.map((origin) => {
    const { requests, present, missing, outside, duplicate, late } = coverage[origin]
    const share = shareText({ x: present, n: requests })
    return [origin, formatCount(requests), share, ...[missing, outside, duplicate, late].map(formatCount)]
  })
  const head = ['origin', 'requests', 'with a trace', 'missing', 'outside', 'several', 'other time']
  const examples = Object.entries(coverage.production.examples).filter(([, ids]) => ids.length > 0)
  const lines = examples.map(([what, ids]) => `${what}, for example: ${ids.slice(0, 5).join(', ')}`)
  return [...formatSection({ title, table: { head, align: 'lrrrrrr', rows }, lines }, options), ''].join('\n')
}
