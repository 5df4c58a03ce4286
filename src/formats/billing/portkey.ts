import { usageOf } from './cells.js'
import { hasAll, type Shape } from './shape.js'

/** Portkey's log export, one call a row; its `cost` is in cents. */
export const portkey: Shape = {
  name: 'portkey',
  fits: (row) => hasAll(row, 'ai_model', 'cost') && (hasAll(row, 'ai_org') || hasAll(row, 'req_units')),
  mayRepeat: true,
  read: (cells) => {
    const cents = cells.usd('cost')
    return {
      id: cells.text('id'),
      startMs: cells.timeMs('created_at'),
      provider: cells.text('ai_org'),
      model: cells.text('ai_model'),
      costUsd: cents === undefined ? undefined : cents / 100,
      currency: cells.text('cost_currency'),
      calls: 1,
      usage: usageOf({ input: cells.count('req_units'), output: cells.count('res_units') }),
    }
  },
}
