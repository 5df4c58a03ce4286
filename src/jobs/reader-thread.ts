import { Worker } from 'node:worker_threads'
import { type ExitCode, PilotError } from '../core/errors.js'
import type { PrivacyRule } from '../core/privacy/policy.js'
import type { KeyPaths } from '../formats/format.js'
import type { Mapping } from '../formats/mapped.js'
import type { Block } from '../io/blocks.js'
import type { BlockRows } from './read-block.js'

/** What it takes to read blocks; all of it can be passed between threads. */
export interface BlockReaderSetup {
  privacy: readonly PrivacyRule[]
  saltPath: string
  /** The name of a format when it is not to be detected. */
  format: string | undefined
  keys: KeyPaths
  /** The team's own mapping of a home-grown log. */
  mapping: Mapping | undefined
}

export type ThreadMessage = { setup: BlockReaderSetup } | { block: Block; defers: boolean } | { end: true }

/** What a thread sends back for one block, or for the end of a file. */
export type ThreadAnswer =
  | { rows: BlockRows }
  | { failure: { message: string; hint?: string | undefined; exitCode?: ExitCode } }

/** A thread that reads blocks. Starting takes it a while, so it may be started before it is known how to read. */
export interface ReaderThread {
  setUp(setup: BlockReaderSetup): void
  /** `defers`: what must be read in order comes back as it is. */
  read(block: Block, how?: Reading): Promise<BlockRows>
  /** What was held back until the end of the file. */
  end(): Promise<BlockRows>
  stop(): Promise<unknown>
}

interface Reading {
  defers: boolean
}

const together: Reading = { defers: false }

/** Starts the thread. It keeps its memory small: a young generation as large as the default would double that of the process. */
export function startReaderThread(): ReaderThread {
  const worker = new Worker(new URL('./block-worker.js', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 },
  })
  const asked: { resolve(rows: BlockRows): void; reject(error: Error): void }[] = []
  worker.on('message', (answer: ThreadAnswer) => {
    const { resolve, reject } = asked.shift()!
    if ('rows' in answer) resolve(answer.rows)
    else reject(errorOf(answer.failure))
  })
  let broken: Error | undefined
  const fail = (error: Error) => {
    broken ??= error
    for (const { reject } of asked.splice(0)) reject(broken)
  }
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('the thread that reads has ended')))
  const send = (message: ThreadMessage, moved: ArrayBuffer[] = []) => worker.postMessage(message, moved)
  const ask = (message: ThreadMessage, moved?: ArrayBuffer[]) =>
    new Promise<BlockRows>((resolve, reject) => {
      // A thread that has ended would never answer.
      if (broken) return reject(broken)
      asked.push({ resolve, reject })
      send(message, moved)
    })
  return {
    setUp: ({ privacy, saltPath, format, keys, mapping }) =>
      send({ setup: { privacy, saltPath, format, keys, mapping } }),
    read: (block, { defers } = together) =>
      ask({ block, defers }, block.shape === 'lines' ? [block.bytes.buffer as ArrayBuffer] : []),
    end: () => ask({ end: true }),
    stop: () => worker.terminate(),
  }
}

function errorOf({ message, hint, exitCode }: Extract<ThreadAnswer, { failure: unknown }>['failure']): Error {
  return exitCode === undefined ? new Error(message) : new PilotError(message, { hint, exitCode })
}
