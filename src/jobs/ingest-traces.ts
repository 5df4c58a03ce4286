import { PilotError } from '../core/errors.js'
import { addProblem, type FileReport } from '../core/ingest-report.js'
import { formats } from '../formats/index.js'
import { readBlocks } from '../io/blocks.js'
import { addTotals, noTotals } from '../io/parse-block.js'
import { atLine } from '../io/records.js'
import type { Written } from '../store/batches.js'
import { judgementWriter } from '../store/judgements.js'
import { spanWriter } from '../store/span-writer.js'
import { readRows } from './block-pool.js'
import type { FileRun, Reading } from './file-run.js'
import type { BlockRows } from './read-block.js'

const containers: ReadonlySet<string> = new Set(formats.flatMap((format) => format.containers))

/** An export of traces: blocks → records → format → spans → privacy → store. */
export function readTraces({ report, options, chunks, sizeBytes }: FileRun): Reading<BlockRows> {
  let totals = noTotals()
  let unknownKeys: string[] | undefined

  function count(read: BlockRows): void {
    for (const problem of read.problems) {
      const { line, message } = atLine(problem, read, totals.lines)
      addProblem(report, line, message)
    }
    for (const [reason, times] of Object.entries(read.skipped)) add(report.skipped, reason, times)
    for (const [rule, times] of Object.entries(read.redacted)) add(report.redacted, rule, times)
    report.records += read.records
    report.format ??= read.format ?? null
    unknownKeys ??= read.unknownKeys
    totals = addTotals(totals, read.totals)
    report.pending = totals.pending
    report.replacedUtf8 = totals.replacedUtf8
  }

  function writer(source: number): (read: BlockRows) => Written {
    const spans = spanWriter(options.db, options.platform, source)
    const judgements = judgementWriter(options.db, options.platform, source)
    return (read) => {
      for (const row of read.rows) report.spans[spans.write(row)] += 1
      for (const score of read.scores) if (judgements.score(score)) report.scores += 1
      for (const feedback of read.feedback) if (judgements.feedback(feedback)) report.feedback += 1
      count(read)
      return { records: read.rows.length, bytes: read.rows.reduce((sum, { body }) => sum + body.length, 0) }
    }
  }

  return {
    pieces: readRows(readBlocks(chunks, { containers }), options, { sizeBytes, thread: options.thread }),
    writer,
    kept: () => report.spans.added + report.spans.updated + report.spans.unchanged + report.scores + report.feedback,
    refusal: () => holdsNothing(report, unknownKeys),
  }
}

function add(counts: Record<string, number>, name: string, times: number): void {
  counts[name] = (counts[name] ?? 0) + times
}

/** Throws `PilotError` (exit 2) for a name that no format has. */
export function requireFormat(wanted: string | undefined): void {
  const names = formats.map((format) => format.name)
  if (wanted !== undefined && !names.includes(wanted))
    throw new PilotError('--from names no known format.', { hint: `Formats: ${names.join(', ')}.` })
}

function holdsNothing(report: FileReport, keys: string[] | undefined): PilotError {
  const skipped = Object.entries(report.skipped).map(([reason, times]) => `${times} ${reason}`)
  const bad = report.problems.length + report.problemsOmitted
  const parts = [
    ...skipped,
    ...(bad > 0 ? [`${bad} unreadable`] : []),
    ...(report.pending > 0 ? ['a line that breaks off'] : []),
  ]
  const first = keys?.length ? ` The first unknown record has the keys ${keys.map(clipKey).join(', ')}.` : ''
  return new PilotError(`${report.path} holds no span: ${parts.join(', ') || 'nothing'}.${first}`, {
    hint: 'pilot ingest --formats lists what can be read, and how to get it.',
    exitCode: 3,
  })
}

/** Names are untrusted and may hold anything, a token too: only what looks like words is shown. */
function clipKey(key: string): string {
  return key.length <= 40 && /^[$@_]?[A-Za-z]+(?:[._:@-][A-Za-z]+)*\d{0,2}$/.test(key) ? key : '(not a plain name)'
}
