import { shownKey } from '../core/key-name.js'
import { detectorNames } from '../core/privacy/detectors/index.js'
import type { Policy } from '../core/privacy/policy.js'
import type { PromptName } from '../core/prompt-name.js'
import type { Feedback, Json, Score, Span } from '../core/span.js'
import { detectForeign } from '../formats/foreign.js'
import type { Format, KeyPaths, Reading, RecordReader } from '../formats/format.js'
import { formatsWith } from '../formats/index.js'
import type { Mapping } from '../formats/mapped.js'
import type { Framed, RecordTotals } from '../io/parse-block.js'
import { rowOf, type SpanRow } from '../store/span-row.js'

type Whole = Extract<Framed, { value: Json }>

/** What some records of an export hold, ready to be stored; lines are those that the records came with. */
export interface RecordRows {
  rows: SpanRow[]
  scores: Score[]
  feedback: Feedback[]
  prompts: PromptName[]
  deleted: string[]
  /** Records left out here, since their format must be read in order. */
  deferred: Whole[]
  records: number
  skipped: Record<string, number>
  problems: { line: number; message: string }[]
  /** Keys that their format is not known to have, as they may be shown: in how many records, and the line of the first. */
  unexpected: Map<string, { records: number; line: number }>
  /** The format of its records; undefined if none was recognised. */
  format: string | undefined
  /** The keys of the first record that no format knows. */
  unknownKeys: string[] | undefined
  /** What the first record is that is well known and no trace. */
  foreign: { what: string; hint: string } | undefined
  /** Values that each privacy rule changed. */
  redacted: Record<string, number>
}

/** The rows of one block. Lines count from the block's own first line where it is lines. */
export interface BlockRows extends RecordRows {
  shape: 'lines' | 'cuts'
  totals: RecordTotals
}

export const unknownRecord = 'records of no known trace format'

export interface RecordReading {
  /** The name of a format when it is not to be detected. */
  format: string | undefined
  keys: KeyPaths
  mapping?: Mapping | undefined
  policy: Policy
}

/**
 * Reads the records of one file: format → spans → privacy. Nothing in it touches the store, so it may run in any thread.
 * Formats that tell their meaning only in order are held until `end`.
 */
export function createRecordReader({ format: wanted, keys, mapping, policy }: RecordReading) {
  const known = formatsWith(mapping).filter(({ name }) => wanted === undefined || name === wanted)
  const opened = new Map<Format, RecordReader>()
  let current: Format | undefined
  let counts = policy.counts()

  /** Nearly always the format of the record before. */
  function formatOf(record: Json): Format | undefined {
    if (!current?.detects(record)) current = known.find((format) => format.detects(record)) ?? current
    return current?.detects(record) ? current : undefined
  }

  function readingOf(format: Format, record: Json): Reading {
    if (!format.open) return format.read(record, keys)
    const reader = opened.get(format) ?? format.open(keys)
    opened.set(format, reader)
    return reader.read(record)
  }

  /** The span as it may be written, with what detectors found in it. */
  function protect(span: Span, foundBefore: Reading['findings']): SpanRow {
    const safe = policy.applySpan(span)
    if (safe === span) return rowOf(span, foundBefore)
    const found = since(counts, detectorNames)
    counts = policy.counts()
    return rowOf(safe, foundBefore === undefined ? found : { ...foundBefore, ...found })
  }

  function since(before: Record<string, number>, rules: readonly string[]): Record<string, number> | undefined {
    const now = policy.counts()
    const changed = rules.filter((rule) => (now[rule] ?? 0) > (before[rule] ?? 0))
    if (changed.length === 0) return undefined
    return Object.fromEntries(changed.map((rule) => [rule, (now[rule] ?? 0) - (before[rule] ?? 0)]))
  }

  function keep(read: RecordRows, reading: Reading, line: number): void {
    for (const span of reading.spans) read.rows.push(protect(span, reading.findings))
    for (const score of reading.scores) read.scores.push(policy.applyScore(score))
    for (const feedback of reading.feedback) read.feedback.push(policy.applyFeedback(feedback))
    for (const prompt of reading.prompts) read.prompts.push(policy.applyPromptName(prompt))
    for (const id of reading.deleted) read.deleted.push(id)
    // Reasons are the formats' own words.
    for (const [reason, times] of Object.entries(reading.skipped))
      read.skipped[reason] = (read.skipped[reason] ?? 0) + times
    for (const message of reading.problems) read.problems.push({ line, message })
    for (const key of new Set(reading.unexpected.map(shownKey))) {
      const entry = read.unexpected.get(key)
      if (entry) entry.records += 1
      else read.unexpected.set(key, { records: 1, line })
    }
  }

  function readOne(read: RecordRows, whole: Whole, defers: boolean): void {
    const { value: record, line } = whole
    const format = formatOf(record)
    if (defers && format?.open) {
      read.deferred.push(whole)
      return
    }
    read.records += 1
    if (format) {
      read.format ??= format.name
      keep(read, readingOf(format, record), line)
      return
    }
    const foreign = detectForeign(record)
    const reason = foreign?.what ?? unknownRecord
    if (foreign) read.foreign ??= { what: foreign.what, hint: foreign.hint }
    else read.unknownKeys ??= keysOf(record)
    read.skipped[reason] = (read.skipped[reason] ?? 0) + 1
  }

  function collect(work: (read: RecordRows) => void): RecordRows {
    const before = policy.counts()
    const read: RecordRows = {
      ...{
        rows: [],
        scores: [],
        feedback: [],
        prompts: [],
        deleted: [],
        deferred: [],
        records: 0,
        skipped: {},
        problems: [],
      },
      ...{ unexpected: new Map(), format: undefined, unknownKeys: undefined, foreign: undefined, redacted: {} },
    }
    work(read)
    read.redacted = since(before, Object.keys(policy.counts())) ?? {}
    return read
  }

  return {
    /** `defers`: what must be read in order is left to whoever reads in order. */
    read: (framed: readonly Framed[], { defers = false } = {}): RecordRows =>
      collect((read) => {
        for (const record of framed)
          if ('problem' in record) read.problems.push({ line: record.line, message: record.problem })
          else readOne(read, record, defers)
      }),
    /** What was held back. */
    end: (): RecordRows =>
      collect((read) => {
        for (const reader of opened.values()) keep(read, reader.end(), 0)
        opened.clear()
      }),
    /** True once a record came whose format must be read in order, by one reader. */
    isInOrder: () => opened.size > 0,
  }
}

function keysOf(record: Json): string[] {
  return typeof record === 'object' && record !== null && !Array.isArray(record) ? Object.keys(record).slice(0, 8) : []
}
