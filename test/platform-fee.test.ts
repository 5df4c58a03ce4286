import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { FeeInput, FeeMonth } from '../src/core/platform-fee.js'
import type { PriceSheet, UsagePrice } from '../src/core/price-sheet.js'
import { feeOf } from './evidence.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'

const nothing: PriceSheet = { includedSeats: 0, usage: [] }
const traces = (more: Partial<UsagePrice>): UsagePrice => ({
  ...{ of: ['traces'], included: 0, price: 1, per: 1, above: [] },
  ...more,
})
const volume = (runsPerMonth: number) => ({ runsPerMonth, measuredRuns: 0, days: undefined })

/** The fee of today. Throws if it is not known. */
function todayOf(input: Partial<FeeInput>): FeeMonth {
  const fee = feeOf(input)
  if (!fee.known) throw new Error(fee.missing.join())
  return fee.months[0]!
}

function missingOf(input: Partial<FeeInput>): string[] {
  const fee = feeOf(input)
  return fee.known ? [] : fee.missing
}

/** The price of a volume counted one by one, each by the band that it falls into. */
function oneByOne(quantity: number, { included, price, per, above }: UsagePrice): number {
  let usd = 0
  for (let unit = 1; unit <= quantity; unit++) {
    if (unit <= included) continue
    usd += (above.findLast(({ from }) => unit > from)?.price ?? price) / per
  }
  return usd
}

describe('the fee of a month', () => {
  it('charges nothing for what is included, exactly to the last of it', () => {
    const usage = [traces({ included: 1000, price: 2.5, per: 1000 })]
    expect(todayOf({ sheet: { ...nothing, usage }, volume: volume(1000) }).totalUsd).toBe(0)
    expect(todayOf({ sheet: { ...nothing, usage }, volume: volume(3000) }).totalUsd).toBe(5)
  })

  it('of graduated prices is what counting one by one gives', () => {
    const price = traces({
      ...{ included: 100, price: 8, per: 10 },
      above: [
        { from: 250, price: 7 },
        { from: 400, price: 6 },
      ],
    })
    for (const runs of [0, 99, 100, 101, 249, 250, 251, 399, 400, 401, 1000])
      expect(todayOf({ sheet: { ...nothing, usage: [price] }, volume: volume(runs) }).totalUsd).toBeCloseTo(
        oneByOne(runs, price),
        9,
      )
  })

  it('sums up what a sheet counts as one, such as traces, spans and scores', () => {
    const usage = [traces({ of: ['traces', 'spans', 'scores'], included: 100_000, price: 8, per: 100_000 })]
    const perRun = { traces: 1, spans: 6, calls: 2, scores: 0.5, gigabytes: undefined }
    const { parts, totalUsd } = todayOf({ sheet: { ...nothing, usage }, volume: volume(40_000), perRun })
    // 40,000 × 7.5 = 300,000 units; 200,000 beyond the included ones, at $8 for 100,000.
    expect(parts).toEqual([{ part: 'usage', of: 'traces + spans + scores', quantity: 300_000, usd: 16 }])
    expect(totalUsd).toBe(16)
  })

  it('charges seats beyond the included ones, and never gives money back', () => {
    const sheet = { ...nothing, perSeat: 39, includedSeats: 5 }
    const seats = (count: number) => todayOf({ sheet, terms: { growth: 0, months: 1, seats: count } }).totalUsd
    expect([seats(3), seats(5), seats(6)]).toEqual([0, 0, 39])
  })

  it('charges retention beyond the included days: gigabytes kept for months, and traces once', () => {
    const retention = { includedDays: 30, perGbMonth: 0.5, perThousandTraces: 2.5 }
    const perRun = { traces: 1, spans: undefined, calls: undefined, scores: undefined, gigabytes: 0.001 }
    const usd = (retentionDays: number) =>
      todayOf({
        sheet: { ...nothing, retention },
        terms: { growth: 0, months: 1, retentionDays },
        ...{ volume: volume(10_000), perRun },
      }).parts.map((part) => part.usd)
    // 10 GB a month; 30.44 days beyond the included ones keep one month of them.
    expect(usd(60.44).map((each) => Math.round(each * 1e9) / 1e9)).toEqual([5, 25])
    expect(usd(30)).toEqual([0, 0])
    expect(usd(7)).toEqual([0, 0])
  })

  it('grows with the runs, and says in which month it passes the budget', () => {
    const sheet = { ...nothing, basePerMonth: 50, usage: [traces({ price: 0.1 })] }
    const fee = feeOf({ sheet, terms: { growth: 100, months: 3, budgetUsd: 250 }, volume: volume(1000) })
    expect(fee).toMatchObject({ known: true, overBudgetFrom: 2 })
    expect(fee.known && fee.months.map(({ runs, totalUsd }) => [runs, totalUsd])).toEqual([
      [1000, 150],
      [2000, 250],
      [4000, 450],
      [8000, 850],
    ])
  })

  it('is not known without what a priced part needs, and names the key', () => {
    expect(missingOf({})).toEqual(['costs.platforms (its price sheet)'])
    expect(missingOf({ sheet: { ...nothing, perSeat: 1 } })).toEqual(['costs.seats'])
    expect(missingOf({ sheet: { ...nothing, usage: [traces({})] } })).toEqual([
      'costs.runs_per_month (or traces in the window)',
    ])
    const gigabytes = [traces({ of: ['gigabytes'] })]
    expect(missingOf({ sheet: { ...nothing, usage: gigabytes }, volume: volume(1) })).toEqual([
      'bytes per run (an export that is not packed, or bytes_per_run in the price sheet)',
    ])
    const retention = { includedDays: 30, perThousandTraces: 1 }
    expect(missingOf({ sheet: { ...nothing, retention }, volume: volume(1) })).toEqual(['costs.retention_days'])
  })

  it('does not charge what has no price, and says so', () => {
    const fee = feeOf({ sheet: nothing, terms: { growth: 0, months: 1, seats: 3, retentionDays: 90 } })
    expect(fee).toMatchObject({ known: true, unpriced: ['a base fee', 'seats', 'usage', 'retention'] })
    const retention = { includedDays: 30 }
    const terms = { growth: 0, months: 1, retentionDays: 90 }
    expect(
      feeOf({ sheet: { ...nothing, basePerMonth: 1, usage: [traces({ price: 0 })], retention }, terms }),
    ).toMatchObject({ unpriced: ['retention beyond 30 days'] })
  })

  it('is set against the hours that shorter incidents save, which may be hours lost', () => {
    const terms = { growth: 0, months: 1, hourlyRateUsd: 90, incidentsPerMonth: 8 }
    expect(feeOf({ terms, minutesSaved: 45 }).hoursSaved).toEqual({ known: true, hours: 6, usd: 540 })
    expect(feeOf({ terms, minutesSaved: -15 }).hoursSaved).toEqual({ known: true, hours: -2, usd: -180 })
    expect(feeOf({}).hoursSaved).toEqual({
      known: false,
      missing: ['costs.incidents_per_month', 'costs.hourly_rate', 'drills on both arms'],
    })
  })
})

describe('pilot cost --platform-fee', () => {
  const sheet = (more: string, terms = '') =>
    `costs:\n${terms}  platforms:\n    - id: lantern\n      base_per_month: 29\n${more}`
  const perGigabyte = '      usage: [{ of: [gigabytes], price: 3 }]\n'

  it('scales the runs in the window by the days from the first to the last', async () => {
    const starts = ['2026-03-02T23:59:00Z', '2026-03-03T10:00:00Z', '2026-03-05T00:01:00Z']
    const lines = starts.map((start, index) => span(`t${index}`, 's', { start }))
    const cwd = project(
      { 'traces.jsonl': jsonLines(lines) },
      sheet('      usage: [{ of: [traces, spans], price: 2 }]\n'),
    )
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    const { platforms } = await json(cwd, 'cost', '--platform-fee')
    // 3 runs in 4 days: 22.83 a month, each one trace and one span.
    expect(platforms[0].platformFee.volume).toMatchObject({ measuredRuns: 3, days: 4 })
    expect(platforms[0].platformFee.volume.runsPerMonth).toBeCloseTo(22.83, 9)
    expect(platforms[0].platformFee.months[0].totalUsd).toBeCloseTo(29 + 2 * 2 * 22.83, 9)
  })

  it('takes the size of the export per trace, of a packed one nothing, or what pilot.yaml says', async () => {
    const text = jsonLines([span('t1', 's'), span('t2', 's')])
    const files = { plain: text, 'packed.gz': gzipSync(text) }
    const feeOn = async (file: string, more: string) => {
      const cwd = project(files, sheet(more, '  runs_per_month: 1000000\n'))
      await pilot(cwd, ['ingest', file])
      return (await json(cwd, 'cost', '--platform-fee')).platforms[0].platformFee
    }
    const plain = await feeOn('plain', perGigabyte)
    expect(plain.perRun.gigabytes).toBe(text.length / 2 / 1e9)
    expect(plain.months[0].totalUsd).toBeCloseTo(29 + (3 * text.length) / 2 / 1000, 9)
    expect(await feeOn('packed.gz', perGigabyte)).toMatchObject({ known: false })
    const declared = await feeOn('packed.gz', `${perGigabyte}      bytes_per_run: 5000\n`)
    expect(declared.months[0].totalUsd).toBeCloseTo(29 + 15, 9)
  })

  it('without a price sheet names what is missing, and exits 0', async () => {
    const cwd = project({ 'traces.jsonl': jsonLines([span('t1', 's')]) })
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect(await pilot(cwd, ['cost', '--platform-fee'])).toEqual({
      code: 0,
      out: `Platform fee a month: not measured
  - missing: costs.platforms (its price sheet)

Set against
  - budget: not known (costs.budget)
  - hours saved: not measured, needs costs.incidents_per_month, costs.hourly_rate, drills on both
    arms
`,
      err: 'Next: pilot scorecard\n',
    })
  })

  it('goes with neither --by nor --reconcile', async () => {
    for (const other of [['--by', 'tenant'], ['--reconcile']])
      expect((await pilot(project({}), ['cost', '--platform-fee', ...other])).code).toBe(2)
  })

  it.each([
    ['    - { id: torch }\n', 'costs.platforms.0.id: is no platform of this pilot; expected lantern'],
    [
      '    - { id: lantern }\n    - { id: lantern }\n',
      'costs.platforms.1.id: names the same platform as an earlier one',
    ],
    [
      '    - { id: lantern, usage: [{ of: [traces], included: 9, price: 1, above: [{ from: 9, price: 2 }] }] }\n',
      'costs.platforms.0.usage.0.above.0.from: is not more than included',
    ],
    ['    - { id: lantern, per_seet: 3 }\n', 'costs.platforms.0: unknown key "per_seet"; did you mean "per_seat"?'],
  ])('refuses a price sheet that is wrong: %j', async (sheets, message) => {
    const { code, err } = await pilot(project({}, `costs:\n  platforms:\n${sheets}`), ['cost', '--platform-fee'])
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })
})
