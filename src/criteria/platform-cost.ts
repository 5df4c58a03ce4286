import type { Criterion } from '../core/criterion.js'
import type { FeePart, PlatformFee } from '../core/platform-fee.js'
import { dollars, plain } from './plain.js'

/** What the platform itself costs a month, at the measured volume and the wanted retention. */
export const platformCost: Criterion = {
  id: 'platform-cost',
  title: 'Platform cost per month',
  line: 'cost fit',
  unit: 'usd',
  defaultTarget: { comparison: '<=', value: 500 },
  mustByDefault: false,
  query: "pilot cost --platform-fee --json | jq '.platforms[].platformFee'",
  measure({ platformFee }) {
    const next = 'pilot cost --platform-fee'
    const saved = savedLine(platformFee)
    if (!platformFee.known)
      return {
        measured: false,
        reason: `The fee is not known without ${platformFee.missing.join(' and ')}.`,
        next,
        evidence: [saved],
      }
    const { months, volume } = platformFee
    const today = months[0]! // there is one for today
    return {
      measured: true,
      value: today.totalUsd,
      unit: 'usd',
      // A declared volume is one statement.
      n: Math.max(1, volume.measuredRuns),
      evidence: [
        ...(today.parts.length === 0 ? ['the sheet prices nothing'] : [today.parts.map(partText).join(', ')]),
        volumeLine(platformFee),
        ...sizeLine(platformFee, today.parts),
        ...(platformFee.unpriced.length > 0
          ? [`not charged, since the sheet has no price: ${platformFee.unpriced.join(', ')}`]
          : []),
        growthLine(platformFee),
        budgetLine(platformFee),
        saved,
      ],
    }
  },
}

type KnownFee = Extract<PlatformFee, { known: true }>

function partText({ part, of, usd }: FeePart): string {
  return `${part}${of === undefined ? '' : ` of ${of}`} ${dollars(usd)}`
}

function volumeLine({ volume: { runsPerMonth, measuredRuns, days } }: KnownFee): string {
  if (runsPerMonth === undefined) return 'volume not known, and without a price'
  if (days === undefined) return `${plain(runsPerMonth)} runs a month, as pilot.yaml says`
  return `${plain(runsPerMonth)} runs a month: ${measuredRuns} runs in the ${days} days from the first to the last, times 30.44`
}

function sizeLine({ perRun: { gigabytes } }: KnownFee, parts: readonly FeePart[]): string[] {
  const isPriced = parts.some(({ of }) => of?.includes('gigabytes'))
  if (!isPriced || gigabytes === undefined) return []
  return [
    `${plain(gigabytes * 1e9)} bytes per run: the size of the ingested export, unless bytes_per_run says otherwise`,
  ]
}

function growthLine({ growth, months }: KnownFee): string {
  const last = months.at(-1)! // there is one for today
  return `after ${last.month} months at ${plain(growth)} % growth a month: ${dollars(last.totalUsd)}`
}

function budgetLine({ budgetUsd, overBudgetFrom, months }: KnownFee): string {
  if (budgetUsd === undefined) return 'budget not known (costs.budget)'
  if (overBudgetFrom === 0) return `over the budget of ${dollars(budgetUsd)} today`
  if (overBudgetFrom === undefined) return `within the budget of ${dollars(budgetUsd)} for ${months.length - 1} months`
  return `within the budget of ${dollars(budgetUsd)} today, over it in month ${overBudgetFrom}`
}

function savedLine({ hoursSaved }: PlatformFee): string {
  if (!hoursSaved.known) return `hours saved: not measured, needs ${hoursSaved.missing.join(', ')}`
  return `hours saved: ${plain(hoursSaved.hours)} a month, worth ${dollars(hoursSaved.usd)}`
}
