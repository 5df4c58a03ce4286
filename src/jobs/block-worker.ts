import { parentPort } from 'node:worker_threads'
import { PilotError } from '../core/errors.js'
import { createBlockReader } from './block-pool.js'
import type { ThreadAnswer, ThreadMessage } from './reader-thread.js'

// A thread that reads blocks: first it is told how, then blocks come in and rows go out, in the same order.
let reader: ReturnType<typeof createBlockReader> | undefined

parentPort?.on('message', async (message: ThreadMessage) => {
  if ('setup' in message) {
    reader = createBlockReader(message.setup)
    // Whoever sends the first block is told.
    reader.catch(() => undefined)
    return
  }
  parentPort?.postMessage(await answer(message))
})

async function answer(message: Exclude<ThreadMessage, { setup: unknown }>): Promise<ThreadAnswer> {
  try {
    const read = await reader
    if (!read) throw new Error('a block came before the thread was told how to read it')
    return { rows: 'block' in message ? read.read(message.block, message) : read.end() }
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return error instanceof PilotError
      ? { failure: { message: error.message, hint: error.hint, exitCode: error.exitCode } }
      : { failure: { message: stack } }
  }
}
