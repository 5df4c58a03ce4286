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
    read(block: Block): BlockRows {
      const { framed, totals } = parseBlock(block)
      return { shape: block.shape, totals, ...records.read(framed) }
    },
    end: (): BlockRows => ({ shape: 'cuts', totals: noTotals(), ...records.end() }),
    isInOrder: records.isInOrder,
  }
}

type BlockReader = Awaited<ReturnType<typeof createBlockReader>>

/**
 * The rows of each block, in the order of the blocks. What is large is read in a second thread too: a large file from its second
 * block on, one whose size says nothing (compressed, standard input) from where it has turned out to be; but a format whose
 * records must be read in order, here alone. `thread` is one that was started in advance.
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
  for (let bytes = 0; bytes === 0 || reader.isInOrder() || (!isLarge && bytes < worthThreadBytes); ) {
    const next = await iterator.next()
    if (next.done) {
      yield reader.end()
      return
    }
    bytes += bytesOf(next.value)
    yield reader.read(next.value)
  }
  const helper = thread ?? startReaderThread()
  try {
    helper.setUp(setup)
    yield* readInBoth(rest, reader, helper)
    yield reader.end()
    yield await helper.end()
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

/** Blocks go to the thread while it has room for them; what it has no room for is read here, since this one writes and is idle in between. */
async function* readInBoth(
  blocks: AsyncIterable<Block>,
  reader: BlockReader,
  thread: ReaderThread,
): AsyncGenerator<BlockRows> {
  const waiting: Answer[] = []
  let ahead = 0
  const ask = (block: Block): Answer => {
    ahead += 1
    const answer: Answer = { rows: undefined, settled: Promise.resolve() }
    answer.settled = thread.read(block).then((rows) => {
      answer.rows = rows
      ahead -= 1
    })
    // Whoever waits for it is told; those behind a failed block have no one to wait for them.
    answer.settled.catch(() => undefined)
    return answer
  }
  for await (const block of blocks) {
    waiting.push(ahead < blocksAhead ? ask(block) : { rows: reader.read(block), settled: Promise.resolve() })
    if (waiting.length > 2 * blocksAhead) await waiting[0]!.settled
    while (waiting[0]?.rows) yield waiting.shift()!.rows!
  }
  for (const answer of waiting) {
    await answer.settled
    yield answer.rows!
  }
}
