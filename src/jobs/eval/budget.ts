import { PilotError } from '../../core/errors.js'
import type { Pricer } from '../../core/prices.js'

/** What a run may spend. */
interface Budget {
  /** US dollars; undefined is a call of which nobody knows what it cost. */
  add(usd: number | undefined): void
  isSpent(): boolean
  spentUsd(): number
  unpriced(): number
}

/** A budget of so many US dollars, of which some are gone; without a limit it only counts. */
export function createBudget(limitUsd: number | undefined, spentBeforeUsd = 0): Budget {
  let spent = spentBeforeUsd
  let unpriced = 0
  return {
    add(usd) {
      if (usd === undefined) unpriced += 1
      else spent += usd
    },
    isSpent: () => limitUsd !== undefined && spent >= limitUsd,
    spentUsd: () => spent,
    unpriced: () => unpriced,
  }
}

/** Throws `PilotError` for a model that has no price: its calls would pass every budget. */
export function refuseUnpriced(suite: string, models: readonly string[], price: Pricer): void {
  const unpriced = models.filter(
    (model) => price({ kind: 'llm', requestModel: model, usage: { input: 1, output: 1 } }) === undefined,
  )
  if (unpriced.length === 0) return
  throw new PilotError(`No budget can hold the suite ${suite}: nobody knows what ${unpriced.join(' and ')} costs.`, {
    hint: 'State its price under prices in pilot.yaml, or run it without a budget.',
  })
}
