import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Store } from './open.js'

/** What a thread needs to read on after a row. */
export interface PageTask {
  path: string
  /** Of platform, trace id, span id, then the rest of `args`: a page of columns after that row. */
  sql: string
  args: readonly (string | number)[]
  last: readonly [traceId: string, spanId: string]
  /** Where trace ids and span ids stand among the columns. */
  idColumns: readonly [number, number]
  /** How many pages were made, and taken. */
  gate: Int32Array
  port: MessagePort
}

export const produced = 0
export const consumed = 1

/** Enough to keep the thread busy while a page is measured, few enough to keep memory flat. */
export const pagesAhead = 4

/** Longer than any page takes; a thread that says nothing for so long has died. */
const patienceMs = 10_000

/** It keeps its memory small: a young generation as large as the default would double that of the process. */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 }

interface PageThread {
  /** The next page; undefined where the thread has failed, and whoever asks reads on alone. */
  next(): string[] | undefined
  stop(): void
}

/**
 * Starts a thread that reads on while the pages before are measured; undefined where it would not see what this connection
 * sees. It halves the time of a large store, and nothing depends on it.
 */
export function startPageThread(
  db: Store,
  { sql, args, last, idColumns }: Omit<PageTask, 'path' | 'gate' | 'port'>,
): PageThread | undefined {
  const worker = new URL('./page-worker.js', import.meta.url)
  if (db.memory || db.inTransaction || !existsSync(fileURLToPath(worker))) return undefined
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const { port1, port2 } = new MessageChannel()
  const task: PageTask = { path: db.name, sql, args, last, idColumns, gate, port: port2 }
  const thread = new Worker(worker, { workerData: task, transferList: [port2], resourceLimits })
  // Its end is noticed by its silence: this thread is blocked while it waits, and hears no event.
  thread.on('error', () => undefined)
  thread.unref()
  port1.unref()
  return {
    next() {
      const waitedUntilMs = performance.now() + patienceMs
      for (;;) {
        const made = Atomics.load(gate, produced)
        const answer = receiveMessageOnPort(port1)
        if (answer !== undefined) {
          Atomics.add(gate, consumed, 1)
          Atomics.notify(gate, consumed)
          return answer.message as string[] | undefined
        }
        if (performance.now() > waitedUntilMs) return undefined
        Atomics.wait(gate, produced, made, 500)
      }
    },
    stop() {
      port1.close()
      void thread.terminate()
    },
  }
}
