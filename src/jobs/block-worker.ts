import { parentPort, workerData } from 'node:worker_threads'
import { PilotError } from '../core/errors.js'
import { createPolicy } from '../core/privacy/policy.js'
import type { Block } from '../io/blocks.js'
import { loadHash } from '../io/salt.js'
import type { BlockReaderSetup, WorkerAnswer } from './block-pool.js'
import { createBlockReader } from './read-block.js'

// A thread of the pool: blocks come in, rows go out, in the order in which they came.
const { privacy, saltPath, format, keys } = workerData as BlockReaderSetup
const readBlock = createBlockReader({ format, keys, policy: await createPolicy(privacy, loadHash(saltPath)) })

parentPort?.on('message', (block: Block) => {
  parentPort?.postMessage(answer(block))
})

function answer(block: Block): WorkerAnswer {
  try {
    return { rows: readBlock(block) }
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return error instanceof PilotError
      ? { failure: { message: error.message, hint: error.hint, exitCode: error.exitCode } }
      : { failure: { message: stack } }
  }
}
