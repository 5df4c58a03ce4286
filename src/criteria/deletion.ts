import type { Criterion } from '../core/criterion.js'
import type { Measurement } from '../core/measurement.js'
import { type DeletionProbe, summariseDeletion, type TraceFate } from '../core/probes/deletion.js'
import { plain } from './plain.js'

/** Hours until a deleted trace is gone from list, get and export. */
export const deletion: Criterion = {
  id: 'deletion',
  title: 'Hours until deleted is gone',
  line: 'production safety',
  unit: 'hours',
  defaultTarget: { comparison: '<=', value: 24 },
  mustByDefault: false,
  query: 'pilot probe deletion show',
  measure: ({ probes }) => measureDeletion(probes.deletion?.result),
}

/** The upper bound of the last trace to go; infinite while one is there. */
export function measureDeletion(probe: DeletionProbe | undefined): Measurement {
  if (probe === undefined)
    return { measured: false, reason: 'No trace was deleted to see it go.', next: 'pilot probe deletion plan' }
  if (probe.deletedMs === undefined)
    return { measured: false, reason: 'A deletion is planned, and not done yet.', next: 'pilot probe deletion deleted' }
  const { fates, last, gone, present, unknown, channels, retention } = summariseDeletion(probe)
  if (last.state === 'unknown')
    return {
      measured: false,
      reason: `Of ${fates.length} deleted traces ${unknown} are unknown: ${last.why ?? 'nobody has looked yet'}.`,
      next: 'pilot probe deletion verify <fresh-export>',
      evidence: fates.map(fateLine),
    }
  // One that is there at a moment goes later than that; times are whole milliseconds.
  const low = hours(last.lowMs === 0 ? 0 : last.lowMs + 1)
  const high = last.highMs === undefined ? Number.POSITIVE_INFINITY : hours(last.highMs)
  const looked = `looked for in ${channels.map((channel) => (channel === 'export' ? 'exports' : "the team's command")).join(' and ')}`
  const still = `${present} of ${fates.length} still there after ${plain(hours(last.lowMs))} h`
  const note = [
    last.state === 'present' ? still : `the last went between ${plain(hours(last.lowMs))} and ${plain(high)} h`,
    looked,
    ...retentionLine(retention),
  ]
  return {
    measured: true,
    value: high,
    unit: 'hours',
    n: fates.length,
    interval: { low, high },
    note: note.join('; '),
    evidence: [
      `deleted at ${new Date(probe.deletedMs).toISOString()}; gone ${gone}, still there ${present}, unknown ${unknown}; ${looked}`,
      'rule: gone in a look only where another trace of its day and environment, not deleted, is still found; the bounds are the looks before and after',
      ...fates.map(fateLine),
    ],
  }
}

function fateLine({ trace, state, lowMs, highMs, why }: TraceFate): string {
  if (state === 'gone')
    return `${trace.traceId}: gone between ${plain(hours(lowMs))} and ${plain(hours(highMs ?? 0))} h`
  if (state === 'present') return `${trace.traceId}: still there after ${plain(hours(lowMs))} h`
  return `${trace.traceId}: unknown: ${why ?? 'nobody has looked yet'}`
}

function retentionLine(retention: DeletionProbe['looks'][number]['retention']): string[] {
  if (retention === undefined) return []
  const { days, known, listed } = retention
  if (known === 0 && listed === 0) return [`retention of ${days} days not measured: no trace is that old`]
  return [`older than ${days} days and still listed: ${listed} traces`]
}

const hours = (ms: number) => ms / 3_600_000
