import type { Completion, CompletionRule } from './completed.js'
import { type CompletedCost, completedCost } from './completed-cost.js'
import { entryOf } from './keys.js'
import type { Run } from './run.js'
import { runValue } from './select.js'
import { isNamed } from './step.js'

/** What a completed task costs over all runs, and by what a run belongs to as a whole, the dearest first. */
export interface CompletedCosts {
  rule: CompletionRule
  all: CompletedCost
  tenant: CompletedGroup[]
  release: CompletedGroup[]
  /** The steps in the rule that no run has. */
  unseen: string[]
}

type CompletedGroup = { key: string } & CompletedCost

/** Tells of each run whether it is a completed task, and by which rule. */
export interface CompletionReader {
  rule: CompletionRule
  of(run: Run): Completion
}

/** What completed tasks cost, over runs that are added one by one. */
export function completedTally({ rule, of }: CompletionReader) {
  const all = completedCost()
  const groups = { tenant: new Map<string, Group>(), release: new Map<string, Group>() }
  const unseen = new Set([rule.step, rule.without_step].filter((name) => name !== undefined))
  return {
    add(run: Run): void {
      const { state } = of(run)
      all.add(state, run.cost.total)
      for (const dimension of ['tenant', 'release'] as const) {
        const key = runValue(run.trace, run.root, dimension)
        if (key) entryOf(groups[dimension], key, emptyGroup).costs.add(state, run.cost.total)
      }
      for (const name of unseen) if (run.trace.spans.some((span) => isNamed(span, name))) unseen.delete(name)
    },
    result: (): CompletedCosts => ({
      rule,
      all: all.result(),
      tenant: byTotal(groups.tenant),
      release: byTotal(groups.release),
      unseen: [...unseen],
    }),
  }
}

interface Group {
  key: string
  costs: ReturnType<typeof completedCost>
}

function emptyGroup(key: string): Group {
  return { key, costs: completedCost() }
}

function byTotal(groups: ReadonlyMap<string, Group>): CompletedGroup[] {
  return [...groups.values()]
    .map(({ key, costs }) => ({ key, ...costs.result() }))
    .sort((a, b) => b.totalUsd - a.totalUsd || (a.key < b.key ? -1 : 1))
}
