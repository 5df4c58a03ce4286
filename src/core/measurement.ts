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
      /** A mean of n values: its interval shrinks with √n, and one that is wider than the target is noise, which meets nothing. */
      isMean?: true
      /** Why no verdict may be drawn from it, however narrow it is. */
      doubt?: string
      /** The count behind a share or a count. */
      x?: number
      /** True where n is all that there is, so that no minimum applies to it. */
      whole?: true
      /** One line under the number: what stands out. */
      note?: string
      /** How the number was got, for `--explain`: method, rule, examples by id. */
      evidence: string[]
    }
  | {
      measured: false
      reason: string
      next?: string
      evidence?: string[]
    }

export type Comparison = '>=' | '<=' | '>' | '<' | '=='

/** The number fixed before the data. */
export interface Target {
  comparison: Comparison
  value: number
}

export type Verdict = 'met' | 'missed' | 'inconclusive' | 'not measured'
