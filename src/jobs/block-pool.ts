import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type ExitCode, PilotError } from '../core/errors.js'
import { createPolicy, type PrivacyRule } from '../core/privacy/policy.js'
import type { KeyPaths } from '../formats/format.js'
import type { Block } from '../io/blocks.js'
import { loadHash } from '../io/salt.js'
import { type BlockRows, createBlockReader } from './read-block.js'

/** What a thread needs to know to read blocks; all of it can be passed between threads. */
export interface BlockReaderSetup {
  privacy: readonly PrivacyRule[]
  saltPath: string
  /** The name of a format when it is not to be detected. */
  format: string | undefined
  keys: KeyPaths
}

/** What a thread sends back for one block. */
export type WorkerAnswer =
  | { rows: BlockRows }
  | { failure: { message: string; hint?: string | undefined; exitCode?: ExitCode } }

/** Less than this is read before a thread has started. */
const worthThreadsBytes = 8 * 1024 * 1024
/** Blocks that wait at each thread: enough to keep it busy while rows are committed, few enough to keep memory flat. */
const blocksPerWorker = 8

/**
 * The rows of each block, in the order of the blocks. What is large is read in other threads: a large file at once, one
 * whose size says nothing (compressed, standard input) from where it has turned out to be.
 */
export async function* readRows(
  blocks: AsyncIterable<Block>,
  setup: BlockReaderSetup,
  sizeBytes: number | undefined,
): AsyncGenerator<BlockRows> {
  const iterator = blocks[Symbol.asyncIterator]()
  const rest = { [Symbol.asyncIterator]: () => iterator }
  if ((sizeBytes ?? 0) < worthThreadsBytes) {
    const read = createBlockReader({ ...setup, policy: await createPolicy(setup.privacy, loadHash(setup.saltPath)) })
    for (let bytes = 0; bytes < worthThreadsBytes; ) {
      const next = await iterator.next()
      if (next.done) return
      bytes += bytesOf(next.value)
      yield read(next.value)
    }
  }
  yield* readInThreads(rest, setup)
}

function bytesOf(block: Block): number {
  if (block.shape === 'lines') return block.bytes.length
  return block.cuts.reduce((sum, cut) => sum + ('text' in cut ? cut.text.length : 0), 0)
}

async function* readInThreads(blocks: AsyncIterable<Block>, setup: BlockReaderSetup): AsyncGenerator<BlockRows> {
  const threads = Array.from({ length: Math.max(1, Math.min(3, availableParallelism())) }, () => startThread(setup))
  const waiting: Promise<BlockRows>[] = []
  let next = 0
  try {
    for await (const block of blocks) {
      waiting.push(threads[next++ % threads.length]!.read(block))
      if (waiting.length >= threads.length * blocksPerWorker) yield await waiting.shift()!
    }
    while (waiting.length > 0) yield await waiting.shift()!
  } finally {
    // A block that failed has been reported; those behind it have no one to wait for them.
    for (const rest of waiting) rest.catch(() => undefined)
    await Promise.all(threads.map((thread) => thread.stop()))
  }
}

function startThread({ privacy, saltPath, format, keys }: BlockReaderSetup) {
  const setup: BlockReaderSetup = { privacy, saltPath, format, keys }
  const worker = new Worker(new URL('./block-worker.js', import.meta.url), {
    workerData: setup,
    // Young generations as large as the default grow in every thread at once; this keeps the whole process small.
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 },
  })
  const asked: { resolve(rows: BlockRows): void; reject(error: Error): void }[] = []
  worker.on('message', (answer: WorkerAnswer) => {
    const { resolve, reject } = asked.shift()!
    if ('rows' in answer) resolve(answer.rows)
    else reject(errorOf(answer.failure))
  })
  worker.on('error', (error) => {
    for (const { reject } of asked.splice(0)) reject(error)
  })
  return {
    read(block: Block): Promise<BlockRows> {
      return new Promise((resolve, reject) => {
        asked.push({ resolve, reject })
        worker.postMessage(block, block.shape === 'lines' ? [block.bytes.buffer as ArrayBuffer] : [])
      })
    },
    stop: () => worker.terminate(),
  }
}

function errorOf({ message, hint, exitCode }: Extract<WorkerAnswer, { failure: unknown }>['failure']): Error {
  return exitCode === undefined ? new Error(message) : new PilotError(message, { hint, exitCode })
}
