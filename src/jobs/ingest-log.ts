import { hash } from 'node:crypto'
import { isOwnId, type LogEntry } from '../core/log-entry.js'
import type { Policy } from '../core/privacy/policy.js'
import { readLogEntry } from '../formats/log.js'
import type { Row } from '../formats/row.js'
import { logWriter } from '../store/log.js'
import type { FileRun } from './file-run.js'

/**
 * Stores the entries of a log, each once: by its id, and of those without one by what they say and how often the file says it. An id
 * that `pilot log` has not made may be a number of a list, so it is one engineer's.
 */
export function keepLogEntry(
  { report, options }: FileRun,
  policy: Policy,
  source: number,
): (row: Row) => string | undefined {
  const log = logWriter(options.db, source)
  const met = new Map<string, number>()
  return (row) => {
    const read = readLogEntry(row, options.columns)
    if (typeof read === 'string') return read
    const platform = read.platform ?? (options.platform || undefined)
    if (platform === undefined)
      return 'no platform: pilot.yaml names several candidates; name one in the row, or ingest the file with --platform'
    if (!options.platforms.includes(platform)) return 'the platform is none of those in pilot.yaml'
    const entry = policy.applyLogEntry({ ...read, platform })
    report.logEntries[log.write(keyOf(entry), entry)] += 1
    return undefined
  }

  function keyOf(entry: LogEntry): string {
    if (entry.id !== undefined)
      return isOwnId(entry.id) || isStoredKey.test(entry.id)
        ? entry.id
        : shortHash(JSON.stringify([entry.id, entry.engineer]))
    const text = JSON.stringify([entry.platform, entry.timeMs, entry.engineer, entry.note, entry.work])
    const times = (met.get(text) ?? 0) + 1
    met.set(text, times)
    return shortHash(`${times} ${text}`)
  }
}

/** As `pilot export` writes an entry that came without an id of ours. */
const isStoredKey = /^[0-9a-f]{16}$/

const shortHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 16)
