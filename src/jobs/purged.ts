import type { AttemptEvent } from '../core/drill/attempt.js'
import type { FileReport } from '../core/ingest-report.js'
import type { Feedback, Request, Score } from '../core/span.js'
import { loadHash } from '../io/salt.js'
import { feedbackKey, scoreKey } from '../store/judgements.js'
import { addPurge } from '../store/purge/audit.js'
import { type PurgedKind, readTombstones, type Tombstones } from '../store/purge/tombstones.js'
import type { IngestOptions } from './file-run.js'

type Known = Pick<Tombstones, 'has'>

/** True for a label of a run, a request or a case that was purged. */
export function isPurgedLabel(tombstones: Known, item: string | undefined): boolean {
  if (item === undefined) return false
  const ofRepeat = item.replace(/\/\d+$/, '')
  return (
    tombstones.has('trace', item) ||
    tombstones.has('request', item) ||
    tombstones.has('case', item) ||
    tombstones.has('case', ofRepeat)
  )
}

/** True for an event of an attempt at an incident that was purged. */
export function isPurgedAttempt(
  tombstones: Known,
  { drill, incident }: Pick<AttemptEvent, 'drill' | 'incident'>,
): boolean {
  if (incident === undefined) return false
  if (drill !== undefined && tombstones.has('incident', `${drill}/${incident}`)) return true
  return tombstones.has('trace', incident) || tombstones.has('request', incident)
}

/** Keeps what was purged out of the store, and counts it; or, where that is wanted, lets it in and forgets that it was purged. */
export interface PurgeGate {
  refusesTrace(traceId: string): boolean
  refusesScore(score: Score): boolean
  refusesFeedback(feedback: Feedback): boolean
  refusesRequest(request: Request): boolean
  refusesLabel(item: string): boolean
  refusesAttempt(event: AttemptEvent): boolean
}

/** The gate of one file. Its functions are called inside a transaction. */
export function purgeGate(
  {
    db,
    platform,
    saltPath,
    restoresPurged = false,
  }: Pick<IngestOptions, 'db' | 'platform' | 'saltPath' | 'restoresPurged'>,
  report: Pick<FileReport, 'purged' | 'restored'>,
): PurgeGate {
  const tombstones = readTombstones(db, loadHash(saltPath))
  if (tombstones === undefined) return open
  const lifting: Known = {
    has(kind, id) {
      if (!tombstones.has(kind, id)) return false
      tombstones.lift(kind, id)
      report.restored += 1
      return true
    },
  }
  /** Of a row that one test finds: none other has to be asked, unless all of them have to forget. */
  const refuses = (...tests: ((known: Known) => boolean)[]): boolean => {
    if (restoresPurged) {
      for (const test of tests) test(lifting)
      return false
    }
    const isPurged = tests.some((test) => test(tombstones))
    if (isPurged) report.purged += 1
    return isPurged
  }
  const of = (kind: PurgedKind, id: string | undefined) => (known: Known) => id !== undefined && known.has(kind, id)
  return {
    refusesTrace: (traceId) => refuses(of('trace', traceId)),
    refusesScore: (score) => refuses(of('trace', score.traceId), of('score', scoreKey(platform, score))),
    refusesFeedback: (feedback) =>
      refuses(
        of('trace', feedback.traceId),
        of('request', feedback.request),
        of('feedback', feedbackKey(platform, feedback)),
      ),
    refusesRequest: ({ id, traceId }) => refuses(of('request', id), of('trace', traceId)),
    refusesLabel: (item) => refuses((known) => isPurgedLabel(known, item)),
    refusesAttempt: (event) => refuses((known) => isPurgedAttempt(known, event)),
  }
}

const no = () => false
const open: PurgeGate = {
  refusesTrace: no,
  refusesScore: no,
  refusesFeedback: no,
  refusesRequest: no,
  refusesLabel: no,
  refusesAttempt: no,
}

/** Notes in the list of purges that a file brought back what was purged. Call it inside a transaction. */
export function noteRestored({ db, nowMs, platform }: IngestOptions, { restored }: Pick<FileReport, 'restored'>): void {
  if (restored === 0) return
  addPurge(db, {
    timeMs: nowMs,
    selector: 'restore',
    state: 'scrubbed',
    traces: 0,
    platforms: { [platform]: 0 },
    rows: { restored },
  })
}
