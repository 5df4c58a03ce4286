import { z } from 'zod'
import { type CostTerms, meteredThings, type PriceSheet } from '../../core/price-sheet.js'
import { id } from './values.js'

const usd = z.number().min(0).max(1_000_000_000)
const amount = z.number().min(0).max(1e15)

const Usage = z
  .strictObject({
    of: z
      .array(z.enum(meteredThings))
      .min(1)
      .describe(
        `What is counted, summed up where there are several: ${meteredThings.join(', ')} (calls: model calls).`,
      ),
    included: amount.prefault(0).describe('How many of them a month are free of charge.'),
    price: usd.describe('US dollars for `per` of them beyond those.'),
    per: z.number().min(1).max(1e9).prefault(1).describe('For how many the price is: 1, 1000, 100000.'),
    above: z
      .array(
        z.strictObject({
          from: amount.describe('The monthly volume from which the price changes.'),
          price: usd.describe('US dollars for `per` of them from there on.'),
        }),
      )
      .prefault([])
      .describe('Other prices from a monthly volume on, in ascending order; each unit costs what its band says.'),
  })
  .superRefine(({ included, above }, context) => {
    for (const [index, { from }] of above.entries())
      if (from <= (above[index - 1]?.from ?? included))
        context.addIssue({
          code: 'custom',
          path: ['above', index, 'from'],
          message: index === 0 ? 'is not more than included' : 'is not more than the one before it',
        })
  })

const Sheet = z
  .strictObject({
    id: id.describe('The platform, as pilot.yaml names it.'),
    base_per_month: usd.optional().describe('US dollars a month, whatever is used.'),
    per_seat: usd.optional().describe('US dollars a month for each seat beyond those included.'),
    included_seats: z.int().min(0).max(1_000_000).prefault(0).describe('Seats free of charge.'),
    usage: z.array(Usage).prefault([]).describe('What is charged by volume, one price for each thing that is counted.'),
    retention: z
      .strictObject({
        included_days: z.number().min(0).max(36_500).prefault(0).describe('Days that data is kept free of charge.'),
        per_gb_month: usd.optional().describe('US dollars for each gigabyte kept a month longer.'),
        per_thousand_traces: usd
          .optional()
          .describe('US dollars, once, for each thousand traces that are kept beyond those days.'),
      })
      .optional()
      .describe('What it costs to keep data longer.'),
    bytes_per_run: z
      .number()
      .min(1)
      .max(1e12)
      .optional()
      .describe('Bytes that one run takes on the platform; measured from the ingested export, if left out.'),
  })
  .transform(({ id, base_per_month, per_seat, included_seats, usage, retention, bytes_per_run }) => ({
    id,
    bytesPerRun: bytes_per_run,
    sheet: {
      basePerMonth: base_per_month,
      perSeat: per_seat,
      includedSeats: included_seats,
      usage,
      retention: retention && {
        includedDays: retention.included_days,
        perGbMonth: retention.per_gb_month,
        perThousandTraces: retention.per_thousand_traces,
      },
    } satisfies PriceSheet,
  }))

/** `costs`: the platforms' price sheets, and the volume, budget and rates that they are set against. */
export const Costs = z
  .strictObject({
    platforms: z
      .array(Sheet)
      .prefault([])
      .describe('The price sheet of each platform; what a sheet does not price is not charged.'),
    seats: z.int().min(0).max(1_000_000).optional().describe('People who need a seat.'),
    retention_days: z.number().min(0).max(36_500).optional().describe('Days that data has to be kept.'),
    runs_per_month: z
      .number()
      .min(0)
      .max(1e12)
      .optional()
      .describe('Runs a month; measured from the runs in the window, if left out.'),
    growth: z.number().min(-99).max(1000).prefault(0).describe('Growth of the runs, in per cent a month.'),
    months: z.int().min(1).max(120).prefault(12).describe('How many months the growth is followed.'),
    budget: usd.optional().describe('US dollars a month.'),
    hourly_rate: usd.optional().describe('US dollars for an hour of an engineer.'),
    incidents_per_month: amount.optional().describe('Bad outputs that somebody has to diagnose, a month.'),
  })
  .superRefine(({ platforms }, context) => {
    const ids = platforms.map(({ id }) => id)
    for (const [index, id] of ids.entries())
      if (ids.indexOf(id) < index)
        context.addIssue({
          code: 'custom',
          path: ['platforms', index, 'id'],
          message: 'names the same platform as an earlier one',
        })
  })
  .transform(({ platforms, runs_per_month, ...terms }) => ({
    platforms,
    runsPerMonth: runs_per_month,
    terms: {
      seats: terms.seats,
      retentionDays: terms.retention_days,
      growth: terms.growth,
      months: terms.months,
      budgetUsd: terms.budget,
      hourlyRateUsd: terms.hourly_rate,
      incidentsPerMonth: terms.incidents_per_month,
    } satisfies CostTerms,
  }))
