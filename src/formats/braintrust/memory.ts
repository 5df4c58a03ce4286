import type { Json, SpanKind } from '../../core/span.js'

/** What a row of Braintrust is remembered by: fragments of it may carry its `id` alone. */
export interface KnownRow {
  traceId: string
  spanId: string
  parentId?: string | undefined
  kind?: SpanKind | undefined
  /** How many rows with this id have been read. */
  versions: number
}

export interface RowMemory {
  find(id: Json | undefined): KnownRow | undefined
  keep(id: Json | undefined, row: KnownRow): void
}

/** Rows that are remembered; a fragment that comes later than that many others is not joined. About 30 MB. */
const mostRows = 100_000

/** A memory of the rows of one file, the oldest forgotten first. */
export function createMemory(): RowMemory {
  const rows = new Map<string, KnownRow>()
  return {
    find: (id) => (typeof id === 'string' ? rows.get(id) : undefined),
    keep(id, row) {
      if (typeof id !== 'string' || id === '' || id.length > 200) return
      rows.delete(id)
      rows.set(id, row)
      if (rows.size > mostRows) for (const oldest of rows.keys()) return void rows.delete(oldest)
    },
  }
}

/**
 * The order of a transaction id as a number that keeps every step: the ids (1000196050791148460) lie beyond 2^53, but all share
 * their high bits. Undefined for what is no such id.
 */
export function revisionOf(transaction: Json | undefined): number | undefined {
  const digits = typeof transaction === 'number' ? String(transaction) : transaction
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits)) return undefined
  return digits.length < 16 ? Number(digits) : Number(BigInt(digits) - commonBits)
}

/** When a transaction was, in epoch milliseconds to the second; undefined for ids that hold no time. */
export function timeOfTransaction(transaction: Json | undefined): number | undefined {
  const revision = revisionOf(transaction)
  return revision === undefined || revision < 1e9 * countsPerSecond
    ? undefined
    : Math.floor(revision / countsPerSecond) * 1000
}

const countsPerSecond = 65_536

/** Transaction ids are 0x0DE1, then the second, then a count within it. */
const commonBits = 0x0de1n << 48n
