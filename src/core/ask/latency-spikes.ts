import { runValue } from '../select.js'
import { isStated, type ProductionQuestion } from './question.js'

/** By whom or what the slowest runs may be grouped. */
export const spikeGroups = ['tenant', 'user', 'workflow'] as const

/** One of these a run must state: a workflow has a name in any case, that of its root. */
const namedBy = ['tenant', 'user'] as const

/** Whose runs are the slow ones. */
export const latencySpikes: ProductionQuestion = {
  id: '6',
  name: 'latency-spikes',
  version: 1,
  text: 'Which tenants, users or workflows have the slowest runs?',
  rule: 'the duration of the run is known, and it states a tenant or a user (its workflow is known by the root span)',
  more: 'pilot latency --spikes',
  read({ run }) {
    const unknown = namedBy.filter((group) => !isStated(runValue(run.trace, run.root, group)))
    const missing = [
      ...(run.latencyMs === undefined ? ['duration'] : []),
      ...(unknown.length === namedBy.length ? ['tenant or user'] : []),
    ]
    return { missing, lacks: missing.length > 0 ? [] : unknown }
  },
  answer({ run: { trace, root, latencyMs } }) {
    const duration =
      latencyMs === undefined
        ? []
        : [{ text: `took ${Math.round(latencyMs)} ms`, span: root, attributes: ['start', 'end'] }]
    const named = spikeGroups.flatMap((group) => {
      const value = runValue(trace, root, group)
      return isStated(value) ? [{ text: `${group} ${value}`, attributes: [group] }] : []
    })
    return [...duration, ...named]
  },
}
