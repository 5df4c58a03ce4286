import { addBilled, addTraced, type BilledFigures, noBilled, noTraced, type TracedFigures } from './figures.js'
import type { Grouping, ModelGroup } from './names.js'
import type { BillTally, TraceTally } from './tallies.js'

/** One model on one UTC day, on both sides. */
export interface ReconciledRow {
  /** Undefined for what names no model, or where the bill names none. */
  model: string | undefined
  /** `2026-03-02`; undefined for lines of several days, and for calls without a time. */
  day: string | undefined
  /** Undefined where nothing was billed. */
  billed: BilledFigures | undefined
  /** Undefined where nothing was traced. */
  traced: TracedFigures | undefined
  /** Billed less the known cost of what was traced, US dollars; undefined where either is unknown. */
  differenceUsd: number | undefined
  /** Of the billed dollars, 0–1; undefined where they are 0 or unknown. */
  share: number | undefined
}

/** Both sides per model and day, in order of day and then of billed dollars. */
export function reconciledRows(bill: BillTally, traces: TraceTally, grouping: Grouping): ReconciledRow[] {
  const rows = new Map<
    ModelGroup,
    Map<string, { day: string | undefined; billed?: BilledFigures; traced?: TracedFigures }>
  >()
  const rowOf = (group: ModelGroup, day: string | undefined) => {
    const days = rows.get(group) ?? new Map()
    rows.set(group, days)
    const row = days.get(day ?? '') ?? { day }
    days.set(day ?? '', row)
    return row as { day: string | undefined; billed?: BilledFigures; traced?: TracedFigures } // as it was put in
  }
  for (const { model, day, figures } of bill.cells) {
    const row = rowOf(grouping.ofBilled(model), day)
    row.billed ??= noBilled()
    addBilled(row.billed, figures)
  }
  for (const { model, day, figures } of traces.cells) {
    const row = rowOf(grouping.ofTraced(model), day)
    row.traced ??= noTraced()
    addTraced(row.traced, figures)
  }
  return [...rows]
    .flatMap(([{ name }, days]) =>
      [...days.values()].map(({ day, billed, traced }) => ({
        model: name,
        day,
        billed,
        traced,
        ...compared(billed, traced),
      })),
    )
    .sort(byDayAndCost)
}

/** A difference of sums of doubles; 0 where it is less than a billionth of a dollar, or of what it is a part of. */
export function withoutNoise(usd: number, wholeUsd: number): number {
  return Math.abs(usd) < 1e-9 * Math.max(1, Math.abs(wholeUsd)) ? 0 : usd
}

/** The difference of two sides. Nothing traced is a known nothing; calls whose cost is unknown are not. */
export function compared(
  billed: BilledFigures | undefined,
  traced: TracedFigures | undefined,
): Pick<ReconciledRow, 'differenceUsd' | 'share'> {
  const billedUsd = billed === undefined ? 0 : billed.costUsd
  const tracedUsd = traced === undefined ? 0 : traced.knownUsd
  if (billedUsd === undefined || tracedUsd === undefined) return { differenceUsd: undefined, share: undefined }
  const differenceUsd = withoutNoise(billedUsd - tracedUsd, billedUsd)
  return { differenceUsd, share: billedUsd === 0 ? undefined : differenceUsd / billedUsd }
}

function byDayAndCost(a: ReconciledRow, b: ReconciledRow): number {
  const [dayA, dayB] = [a.day ?? '~', b.day ?? '~']
  if (dayA !== dayB) return dayA < dayB ? -1 : 1
  return (b.billed?.costUsd ?? -1) - (a.billed?.costUsd ?? -1) || ((a.model ?? '~') < (b.model ?? '~') ? -1 : 1)
}
