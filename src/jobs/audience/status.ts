import { each, only, own } from '../../core/audience/sight.js'
import type { PilotStatus } from '../../reports/status.js'

/** The day plan; sources that were not read to their end have no path, and nothing of why. */
export const statusForProduct = only<PilotStatus>({
  pilot: only<PilotStatus['pilot']>({ name: own, start: own, end: own }),
  lock: 'shown',
  day: 'shown',
  days: 'shown',
  items: each(
    only<PilotStatus['items'][number]>({
      id: 'shown',
      title: own,
      days: 'shown',
      from: own,
      due: own,
      state: 'shown',
      missing: each(own),
      next: own,
    }),
  ),
  reminders: each(own),
  next: own,
  sources: (sources) =>
    sources.map(({ kind, state }, place) => ({
      ...{ path: `source ${place + 1}`, kind, platform: '', state },
      reason: undefined,
    })),
})
