import { parseExact } from './json.js'
import { newline, openBrace, opensContainer } from './json-bytes.js'
import { type Cut, createCutter } from './values.js'

/**
 * A piece of an export that can be read by itself: whole lines (the last block may end in a line without its newline), or
 * values that were cut out of a document or a line too long to hold.
 */
export type Block =
  | { shape: 'lines'; bytes: Uint8Array; isLast: boolean }
  /** `lines`: how many lines of the file these values end, where they came from lines. */
  | { shape: 'cuts'; cuts: Cut[]; lines: number }

export interface BlockOptions {
  /** Keys whose arrays hold records: a larger value is split there. */
  containers: ReadonlySet<string>
  maxRecordBytes?: number
}

type Limits = Required<BlockOptions>

/** Cuts a stream of JSON into blocks, whatever its framing; the bytes of a block are its own. */
export async function* readBlocks(
  chunks: AsyncIterable<Buffer>,
  { containers, maxRecordBytes = 16 * 1024 * 1024 }: BlockOptions,
): AsyncGenerator<Block> {
  const limits = { containers, maxRecordBytes }
  let framer: Framer | undefined
  const head: Buffer[] = []
  let headBytes = 0
  let triedBytes = 0
  for await (const chunk of chunks) {
    if (framer) {
      yield* framer.feed(chunk)
      continue
    }
    head.push(chunk)
    headBytes += chunk.length
    // Only when the head has doubled since, so that the time stays linear whatever the sizes of the chunks.
    const isEnough = headBytes > maxRecordBytes
    if (headBytes < triedBytes * 2 && !isEnough) continue
    triedBytes = headBytes
    framer = chooseFramer(Buffer.concat(head), limits, isEnough)
    if (framer) for (const piece of head.splice(0)) yield* framer.feed(piece)
  }
  framer ??= chooseFramer(Buffer.concat(head), limits, true)!
  for (const piece of head) yield* framer.feed(piece)
  yield* framer.end()
}

interface Framer {
  feed(bytes: Buffer): Block[]
  end(): Block[]
}

/** Lines that are looked at when the first of them leaves a bracket open. */
const linesAhead = 16

/**
 * Lines, unless the head of the file shows that its values are not one a line. Undefined while the head is too short to tell.
 * A first line that is whole JSON, or plain wrong, means lines; one that leaves a bracket open means a document, unless a
 * line soon after it is a whole object with another behind it, or the last: no comma between them makes the first a broken line.
 */
function chooseFramer(text: Buffer, limits: Limits, isEnough: boolean): Framer | undefined {
  const [first, ...others] = firstLines(text, linesAhead, isEnough)
  if (first === undefined) return isEnough ? lineFramer(limits) : undefined
  const shape = first.length > limits.maxRecordBytes ? shapeOfLong(first) : shapeOf(first)
  if (shape === 'line') return lineFramer(limits)
  if (shape === 'several' || first.length < 3) return valueFramer(limits)
  const isAllThereIs = isEnough || others.length === linesAhead - 1
  for (const [index, line] of others.entries()) {
    const next = others[index + 1]
    if (next === undefined && !isAllThereIs) return undefined
    const isAlone = next === undefined ? isEnough : next[0] === openBrace
    if (isAlone && line[0] === openBrace && 'value' in parseExact(line.toString('utf8'))) return lineFramer(limits)
  }
  return isAllThereIs ? valueFramer(limits) : undefined
}

/** The first lines that are not blank; one that the end of what was read cuts off only when there is no more to wait for. */
function firstLines(text: Buffer, count: number, isEnough: boolean): Buffer[] {
  const found: Buffer[] = []
  for (let start = 0; start < text.length && found.length < count; ) {
    const end = text.indexOf(newline, start)
    const line = text.subarray(start, end === -1 ? text.length : end)
    if (!isBlank(line) && (end !== -1 || isEnough)) found.push(line)
    start = end === -1 ? text.length : end + 1
  }
  return found
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return false
  return true
}

/** `line`: a whole value, or nothing that JSON could be; `open`: it breaks off inside a list or object; `several`: values side by side. */
function shapeOf(line: Buffer): 'line' | 'open' | 'several' {
  const parsed = parseExact(line.toString('utf8'))
  if ('value' in parsed) return 'line'
  const first = /[^\s]/.exec(line.toString('utf8', 0, 1024))?.[0]
  if (first !== '{' && first !== '[') return 'line'
  if (parsed.fault.endsEarly) return 'open'
  return parsed.fault.reason.includes('nothing more') && isContainerAt(line, parsed.fault.offset) ? 'several' : 'line'
}

/** A line that is too long to be tried. */
function shapeOfLong(line: Buffer): 'line' | 'open' {
  return /^\s*[[{]/.test(line.toString('latin1', 0, 1024)) ? 'open' : 'line'
}

function isContainerAt(line: Buffer, offset: number): boolean {
  return offset < line.length && opensContainer(line[offset]!)
}

/** One value a line; the fast path, since nearly every export is that. */
function lineFramer(limits: Limits): Framer {
  let rest: Buffer[] = []
  let restBytes = 0
  let lines = 0
  // A line over the limit is cut as a stream of its own.
  let long: ReturnType<typeof createCutter> | undefined

  function feed(bytes: Buffer): Block[] {
    const end = bytes.lastIndexOf(newline) + 1
    if (end === 0) return hold(bytes)
    const blocks = long ? finishLong(bytes.subarray(0, end)) : [whole([...rest, bytes.subarray(0, end)])]
    rest = []
    restBytes = 0
    return [...blocks, ...hold(bytes.subarray(end))]
  }

  /** Whole lines, none of them over the limit: what is held is not, and a read is shorter. */
  function whole(pieces: readonly Buffer[], isLast = false): Block {
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
    let at = 0
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
      for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, end + 1)) lines += 1
    }
    return { shape: 'lines', bytes, isLast }
  }

  function finishLong(bytes: Buffer): Block[] {
    const end = bytes.indexOf(newline) + 1
    const cuts = long ? [...long.feed(bytes.subarray(0, end)), ...long.end()] : []
    long = undefined
    lines += 1
    const behind = bytes.subarray(end)
    return [...cutBlocks(cuts, 1), ...(behind.length > 0 ? [whole([behind])] : [])]
  }

  function hold(bytes: Buffer): Block[] {
    if (bytes.length === 0) return []
    if (long) return cutBlocks(long.feed(bytes), 0)
    // A copy: what is held must not keep a whole read alive.
    rest.push(Buffer.from(bytes))
    restBytes += bytes.length
    if (restBytes <= limits.maxRecordBytes) return []
    const cutter = createCutter({ ...limits, line: lines + 1, offset: 0 })
    long = cutter
    restBytes = 0
    return rest.splice(0).flatMap((piece) => cutBlocks(cutter.feed(piece), 0))
  }

  return {
    feed,
    end: () => {
      if (long) return cutBlocks(long.end(), 1)
      return restBytes === 0 ? [] : [whole(rest, true)]
    },
  }
}

/** Documents, values one after the other, lists over many lines. */
function valueFramer(limits: Limits): Framer {
  const cutter = createCutter({ ...limits, line: 1, offset: 0 })
  let before = 0
  const block = (cuts: Cut[]): Block[] => {
    const lines = cutter.line() - 1 - before
    before += lines
    return cutBlocks(cuts, lines)
  }
  return { feed: (bytes) => block(cutter.feed(bytes)), end: () => block(cutter.end()) }
}

/** Enough for one block: a document that is split hands on many megabytes at once. */
const bytesPerBlock = 256 * 1024

/** Cuts that come together, in blocks of a size that keeps memory flat; the last one ends the lines. */
function cutBlocks(cuts: readonly Cut[], lines: number): Block[] {
  const blocks: Extract<Block, { shape: 'cuts' }>[] = []
  let bytes = bytesPerBlock
  for (const cut of cuts) {
    if (bytes >= bytesPerBlock) blocks.push({ shape: 'cuts', cuts: [], lines: 0 })
    if (bytes >= bytesPerBlock) bytes = 0
    blocks.at(-1)!.cuts.push(cut)
    bytes += 'text' in cut ? cut.text.length : 0
  }
  if (lines > 0 && blocks.length === 0) blocks.push({ shape: 'cuts', cuts: [], lines: 0 })
  const last = blocks.at(-1)
  if (last) last.lines = lines
  return blocks
}
