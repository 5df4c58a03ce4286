import { createPolicy } from '../core/privacy/policy.js'
import type { Block } from '../io/blocks.js'
import { noTotals, parseBlock } from '../io/parse-block.js'
import { loadHash } from '../io/salt.js'
import { type BlockRows, createRecordReader } from './read-block.js'
import { type BlockReaderSetup, type ReaderThread, startReaderThread } from './reader-thread.js'

/** Less than this is read before a thread has started. */
const worthThreadBytes = 8 * 1024 * 1024
/** Blocks that wait at the thread: enough to keep it busy while rows are committed, few enough to keep memory flat. */
const blocksAhead = 6

/** Reads records of one file in this thread. */
export async function createReader(setup: BlockReaderSetup) {
  return createRecordReader({ ...setup, policy: await createPolicy(setup.privacy, loadHash(setup.saltPath)) })
}

/** Reads blocks of one file in this thread. */
export async function createBlockReader(setup: BlockReaderSetup) {
  const records = await createReader(setup)
  return {
    /** `defers`: what must be read in order is left in `deferred`, for `readDeferred`. */
    read(block: Block, { defers = false } = {}): BlockRows {
      const { framed, totals } = parseBlock(block)
      return { shape: block.shape, totals, ...records.read(framed, { defers }) }
    },
    readDeferred: ({ shape, deferred }: BlockRows): BlockRows => ({
      shape,
      totals: noTotals(),
      ...records.read(deferred),
    }),
    end: (): BlockRows => ({ shape: 'cuts', totals: noTotals(), ...records.end() }),
    isInOrder: records.isInOrder,
  }
}

type BlockReader = Awaited<ReturnType<typeof createBlockReader>>

/**
 * The rows of each block, in the order of the blocks. What is large is read in a second thread too: a large file from its second
 * block on, one whose size says nothing (compressed, standard input) from where it has turned out to be. Records that must be
 * read in order are read by one reader alone: the second thread's, where a large file begins with them; else this one's, which
 * is handed them by whoever meets them. `thread` is one that was started in advance.
 */
export async function* readRows(
  blocks: AsyncIterable<Block>,
  setup: BlockReaderSetup,
  { sizeBytes, thread }: { sizeBytes: number | undefined; thread: ReaderThread | undefined },
): AsyncGenerator<BlockRows> {
  const iterator = blocks[Symbol.asyncIterator]()
  const rest = { [Symbol.asyncIterator]: () => iterator }
  const reader = await createBlockReader(setup)
  const isLarge = (sizeBytes ?? 0) >= worthThreadBytes
  let again: Block | undefined
  for (let bytes = 0; bytes === 0 || reader.isInOrder() || (!isLarge && bytes < worthThreadBytes); ) {
    const next = await iterator.next()
    if (next.done) {
      yield reader.end()
      return
    }
    const isFirst = bytes === 0
    bytes += bytesOf(next.value)
    const rows = reader.read(next.value)
    if (isFirst && isLarge && reader.isInOrder()) {
      // What was read here is forgotten: the thread reads it from the beginning.
      again = next.value
      break
    }
    yield rows
  }
  const helper = thread ?? startReaderThread()
  try {
    helper.setUp(setup)
    yield* readWith(rest, helper, { reader: again ? undefined : reader, first: again })
    yield again ? await helper.end() : reader.end()
  } finally {
    if (!thread) await helper.stop()
  }
}

function bytesOf(block: Block): number {
  if (block.shape === 'lines') return block.bytes.length
  return block.cuts.reduce((sum, cut) => sum + ('text' in cut ? cut.text.length : 0), 0)
}

interface Answer {
  rows: BlockRows | undefined
  settled: Promise<void>
}

/**
 * Blocks go to the thread while it has room for them. What it has no room for is read by `reader`, here, since this thread writes
 * and is idle in between; without one, it waits.
 */
async function* readWith(
  blocks: AsyncIterable<Block>,
  thread: ReaderThread,
  { reader, first }: { reader: BlockReader | undefined; first: Block | undefined },
): AsyncGenerator<BlockRows> {
  const waiting: Answer[] = []
  let ahead = 0
  const ask = (block: Block): Answer => {
    ahead += 1
    const answer: Answer = { rows: undefined, settled: Promise.resolve() }
    answer.settled = thread.read(block, { defers: reader !== undefined }).then((rows) => {
      answer.rows = rows
      ahead -= 1
    })
    // Whoever waits for it is told; those behind a failed block have no one to wait for them.
    answer.settled.catch(() => undefined)
    return answer
  }
  function* inOrder(rows: BlockRows): Generator<BlockRows> {
    // Before the block itself, since its lines are counted from where the block begins.
    if (reader && rows.deferred.length > 0) yield reader.readDeferred(rows)
    yield rows
  }
  if (first) waiting.push(ask(first))
  for await (const block of blocks) {
    const isAsked = !reader || ahead < blocksAhead
    waiting.push(isAsked ? ask(block) : { rows: reader.read(block, { defers: true }), settled: Promise.resolve() })
    if (waiting.length > (reader ? 2 : 1) * blocksAhead) await waiting[0]!.settled
    while (waiting[0]?.rows) yield* inOrder(waiting.shift()!.rows!)
  }
  for (const answer of waiting) {
    await answer.settled
    yield* inOrder(answer.rows!)
  }
}
