import { setTimeout as wait } from 'node:timers/promises'
import type { LoadedConfig } from '../config/load.js'
import { lockOnFirstData, readLock } from '../config/lock.js'
import { addReport, emptyReport, type FileReport } from '../core/ingest-report.js'
import type { Json } from '../core/span.js'
import { addReceived, finishReceiving, prepareToReceive, receivedSource, storeReceived } from '../store/received.js'
import { createReader } from './block-pool.js'
import { countRows, rowWriter } from './ingest-traces.js'
import type { RecordRows } from './read-block.js'
import { workspaceOf } from './workspace.js'

/** How long a request may wait for another command that writes; clients give up after ten seconds. */
const patienceMs = 4000

export interface SpanStore {
  /** What has become of all requests so far. */
  total: FileReport
  /** True once this locked the criteria. */
  hasLocked(): boolean
  /** Stores the spans of one request, which is committed when this resolves: with what became of it, or with `busy` and nothing. */
  keep(request: Json, bytes: number): Promise<FileReport | 'busy'>
  close(): void
}

/** The store of a pilot, open for requests of OTLP under its privacy rules. The criteria are locked before the first of them. */
export async function openSpanStore(
  loaded: LoadedConfig,
  { platform, path, nowMs }: { platform: string; path: string; nowMs(): number },
): Promise<SpanStore> {
  const { config, directory } = loaded
  readLock(directory) // throws now, not at the first request, where it was edited by hand
  const workspace = workspaceOf(loaded)
  const { policyHash: policy, saltPath } = workspace
  const db = workspace.open('write')
  prepareToReceive(db)
  const reader = await createReader({
    privacy: config.capture.privacy ?? [],
    saltPath,
    format: 'otlp',
    keys: config.capture.keys,
    mapping: undefined,
  })
  const total: FileReport = { ...emptyReport(path, platform), format: 'otlp' }
  let hasLocked = false
  let opened: { source: number; write: ReturnType<typeof rowWriter> } | undefined

  /** Inside a transaction, which may fail: what it has opened counts only once that is committed. */
  function write(rows: RecordRows, bytes: number): { report: FileReport; by: NonNullable<typeof opened> } {
    const report = emptyReport(path, platform)
    const open = () => {
      const source = receivedSource(db, { platform, path, policy, ingestedMs: nowMs() })
      return { source, write: rowWriter({ db, platform, saltPath }, source) }
    }
    const by = opened ?? open()
    by.write(rows, report)
    countRows(rows, report, (found) => found)
    const { records, skipped, redacted, problems } = report
    addReceived(db, by.source, { records, problems: problems.length, skipped, redacted, bytes })
    return { report, by }
  }

  return {
    total,
    hasLocked: () => hasLocked,
    async keep(request, bytes) {
      const rows = reader.read([{ line: 0, bytes, value: request }])
      if (opened === undefined) hasLocked = lockOnFirstData(loaded, nowMs()) || hasLocked
      for (const untilMs = performance.now() + patienceMs; ; await wait(50)) {
        const stored = storeReceived(db, () => write(rows, bytes))
        if (stored === 'busy' && performance.now() < untilMs) continue
        if (stored === 'busy') return stored
        opened = stored.done.by
        addReport(total, stored.done.report)
        total.state = 'complete'
        return stored.done.report
      }
    },
    close() {
      try {
        if (opened !== undefined) finishReceiving(db, platform)
      } finally {
        db.close()
      }
    },
  }
}
