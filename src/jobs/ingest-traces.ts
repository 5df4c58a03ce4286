import { PilotError } from '../core/errors.js'
import { addProblem, addUnexpected, type FileReport } from '../core/ingest-report.js'
import { shownKey } from '../core/key-name.js'
import { formatsWith } from '../formats/index.js'
import type { Mapping } from '../formats/mapped.js'
import { readBlocks } from '../io/blocks.js'
import { byteReader } from '../io/byte-reader.js'
import { addTotals, noTotals } from '../io/parse-block.js'
import { atLine } from '../io/records.js'
import type { Written } from '../store/batches.js'
import { judgementWriter } from '../store/judgements.js'
import { placesOfRecords } from '../store/record-spans.js'
import { registryWriter } from '../store/registry.js'
import { spanWriter } from '../store/span-writer.js'
import { readRows } from './block-pool.js'
import type { FileRun, Reading } from './file-run.js'
import { type PurgeGate, purgeGate } from './purged.js'
import type { BlockRows, RecordRows } from './read-block.js'
import { isTable, readTableRows } from './read-table.js'

/** Keys under which records stand, of all formats of a pilot. */
export function containersOf(mapping: Mapping | undefined): ReadonlySet<string> {
  return new Set(formatsWith(mapping).flatMap((format) => format.containers))
}

/** An export of traces: blocks → records → format → spans → privacy → store. */
export function readTraces({ report, options, chunks, sizeBytes }: FileRun): Reading<BlockRows> {
  let totals = noTotals()
  let unknownKeys: string[] | undefined
  let foreign: BlockRows['foreign']
  let judged = 0

  function writer(source: number): (read: BlockRows) => Written {
    const write = rowWriter(options, source)
    return (read) => {
      write(read, report)
      judged += read.scores.length + read.feedback.length
      countRows(read, report, (found) => atLine(found, read, totals.lines))
      unknownKeys ??= read.unknownKeys
      foreign ??= read.foreign
      totals = addTotals(totals, read.totals)
      report.pending = totals.pending
      report.replacedUtf8 = totals.replacedUtf8
      return { records: read.rows.length, bytes: read.rows.reduce((sum, { body }) => sum + body.length, 0) }
    }
  }

  return {
    pieces: readPieces({ report, options, chunks, sizeBytes }),
    writer,
    kept: () => judged + report.purged + sizeOf(report),
    refusal: () => holdsNothing(report, unknownKeys, foreign),
  }
}

/**
 * What stores the rows of a source and counts in a report what became of them; call it inside a transaction. A record that the
 * platform has deleted stays out, with what was judged of it.
 */
export function rowWriter(
  options: Parameters<typeof purgeGate>[0],
  source: number,
): (read: RecordRows, report: FileReport) => void {
  const { db, platform } = options
  const spans = spanWriter(db, platform, source)
  const judgements = judgementWriter(db, platform, source)
  const registry = registryWriter(db, platform, source)
  const placeOf = placesOfRecords(db, platform)
  let gateOf: { report: FileReport; gate: PurgeGate } | undefined
  return (read, report) => {
    if (gateOf?.report !== report) gateOf = { report, gate: purgeGate(options, report) }
    const { gate } = gateOf
    const gone = new Set<string>()
    const keyOf = ({ traceId, spanId }: { traceId?: string; spanId?: string }) => JSON.stringify([traceId, spanId])
    for (const row of read.rows) {
      const isDeleted = registry.isDeleted(row.recordId)
      const place = placeOf(row)
      if (gate.refusesTrace(row.traceId)) continue
      const placed = place === undefined ? row : { ...row, ...place }
      if (isDeleted) gone.add(keyOf(row))
      report[row.isRollup ? 'traceRows' : 'spans'][isDeleted ? 'unchanged' : spans.write(placed)] += 1
    }
    const isLeft = (judged: { traceId?: string; spanId?: string }) => gone.size === 0 || !gone.has(keyOf(judged))
    for (const { id, name } of read.prompts) registry.promptName(id, name)
    for (const recordId of read.deleted) if (!gate.refusesTrace(recordId)) registry.deletion(recordId)
    report.promptNames += read.prompts.length
    report.deletions += read.deleted.length
    for (const score of read.scores)
      if (isLeft(score) && !gate.refusesScore(score) && judgements.score(score)) report.scores += 1
    for (const feedback of read.feedback)
      if (isLeft(feedback) && !gate.refusesFeedback(feedback) && judgements.feedback(feedback)) report.feedback += 1
  }
}

/** Counts in a report what was read beside rows; `place` says where in the file a line of these records stands. */
export function countRows(
  read: RecordRows,
  report: FileReport,
  place: <T extends { line: number }>(found: T) => T,
): void {
  for (const problem of read.problems) {
    const { line, message } = place(problem)
    addProblem(report, line, message)
  }
  for (const [key, { records, line }] of read.unexpected) addUnexpected(report, key, records, place({ line }).line)
  for (const [reason, times] of Object.entries(read.skipped)) add(report.skipped, reason, times)
  for (const [rule, times] of Object.entries(read.redacted)) add(report.redacted, rule, times)
  report.records += read.records
  report.format ??= read.format ?? null
}

/** A table of records where its head shows one, else JSON in whatever framing. */
async function* readPieces({ options, chunks, sizeBytes }: FileRun): AsyncGenerator<BlockRows> {
  const source = byteReader(chunks)
  if (await isTable(source, options.mapping)) yield* readTableRows(source.rest(), options)
  else
    yield* readRows(readBlocks(source.rest(), { containers: containersOf(options.mapping) }), options, {
      sizeBytes,
      thread: options.thread,
    })
}

/** How much of ours a file held beside judgements, new or known. */
function sizeOf({ spans, traceRows, promptNames, deletions }: FileReport): number {
  const rows = [spans, traceRows].map(({ added, updated, unchanged }) => added + updated + unchanged)
  return rows.reduce((sum, count) => sum + count, promptNames + deletions)
}

function add(counts: Record<string, number>, name: string, times: number): void {
  counts[name] = (counts[name] ?? 0) + times
}

/** Throws `PilotError` (exit 2) for a name that no format has. */
export function requireFormat(wanted: string | undefined, mapping: Mapping | undefined): void {
  if (wanted === 'mapped' && mapping === undefined)
    throw new PilotError('pilot.yaml maps no fields of a log.', {
      hint: 'Add inputs.traces.columns; see pilot.yaml.example.',
    })
  const names = formatsWith(mapping).map((format) => format.name)
  if (wanted !== undefined && !names.includes(wanted))
    throw new PilotError('--from names no known format.', { hint: `Formats: ${names.join(', ')}.` })
}

function holdsNothing(report: FileReport, keys: string[] | undefined, foreign: BlockRows['foreign']): PilotError {
  if (foreign && report.problems.length === 0)
    return new PilotError(`${report.path} holds ${foreign.what}, no traces.`, { hint: foreign.hint, exitCode: 3 })
  const skipped = Object.entries(report.skipped).map(([reason, times]) => `${times} ${reason}`)
  const bad = report.problems.length + report.problemsOmitted
  const parts = [
    ...skipped,
    ...(bad > 0 ? [`${bad} unreadable`] : []),
    ...(report.pending > 0 ? ['a line that breaks off'] : []),
  ]
  const first = keys?.length ? ` The first unknown record has the keys ${keys.map(shownKey).join(', ')}.` : ''
  return new PilotError(`${report.path} holds no span: ${parts.join(', ') || 'nothing'}.${first}`, {
    hint: 'pilot ingest --formats lists what can be read, and how to get it.',
    exitCode: 3,
  })
}
