import { statesCost } from '../cost.js'
import { statesUsage } from '../usage.js'
import type { AskedRun, ProductionQuestion } from './question.js'

/** What a task costs that was brought to its end. */
export const costPerTask: ProductionQuestion = {
  id: '5',
  name: 'cost-per-task',
  version: 1,
  text: 'What does a completed task cost?',
  rule: 'the whole cost of the run is known, stated or by price; a run is completed when its root span is no error',
  more: 'pilot cost',
  read: (asked) => ({ missing: missingOf(asked), lacks: [] }),
  answer({ run }) {
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
      { text: isCompleted({ run }) ? 'completed' : 'not completed', span: root, attributes: ['status'] },
    ]
  },
}

/** The root is no error. */
export function isCompleted({ run }: Pick<AskedRun, 'run'>): boolean {
  return run.root.status !== 'error'
}

function missingOf({ run: { cost, calls, trace } }: AskedRun): string[] {
  if (cost.total !== undefined) return []
  if (calls.length === 0 && !trace.spans.some(statesUsage)) return ['model call']
  return [cost.unpriced.length > 0 ? 'price of the model' : 'cost or tokens']
}
