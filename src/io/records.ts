import { type Block, type BlockOptions, readBlocks } from './blocks.js'
import { addTotals, type Framed, noTotals, parseBlock, type RecordTotals } from './parse-block.js'

/**
 * The records of a stream of JSON, whatever its framing, told by content: one value a line, one document, values one after
 * the other, a list whose items are the records. A bad line or value is a problem, and the rest goes on.
 */
export function readRecords(chunks: AsyncIterable<Buffer>, options: BlockOptions) {
  let totals = noTotals()
  async function* batches(): AsyncGenerator<Framed[]> {
    for await (const block of readBlocks(chunks, options)) {
      const parsed = parseBlock(block)
      const linesBefore = totals.lines
      totals = addTotals(totals, parsed.totals)
      yield parsed.framed.map((framed) => atLine(framed, block, linesBefore))
    }
  }
  return { batches: batches(), totals: (): RecordTotals => totals }
}

/** A block of lines counts from its own first line; a cut knows its place in the file. */
export function atLine<T extends { line: number }>(found: T, { shape }: Pick<Block, 'shape'>, linesBefore: number): T {
  return shape === 'lines' ? { ...found, line: found.line + linesBefore } : found
}
