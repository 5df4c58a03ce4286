import { runValue } from '../select.js'
import { type AskedRun, isStated, type ProductionQuestion } from './question.js'

/** By whom or what the slowest runs may be grouped. */
export const spikeGroups = ['tenant', 'user', 'workflow'] as const
export type SpikeGroup = (typeof spikeGroups)[number]

/** One of these a run must state: a workflow has a name in any case, that of its root. */
const namedBy = ['tenant', 'user'] as const

/** Whose runs are the slow ones. */
export const latencySpikes: ProductionQuestion = {
  id: '6',
  name: 'latency-spikes',
  version: 1,
  text: 'Which tenants, users or workflows have the slowest runs?',
  rule: 'the duration of the run is known, and it states a tenant or a user (its workflow is known by the root span)',
  more: 'pilot latency --by tenant',
  read(asked) {
    const unknown = namedBy.filter((group) => !isStated(groupOf(asked, group)))
    const missing = [
      ...(asked.run.latencyMs === undefined ? ['duration'] : []),
      ...(unknown.length === namedBy.length ? ['tenant or user'] : []),
    ]
    return { missing, lacks: missing.length > 0 ? [] : unknown }
  },
  answer({ run, ...asked }) {
    const { latencyMs, root } = run
    const duration =
      latencyMs === undefined
        ? []
        : [{ text: `took ${Math.round(latencyMs)} ms`, span: root, attributes: ['start', 'end'] }]
    const named = spikeGroups.flatMap((group) => {
      const value = groupOf({ run, ...asked }, group)
      return isStated(value) ? [{ text: `${group} ${value}`, attributes: [group] }] : []
    })
    return [...duration, ...named]
  },
}

/** The tenant, user or workflow of a run; undefined where no span states one. */
export function groupOf({ run: { trace, root } }: Pick<AskedRun, 'run'>, group: SpikeGroup): string | undefined {
  if (group !== 'user') return runValue(trace, root, group)
  return root.user ?? trace.spans.find(({ user }) => user !== undefined)?.user
}
