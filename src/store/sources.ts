import { known } from './known.js'
import type { Store } from './open.js'
import { dropOutdated } from './outdated.js'

/** What an ingest may be told that a file holds. */
export const sourceKinds = [
  'traces',
  'requests',
  'feedback',
  'scores',
  'deployments',
  'billing',
  'attempts',
  'labels',
  'log',
] as const
export type SourceKind = (typeof sourceKinds)[number]

/** `reading` outside a running ingest means that it was interrupted. */
export type SourceState = 'reading' | 'complete' | 'incomplete'

/** One export that was ingested: what stood in it, and how far it was read. */
export interface Source {
  id: number
  kind: SourceKind
  platform: string
  path: string
  format: string | undefined
  sha256: string | undefined
  bytes: number | undefined
  state: SourceState
  /** Why it is incomplete. */
  reason: string | undefined
  records: number
  problems: number
  skipped: Record<string, number>
  /** Privacy rule → how many values it changed. */
  redacted: Record<string, number>
  ingestedMs: number
}

/**
 * The row for one (kind, platform, path), marked as being read; its id stays the same when the file comes again. What it
 * brought under other privacy rules goes first.
 */
export function beginSource(
  db: Store,
  source: Pick<Source, 'kind' | 'platform' | 'path' | 'ingestedMs'> & { policy: string },
): number {
  const find = db.prepare('SELECT id, policy FROM source WHERE kind = @kind AND platform = @platform AND path = @path')
  const begin = db.prepare(
    `INSERT INTO source (kind, platform, path, state, policy, ingested_ms) VALUES (@kind, @platform, @path, 'reading', @policy, @ingestedMs)
     ON CONFLICT DO UPDATE SET state = 'reading', reason = NULL, policy = @policy, ingested_ms = @ingestedMs RETURNING id`,
  )
  const run = db.transaction(() => {
    const known = find.get(source) as { id: number; policy: string } | undefined
    if (known && known.policy !== source.policy) dropOutdated(db, known.id, source.policy)
    return begin.pluck().get(source) as number
  })
  return run.immediate()
}

/** What is known of a source once it was read to its end, or to where it breaks off. */
export function finishSource(
  db: Store,
  id: number,
  found: Omit<Source, 'id' | 'kind' | 'platform' | 'path' | 'ingestedMs'>,
): void {
  db.prepare(
    `UPDATE source SET format = @format, sha256 = @sha256, bytes = @bytes, state = @state, reason = @reason, records = @records,
     problems = @problems, skipped = @skipped, redacted = @redacted WHERE id = @id`,
  ).run({
    ...found,
    id,
    format: found.format ?? null,
    sha256: found.sha256 ?? null,
    bytes: found.bytes ?? null,
    reason: found.reason ?? null,
    skipped: JSON.stringify(found.skipped),
    redacted: JSON.stringify(found.redacted),
  })
}

/** All sources in the order of their first ingest. */
export function readSources(db: Store): Source[] {
  const rows = db
    .prepare(
      `SELECT id, kind, platform, path, format, sha256, bytes, state, reason, records, problems, skipped, redacted,
       ingested_ms AS ingestedMs FROM source ORDER BY id`,
    )
    .all() as (object & { skipped: string; redacted: string })[]
  return rows.map((row) => ({
    ...known<Source>(row),
    skipped: JSON.parse(row.skipped) as Source['skipped'],
    redacted: JSON.parse(row.redacted) as Source['redacted'],
  }))
}

/** How many sources came in under other privacy rules than those with this hash. */
export function countOtherPolicies(db: Store, policy: string): number {
  return db
    .prepare('SELECT count(*) FROM source WHERE policy <> ? AND format IS NOT ?')
    .pluck()
    .get(policy, 'by hand') as number
}

/** What detectors found in the spans of one platform: rule → spans, and some of their traces. */
export function readFindings(db: Store, platform: string): { rule: string; spans: number; examples: string[] }[] {
  const rows = db
    .prepare(
      `SELECT rule, trace_id AS traceId FROM finding JOIN span ON span.id = finding.span WHERE platform = ? ORDER BY rule, finding.span`,
    )
    .iterate(platform) as IterableIterator<{ rule: string; traceId: string }>
  const found = new Map<string, { rule: string; spans: number; examples: string[] }>()
  for (const { rule, traceId } of rows) {
    const entry = found.get(rule) ?? { rule, spans: 0, examples: [] }
    entry.spans += 1
    if (entry.examples.length < 10 && !entry.examples.includes(traceId)) entry.examples.push(traceId)
    found.set(rule, entry)
  }
  return [...found.values()]
}

/**
 * Stores what a person entered by a command, under a source of its own that all such entries share. Privacy rules that changed
 * since take nothing out of it: there is no file from which it could be read again.
 */
export function recordByHand(
  db: Store,
  entry: { kind: SourceKind; path: string; policy: string; nowMs: number; records: number },
  write: (source: number) => void,
): void {
  const begin = db.prepare(
    `INSERT INTO source (kind, platform, path, format, state, policy, ingested_ms, records)
     VALUES (@kind, '', @path, 'by hand', 'complete', @policy, @nowMs, @records)
     ON CONFLICT DO UPDATE SET policy = @policy, ingested_ms = @nowMs, records = records + @records RETURNING id`,
  )
  const run = db.transaction(() => write(begin.pluck().get(entry) as number))
  run.immediate()
}
