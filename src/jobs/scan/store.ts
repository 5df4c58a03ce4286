import type { DetectorName } from '../../core/privacy/detectors/index.js'
import type { TextScan } from '../../core/privacy/scan-text.js'
import type { StoreFinding } from '../../core/scan-findings.js'
import type { Json, Span } from '../../core/span.js'
import { eachStoredSpan } from '../../store/each-span.js'
import { platformsWithData } from '../../store/export-counts.js'
import type { Store } from '../../store/open.js'
import { eachSideText } from '../../store/scan-texts.js'
import { countSpans } from '../../store/spans.js'

/** Fields that join records and hold no text, as the privacy rules leave them alone too. */
const joins: ReadonlySet<string> = new Set([
  ...['traceId', 'spanId', 'parentId', 'session', 'request', 'requestId', 'recordId', 'promptId', 'startNs', 'endNs'],
  ...['attempt', 'toolCallId', 'hash', 'id', 'kind', 'status'],
])

/** Looks through everything that is stored; memory is one span. Says how many spans and rows it has read. */
export function scanStore(
  db: Store,
  scan: TextScan,
  onProgress: (done: number, all: number) => void,
): { texts: number; findings: StoreFinding[] } {
  const findings = new Map<string, StoreFinding>()
  const all = countSpans(db)
  let texts = 0
  for (const platform of platformsWithData(db))
    for (const { span } of eachStoredSpan(db, platform)) {
      for (const [field, value] of fieldsOf(span)) note({ platform, field, traceId: span.traceId }, value)
      texts += 1
      if (texts % 200 === 0) onProgress(texts, all)
    }
  for (const { value, ...where } of eachSideText(db)) {
    note(where, value)
    texts += 1
  }
  return { texts, findings: [...findings.values()].sort((a, b) => b.hits - a.hits) }

  function note(where: { platform: string; field: string; traceId?: string }, value: Json): void {
    const found = new Map<DetectorName, number[]>()
    for (const [text, key] of textsIn(value, where.field))
      for (const { detector, start, end } of scan(text, key)) {
        const lengths = found.get(detector)
        if (lengths) lengths.push(end - start)
        else found.set(detector, [end - start])
      }
    for (const [detector, lengths] of found) count(where, detector, lengths)
  }

  function count(
    { platform, field, traceId }: { platform: string; field: string; traceId?: string },
    detector: DetectorName,
    lengths: readonly number[],
  ): void {
    const place = JSON.stringify([detector, platform, field])
    const before = findings.get(place)
    const [min, max] = [Math.min(...lengths), Math.max(...lengths)]
    const finding = before ?? { detector, platform, field, hits: 0, spans: 0, traces: [], lengths: { min, max } }
    finding.hits += lengths.length
    finding.spans += 1
    finding.lengths = { min: Math.min(min, finding.lengths.min), max: Math.max(max, finding.lengths.max) }
    if (traceId !== undefined && finding.traces.length < 10 && !finding.traces.includes(traceId))
      finding.traces.push(traceId)
    findings.set(place, finding)
  }
}

function fieldsOf({ content, ...columns }: Span): [field: string, value: Json][] {
  const entries = [...Object.entries(columns), ...Object.entries(content)] as [string, Json][] // a span is JSON
  return entries.filter(([field, value]) => value !== undefined && !joins.has(field))
}

/** The texts inside a value with the name under which each stands; names are texts too. */
function* textsIn(value: Json, key: string): Generator<[text: string, key: string | undefined]> {
  if (typeof value === 'string') yield [value, key]
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item, key)
  else if (typeof value === 'object' && value !== null)
    for (const name of Object.keys(value)) {
      if (joins.has(name)) continue
      yield [name, undefined]
      yield* textsIn(value[name]!, name)
    }
}
