import type { RunTally } from './evidence.js'
import { entryOf } from './keys.js'
import { modelOf, type Run } from './run.js'
import { addCase, addValue, emptySample, emptyShare } from './sample.js'
import { addTokens, noTokens } from './usage.js'

/** How much of the stated usage repeats what children state, over runs that are added one by one. */
export function usageTally() {
  let spans = 0
  const [naive, counted] = [noTokens(), noTokens()]
  return {
    add({ usage }: Run): void {
      spans += usage.repeated
      addTokens(naive, usage.naive)
      addTokens(counted, usage.tokens)
    },
    result: () => {
      const both = ({ input = 0, output = 0 }) => ({ input, output })
      return { repeatedUsage: { spans, naive: both(naive), counted: both(counted) } }
    },
  }
}

/** What the runs cost, over runs that are added one by one. */
export function costTally() {
  const costUsd: RunTally['costUsd'] = { stated: undefined, computed: undefined, unpricedSpans: 0, unpricedModels: [] }
  const unpriced = new Map<string, { model: string; spans: number }>()
  const costPerRun = emptySample()
  const costKnown = emptyShare()
  return {
    add({ cost }: Run): void {
      addValue(costPerRun, cost.total)
      addCase(costKnown, cost.total !== undefined)
      if (cost.stated !== undefined) costUsd.stated = (costUsd.stated ?? 0) + cost.stated
      if (cost.computed !== undefined) costUsd.computed = (costUsd.computed ?? 0) + cost.computed
      costUsd.unpricedSpans += cost.unpriced.length
      for (const model of cost.unpriced.map(modelOf)) {
        if (model) entryOf(unpriced, model, (kept) => ({ model: kept, spans: 0 })).spans += 1
      }
    },
    result: () => {
      const models = [...unpriced.values()].sort((a, b) => b.spans - a.spans).slice(0, 20)
      return { costUsd: { ...costUsd, unpricedModels: models.map(({ model }) => model) }, costPerRun, costKnown }
    },
  }
}
