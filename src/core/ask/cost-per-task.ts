import { type CompletionRule, ruleTerms, ruleText } from '../completed.js'
import { statesCost } from '../cost.js'
import { statesUsage } from '../usage.js'
import type { AskedRun, ProductionQuestion } from './question.js'

/** What a task costs that was brought to its end. */
export function costPerTask(completed: CompletionRule): ProductionQuestion {
  const ownKeys = Object.keys(ruleTerms(completed))
  return {
    id: '5',
    name: 'cost-per-task',
    version: 2,
    text: 'What does a completed task cost?',
    rule: `the whole cost of the run is known, stated or by price, and whether it is completed; a run is completed when ${ruleText(completed)}`,
    more: 'pilot cost',
    read: (asked) => ({ missing: [...missingOf(asked), ...asked.completion.missing], lacks: [] }),
    answer({ run, completion: { state } }) {
      const { cost, root, trace } = run
      if (cost.total === undefined) return []
      const stating = trace.spans.filter(statesCost)
      const how =
        stating.length === 0
          ? 'computed from tokens and prices'
          : cost.priced.size === 0
            ? 'as stated'
            : 'stated, else computed'
      const attributes = [...(stating.length > 0 ? ['cost'] : []), ...(cost.priced.size > 0 ? ['tokens', 'model'] : [])]
      return [
        { text: `$${Number(cost.total.toPrecision(4))} ${how}`, attributes },
        ownKeys.length === 0
          ? { text: state, span: root, attributes: ['status'] }
          : { text: state === 'unknown' ? 'unknown whether it is completed' : state, attributes: ownKeys },
      ]
    },
  }
}

function missingOf({ run: { cost, calls, trace } }: AskedRun): string[] {
  if (cost.total !== undefined) return []
  if (calls.length === 0 && !trace.spans.some(statesUsage)) return ['model call']
  return [cost.unpriced.length > 0 ? 'price of the model' : 'cost or tokens']
}
