import { type CostTerms, type MeteredThing, meteredThings, type PriceSheet, type UsagePrice } from './price-sheet.js'

/** Things of one run, on average; undefined where nothing tells. */
export type PerRun = Readonly<Record<MeteredThing, number | undefined>>

export interface FeeInput {
  /** Undefined: pilot.yaml has none for this platform. */
  sheet: PriceSheet | undefined
  terms: CostTerms
  /** Runs a month, and the runs that this was measured on; 0 where it is declared. */
  volume: { runsPerMonth: number | undefined; measuredRuns: number; days: number | undefined }
  perRun: PerRun
  /** Minutes that an incident takes less than on the baseline: the difference of the restricted means of drills. */
  minutesSaved: number | undefined
}

/** Undefined amounts never stand here: a part that the sheet does not price is left out. */
export interface FeePart {
  part: 'base' | 'seats' | 'usage' | 'retention'
  /** What is counted, for usage: `traces`, `traces + spans + scores`. */
  of?: string
  quantity: number
  usd: number
}

export interface FeeMonth {
  /** 0 is today. */
  month: number
  runs: number | undefined
  parts: FeePart[]
  totalUsd: number
}

/** The hours that shorter incidents save a month, or what is missing to tell. */
export type HoursSaved = { known: true; hours: number; usd: number } | { known: false; missing: string[] }

export type PlatformFee = {
  hoursSaved: HoursSaved
  budgetUsd: number | undefined
  volume: FeeInput['volume']
  perRun: PerRun
  /** What the sheet has no price for, though pilot.yaml asks for it. */
  unpriced: string[]
} & (
  | { known: false; missing: string[] }
  | { known: true; growth: number; months: FeeMonth[]; overBudgetFrom: number | undefined }
)

/** The mean days of a month: 365.25 / 12, to two digits. */
export const daysPerMonth = 30.44

/** The fee of a platform, today and month by month as the volume grows; an unknown part makes the whole unknown. */
export function measurePlatformFee(input: FeeInput): PlatformFee {
  const { sheet, terms, volume, perRun } = input
  const common = {
    hoursSaved: hoursSavedOf(input),
    budgetUsd: terms.budgetUsd,
    volume,
    perRun,
    unpriced: unpricedOf(sheet, terms),
  }
  const missing = missingOf(input)
  if (sheet === undefined || missing.length > 0) return { ...common, known: false, missing }
  const months = Array.from({ length: terms.months + 1 }, (_, month) => feeOf(month, sheet, input))
  const over = months.find(({ totalUsd }) => terms.budgetUsd !== undefined && totalUsd > terms.budgetUsd)
  return { ...common, known: true, growth: terms.growth, months, overBudgetFrom: over?.month }
}

/** The keys of pilot.yaml, or the data, without which a part of the fee cannot be told. */
function missingOf({ sheet, terms, volume, perRun }: FeeInput): string[] {
  if (sheet === undefined) return ['costs.platforms (its price sheet)']
  const { perSeat, usage, retention } = sheet
  const keepsLonger = retention?.perGbMonth !== undefined || retention?.perThousandTraces !== undefined
  const counted = new Set<MeteredThing>(usage.flatMap(({ of }) => of))
  if (retention?.perThousandTraces !== undefined) counted.add('traces')
  if (retention?.perGbMonth !== undefined) counted.add('gigabytes')
  return [
    ...(perSeat !== undefined && terms.seats === undefined ? ['costs.seats'] : []),
    ...(counted.size > 0 && volume.runsPerMonth === undefined
      ? ['costs.runs_per_month (or traces in the window)']
      : []),
    ...meteredThings
      .filter((thing) => counted.has(thing) && perRun[thing] === undefined)
      .map((thing) => sourceOf[thing]),
    ...(keepsLonger && terms.retentionDays === undefined ? ['costs.retention_days'] : []),
  ]
}

const sourceOf: Readonly<Record<MeteredThing, string>> = {
  traces: 'traces in the window',
  spans: 'spans per run (traces in the window)',
  calls: 'model calls per run (traces in the window)',
  scores: 'scores per run (none was ingested; leave scores out of the sheet where there are none)',
  gigabytes: 'bytes per run (an export that is not packed, or bytes_per_run in the price sheet)',
}

function unpricedOf(sheet: PriceSheet | undefined, { seats, retentionDays }: CostTerms): string[] {
  if (sheet === undefined) return []
  const { perSeat, usage, retention, basePerMonth } = sheet
  const isPriced = retention?.perGbMonth !== undefined || retention?.perThousandTraces !== undefined
  const beyond = retention !== undefined && retentionDays !== undefined && retentionDays > retention.includedDays
  return [
    ...(basePerMonth === undefined ? ['a base fee'] : []),
    ...(perSeat === undefined && seats !== undefined ? ['seats'] : []),
    ...(usage.length === 0 ? ['usage'] : []),
    ...(isPriced ? [] : [beyond ? `retention beyond ${retention.includedDays} days` : 'retention']),
  ]
}

/** `missingOf` has found nothing, so that what a priced part needs is there. */
function feeOf(month: number, sheet: PriceSheet, { terms, volume, perRun }: FeeInput): FeeMonth {
  const runs = volume.runsPerMonth === undefined ? undefined : volume.runsPerMonth * (1 + terms.growth / 100) ** month
  const count = (things: readonly MeteredThing[]) => {
    let sum = 0
    for (const thing of things) sum += (perRun[thing] ?? 0) * (runs ?? 0)
    return sum
  }
  const parts: FeePart[] = [
    ...(sheet.basePerMonth === undefined ? [] : [{ part: 'base' as const, quantity: 1, usd: sheet.basePerMonth }]),
    ...(sheet.perSeat === undefined || terms.seats === undefined
      ? []
      : [seatPart(sheet.perSeat, terms.seats, sheet.includedSeats)]),
    ...sheet.usage.map((price) => {
      const quantity = count(price.of)
      return { part: 'usage' as const, of: price.of.join(' + '), quantity, usd: graduated(quantity, price) }
    }),
    ...retentionParts(sheet.retention, terms.retentionDays, count),
  ]
  let totalUsd = 0
  for (const { usd } of parts) totalUsd += usd
  return { month, runs, parts, totalUsd }
}

function seatPart(perSeat: number, seats: number, included: number): FeePart {
  return { part: 'seats', quantity: seats, usd: Math.max(0, seats - included) * perSeat }
}

/** Each unit costs what its band says: from the included volume on, then from each `above` on. */
function graduated(quantity: number, { included, price, per, above }: UsagePrice): number {
  const bands = [{ from: included, price }, ...above.filter(({ from }) => from > included)]
  let usd = 0
  for (const [index, band] of bands.entries()) {
    const end = Math.min(quantity, bands[index + 1]?.from ?? quantity)
    usd += (Math.max(0, end - band.from) / per) * band.price
  }
  return usd
}

/** What is kept beyond the included days once every month of them is there, each with the volume of this month. */
function retentionParts(
  retention: PriceSheet['retention'],
  days: number | undefined,
  count: (things: readonly MeteredThing[]) => number,
): FeePart[] {
  if (retention === undefined || days === undefined) return []
  const extraDays = Math.max(0, days - retention.includedDays)
  const { perGbMonth, perThousandTraces } = retention
  const kept = extraDays === 0 ? 0 : count(['traces'])
  const gigabyteMonths = (count(['gigabytes']) * extraDays) / daysPerMonth
  return [
    ...(perGbMonth === undefined
      ? []
      : [
          {
            part: 'retention' as const,
            of: 'gigabytes kept',
            quantity: gigabyteMonths,
            usd: gigabyteMonths * perGbMonth,
          },
        ]),
    ...(perThousandTraces === undefined
      ? []
      : [
          {
            part: 'retention' as const,
            of: 'traces kept longer',
            quantity: kept,
            usd: (kept / 1000) * perThousandTraces,
          },
        ]),
  ]
}

function hoursSavedOf({ terms, minutesSaved }: FeeInput): HoursSaved {
  const { hourlyRateUsd, incidentsPerMonth } = terms
  const missing = [
    ...(incidentsPerMonth === undefined ? ['costs.incidents_per_month'] : []),
    ...(hourlyRateUsd === undefined ? ['costs.hourly_rate'] : []),
    ...(minutesSaved === undefined ? ['drills on both arms'] : []),
  ]
  if (minutesSaved === undefined || incidentsPerMonth === undefined || hourlyRateUsd === undefined)
    return { known: false, missing }
  const hours = (incidentsPerMonth * minutesSaved) / 60
  return { known: true, hours, usd: hours * hourlyRateUsd }
}
