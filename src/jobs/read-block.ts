import { detectorNames } from '../core/privacy/detectors/index.js'
import type { Policy } from '../core/privacy/policy.js'
import type { Feedback, Json, Score, Span } from '../core/span.js'
import type { Format, KeyPaths } from '../formats/format.js'
import { formats } from '../formats/index.js'
import type { Block } from '../io/blocks.js'
import { parseBlock, type RecordTotals } from '../io/parse-block.js'
import { rowOf, type SpanRow } from '../store/span-row.js'

/** What one block of an export holds, ready to be stored; lines count from the block's own first line where it is lines. */
export interface BlockRows {
  shape: Block['shape']
  rows: SpanRow[]
  scores: Score[]
  feedback: Feedback[]
  records: number
  skipped: Record<string, number>
  problems: { line: number; message: string }[]
  totals: RecordTotals
  /** The format of its records; undefined if none was recognised. */
  format: string | undefined
  /** The keys of the first record that no format knows. */
  unknownKeys: string[] | undefined
  /** Values that each privacy rule changed in this block. */
  redacted: Record<string, number>
}

const unknownRecord = 'records of no known trace format'

/** Reads blocks of one file: parse → format → spans → privacy. Nothing in it touches the store, so it may run in any thread. */
export function createBlockReader({
  format: wanted,
  keys,
  policy,
}: {
  format: string | undefined
  keys: KeyPaths
  policy: Policy
}) {
  const known = wanted === undefined ? formats : formats.filter((format) => format.name === wanted)
  let current: Format | undefined
  let counts = policy.counts()

  /** Nearly always the format of the record before. */
  function formatOf(record: Json): Format | undefined {
    if (!current?.detects(record)) current = known.find((format) => format.detects(record)) ?? current
    return current?.detects(record) ? current : undefined
  }

  /** The span as it may be written, with what detectors found in it. */
  function protect(span: Span): SpanRow {
    const safe = policy.applySpan(span)
    if (safe === span) return rowOf(span, undefined)
    const found = since(counts, detectorNames)
    counts = policy.counts()
    return rowOf(safe, found)
  }

  function since(before: Record<string, number>, rules: readonly string[]): Record<string, number> | undefined {
    const now = policy.counts()
    const changed = rules.filter((rule) => (now[rule] ?? 0) > (before[rule] ?? 0))
    if (changed.length === 0) return undefined
    return Object.fromEntries(changed.map((rule) => [rule, (now[rule] ?? 0) - (before[rule] ?? 0)]))
  }

  return (block: Block): BlockRows => {
    const { framed, totals } = parseBlock(block)
    const before = policy.counts()
    const read: BlockRows = {
      shape: block.shape,
      ...{ rows: [], scores: [], feedback: [], problems: [], records: 0, skipped: {}, redacted: {} },
      ...{ totals, format: undefined, unknownKeys: undefined },
    }
    for (const record of framed) {
      if ('problem' in record) {
        read.problems.push({ line: record.line, message: record.problem })
        continue
      }
      read.records += 1
      const format = formatOf(record.value)
      if (!format) {
        read.unknownKeys ??= keysOf(record.value)
        read.skipped[unknownRecord] = (read.skipped[unknownRecord] ?? 0) + 1
        continue
      }
      read.format ??= format.name
      const reading = format.read(record.value, keys)
      for (const span of reading.spans) read.rows.push(protect(span))
      for (const score of reading.scores) read.scores.push(policy.applyScore(score))
      for (const feedback of reading.feedback) read.feedback.push(policy.applyFeedback(feedback))
      // Reasons are the formats' own words.
      for (const [reason, times] of Object.entries(reading.skipped))
        read.skipped[reason] = (read.skipped[reason] ?? 0) + times
      for (const message of reading.problems) read.problems.push({ line: record.line, message })
    }
    read.redacted = since(before, Object.keys(policy.counts())) ?? {}
    return read
  }
}

function keysOf(record: Json): string[] {
  return typeof record === 'object' && record !== null && !Array.isArray(record) ? Object.keys(record).slice(0, 8) : []
}
