import type { Readable } from 'node:stream'
import { exitCodes, PilotError } from '../core/errors.js'
import type { Json, Span } from '../core/span.js'
import { detectFormat, formats } from '../formats/index.js'
import { decompress } from '../io/decompress.js'
import { openInput } from '../io/input.js'
import { readRecords } from '../io/records.js'

const containers: ReadonlySet<string> = new Set(formats.flatMap((format) => format.containers))

/**
 * The spans of an export (`-` is standard input) in the order in which they stand there; bad records are left out.
 * Throws `PilotError` (exit 3) at the end of a file that holds none.
 */
export async function* readSpans(path: string, world: { stdin: Readable; cwd: string }): AsyncGenerator<Span> {
  const { chunks } = await openInput(path, world)
  const plain = decompress(chunks)
  const misses = new Map<string, number>()
  let isEmpty = true
  for await (const batch of readRecords(plain.chunks, { containers }).batches) {
    for (const framed of batch) {
      const found = 'problem' in framed ? 'unreadable' : spansOf(framed.value)
      if (typeof found === 'string') misses.set(found, (misses.get(found) ?? 0) + 1)
      else {
        isEmpty = false
        yield* found
      }
    }
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

/** The spans of a record, at least one; or what it is instead. */
function spansOf(record: Json): Span[] | string {
  const format = detectFormat(record)
  if (format === undefined) return 'of no known format'
  const { spans } = format.read(record, {})
  return spans.length > 0 ? spans : 'without a span'
}
