/** Why no run meets several conditions at once. */
export interface NoneMet<Key extends string = string> {
  runs: number
  /** In the order given. */
  conditions: {
    key: Key
    /** Runs that meet it, whatever the others say. */
    runs: number
    /** Runs that meet every other one, and not it. */
    others: number
  }[]
  /** Of the runs that meet every condition but the one about nearness, the nearest: when it began, and how far away that is. */
  nearest: { ms: number; awayMs: number } | undefined
}

/** Counts, over runs that are added one by one, what each condition leaves. */
export function noneMet<Key extends string>(keys: readonly Key[]) {
  const counts = keys.map((key) => ({ key, runs: 0, others: 0 }))
  let runs = 0
  let nearest: NoneMet['nearest']
  return {
    /** Whether the run meets each condition, in their order; and, where they ask for a time, when it began and how far away that is. */
    add(met: readonly boolean[], near?: { key: Key; ms: number; awayMs: number }): void {
      runs += 1
      const failed = met.filter((holds) => !holds).length
      for (const [place, count] of counts.entries()) {
        if (met[place]) count.runs += 1
        else if (failed === 1) {
          count.others += 1
          if (near?.key === count.key && near.awayMs < (nearest?.awayMs ?? Number.POSITIVE_INFINITY))
            nearest = { ms: near.ms, awayMs: near.awayMs }
        }
      }
    },
    result: (): NoneMet<Key> => ({ runs, conditions: counts, nearest }),
  }
}
