/** What a price sheet counts. `calls` are model calls; a gigabyte has 10⁹ bytes. */
export const meteredThings = ['traces', 'spans', 'calls', 'scores', 'gigabytes'] as const
export type MeteredThing = (typeof meteredThings)[number]

/** One usage price of a sheet, graduated: each unit costs what its band says. */
export interface UsagePrice {
  /** What is counted, summed up where there are several. */
  of: readonly MeteredThing[]
  /** A month, free of charge. */
  included: number
  /** US dollars for `per` of them. */
  price: number
  per: number
  /** Other prices from a monthly volume on, in ascending order. */
  above: readonly { from: number; price: number }[]
}

/** A platform's public prices; what is undefined is not charged by it. */
export interface PriceSheet {
  basePerMonth?: number | undefined
  perSeat?: number | undefined
  includedSeats: number
  usage: readonly UsagePrice[]
  retention?:
    | { includedDays: number; perGbMonth?: number | undefined; perThousandTraces?: number | undefined }
    | undefined
}

/** What a team fixes of its volume and its money. Growth is in per cent a month. */
export interface CostTerms {
  seats?: number | undefined
  retentionDays?: number | undefined
  growth: number
  months: number
  budgetUsd?: number | undefined
  hourlyRateUsd?: number | undefined
  incidentsPerMonth?: number | undefined
}
