/** How a value reads: `share` is 0–1, shown in per cent; `count` has no unit. */
export type Unit = 'share' | 'count' | 'ms' | 'minutes' | 'usd' | 'hours'

/** A value with its n and interval, or the reason why there is none and the command that would measure it. */
export type Measurement =
  | {
      measured: true
      value: number
      unit: Unit
      n: number
      interval?: { low: number; high: number }
      /** The count behind a share or a count. */
      x?: number
      /** One line under the number: what stands out. */
      note?: string
      /** How the number was got, for `--explain`: method, rule, examples by id. */
      evidence: string[]
    }
  | {
      measured: false
      reason: string
      next?: string
      /** True when `next` is a command that this version does not have. */
      later?: true
      evidence?: string[]
    }

export type Comparison = '>=' | '<=' | '>' | '<' | '=='

/** The number fixed before the data. */
export interface Target {
  comparison: Comparison
  value: number
}

export type Verdict = 'met' | 'missed' | 'inconclusive' | 'not measured'
