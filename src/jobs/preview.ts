import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../config/load.js'
import { PilotError } from '../core/errors.js'
import { shownKey } from '../core/key-name.js'
import type { Preview } from '../core/preview.js'
import { createPolicy } from '../core/privacy/policy.js'
import { readBlocks } from '../io/blocks.js'
import { byteReader } from '../io/byte-reader.js'
import { decompress } from '../io/decompress.js'
import { openInput } from '../io/input.js'
import { type Framed, parseBlock } from '../io/parse-block.js'
import { throwAwayHash } from '../io/salt.js'
import { spanOf } from '../store/span-row.js'
import { containersOf, requireFormat } from './ingest-traces.js'
import { createRecordReader, type RecordRows } from './read-block.js'
import { isTable, readTableRecords } from './read-table.js'

/**
 * Reads the first `most` records of each file and writes nothing: no store, no lock, no salt (hashes are those of a salt that is
 * thrown away). Throws `PilotError` where a file cannot be read, or none of its records can.
 */
export async function preview(
  { config }: LoadedConfig,
  files: readonly string[],
  options: { most: number; format: string | undefined; stdin: Readable; cwd: string },
): Promise<Preview[]> {
  const mapping = config.inputs.traces
  requireFormat(options.format, mapping)
  if (files.length === 0) throw new PilotError('No file was named.', { hint: 'pilot ingest --preview 5 export.jsonl' })
  const previews: Preview[] = []
  for (const path of files) {
    const { chunks } = await openInput(path, options)
    const source = byteReader(decompress(chunks).chunks)
    const policy = await createPolicy(config.capture.privacy ?? [], throwAwayHash())
    const records = createRecordReader({ format: options.format, keys: config.capture.keys, mapping, policy })
    const framed = (await isTable(source, mapping))
      ? readTableRecords(source.rest())
      : readJson(source.rest(), containersOf(mapping))
    const first = await firstOf(framed, options.most)
    previews.push(previewOf(path, [records.read(first), records.end()]))
  }
  return previews
}

async function* readJson(chunks: AsyncIterable<Buffer>, containers: ReadonlySet<string>): AsyncGenerator<Framed> {
  for await (const block of readBlocks(chunks, { containers })) yield* parseBlock(block).framed
}

async function firstOf(framed: AsyncIterable<Framed>, most: number): Promise<Framed[]> {
  const first: Framed[] = []
  for await (const record of framed) {
    first.push(record)
    if (first.length >= most) break
  }
  return first
}

function previewOf(path: string, [read, held]: [RecordRows, RecordRows]): Preview {
  const shown: Preview = {
    path,
    format: read.format ?? null,
    records: read.records,
    spans: [...read.rows, ...held.rows].map(spanOf),
    scores: [...read.scores, ...held.scores],
    feedback: [...read.feedback, ...held.feedback],
    skipped: sums(read.skipped, held.skipped),
    problems: [...read.problems, ...held.problems],
    unexpected: Array.from(read.unexpected, ([key, seen]) => ({ key, ...seen })),
  }
  if (read.foreign && shown.spans.length === 0)
    throw new PilotError(`${path} holds ${read.foreign.what}, no traces.`, { hint: read.foreign.hint, exitCode: 3 })
  if (read.unknownKeys && read.format === undefined)
    throw new PilotError(
      `No format has the keys ${read.unknownKeys.map(shownKey).join(', ') || '(none)'} of the first record of ${path}.`,
      {
        hint: 'Map them in pilot.yaml under inputs.traces.columns; pilot ingest --formats lists what needs no mapping.',
        exitCode: 3,
      },
    )
  if (read.records === 0)
    throw new PilotError(`${path} holds no record that can be read: ${shown.problems[0]?.message ?? 'it has none'}.`, {
      hint: 'pilot ingest --formats lists what can be read, and how to get it.',
      exitCode: 3,
    })
  return shown
}

function sums(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const added = Object.entries(b).map(([reason, times]) => [reason, (a[reason] ?? 0) + times])
  return { ...a, ...Object.fromEntries(added) }
}
