import { workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { consumed, type PageTask, pagesAhead, produced } from './page-thread.js'

// A thread that reads pages, as far ahead as it may. Whoever takes them is blocked while it waits, and is woken by the gate.
const task = workerData as PageTask
try {
  readAhead(task)
} catch {
  // Whoever waits reads on alone, and meets the same error where it can be told.
  hand(undefined)
}

function readAhead({ path, sql, args, last, idColumns }: PageTask): void {
  const db = new Database(path, { readonly: true })
  const statement = db.prepare(sql).raw()
  const [platform, ...rest] = args
  let after: readonly unknown[] = last
  while (after.length > 0) {
    const texts = statement.get(platform, ...after, ...rest) as string[]
    after = idColumns.flatMap((column) => (JSON.parse(texts[column]!) as string[]).slice(-1))
    hand(texts)
    waitForRoom()
  }
}

function hand(texts: string[] | undefined): void {
  task.port.postMessage(texts)
  Atomics.add(task.gate, produced, 1)
  Atomics.notify(task.gate, produced)
}

function waitForRoom(): void {
  for (;;) {
    const taken = Atomics.load(task.gate, consumed)
    if (Atomics.load(task.gate, produced) - taken < pagesAhead) return
    Atomics.wait(task.gate, consumed, taken)
  }
}
