import type { Readable } from 'node:stream'
import { exitCodes, PilotError } from '../core/errors.js'
import type { Json, Span } from '../core/span.js'
import { detectForeign } from '../formats/foreign.js'
import type { Format, RecordReader } from '../formats/format.js'
import { detectFormat } from '../formats/index.js'
import { byteReader } from '../io/byte-reader.js'
import { decompress } from '../io/decompress.js'
import { openInput } from '../io/input.js'
import type { Framed } from '../io/parse-block.js'
import { readRecords } from '../io/records.js'
import { containersOf } from './ingest-traces.js'
import { isTable, readTableRecords } from './read-table.js'

/**
 * The spans of an export (`-` is standard input) in the order in which they stand there; bad records are left out.
 * Throws `PilotError` (exit 3) at the end of a file that holds none.
 */
export async function* readSpans(path: string, world: { stdin: Readable; cwd: string }): AsyncGenerator<Span> {
  const { chunks } = await openInput(path, world)
  const plain = decompress(chunks)
  const source = byteReader(plain.chunks)
  const framed = (await isTable(source, undefined)) ? readTableRecords(source.rest()) : readJson(source.rest())
  const misses = new Map<string, number>()
  const opened = new Map<Format, RecordReader>()
  let isEmpty = true
  for await (const record of framed) {
    const found = 'problem' in record ? 'unreadable' : spansOf(record.value, opened)
    if (typeof found === 'string') misses.set(found, (misses.get(found) ?? 0) + 1)
    else {
      isEmpty &&= found.length === 0
      yield* found
    }
  }
  for (const reader of opened.values()) {
    const { spans } = reader.end()
    isEmpty &&= spans.length === 0
    yield* spans
  }
  if (!isEmpty) return
  const outcome = plain.outcome()
  const counts = [...misses].map(([what, times]) => `${times} ${what}`)
  const reasons = [
    ...(counts.length > 0 ? [`its records: ${counts.join(', ')}`] : []),
    ...(outcome.complete ? [] : [outcome.reason]),
  ]
  throw new PilotError(`${[`${path} holds no span`, ...reasons].join('; ')}.`, {
    hint: 'pilot ingest --formats lists what can be read, and how to get it.',
    exitCode: exitCodes.io,
  })
}

async function* readJson(chunks: AsyncIterable<Buffer>): AsyncGenerator<Framed> {
  for await (const batch of readRecords(chunks, { containers: containersOf(undefined) }).batches) yield* batch
}

/** The spans of a record so far; or what it is instead. */
function spansOf(record: Json, opened: Map<Format, RecordReader>): Span[] | string {
  const format = detectFormat(record)
  if (format === undefined) return detectForeign(record)?.what ?? 'of no known format'
  if (!format.open) {
    const { spans } = format.read(record, {})
    return spans.length > 0 ? spans : 'without a span'
  }
  const reader = opened.get(format) ?? format.open({})
  opened.set(format, reader)
  return reader.read(record).spans
}
