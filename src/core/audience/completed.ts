import type { CompletedCost } from '../completed-cost.js'
import type { Sight } from './sight.js'

/** What completed tasks cost is numbers alone. */
export const completedSight: Sight<CompletedCost> = {
  runs: 'shown',
  completed: 'shown',
  notCompleted: 'shown',
  unknown: 'shown',
  unknownCost: 'shown',
  totalUsd: 'shown',
  usd: 'shown',
  low: 'shown',
  high: 'shown',
  interval: 'shown',
}
