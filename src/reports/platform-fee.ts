import type { FeeMonth, FeePart, PlatformFee } from '../core/platform-fee.js'
import { formatCount, formatUsd, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** What a platform costs a month by part, month by month as it grows, against the budget and the hours saved. */
export function formatPlatformFee(fee: PlatformFee, options: TerminalOptions): string {
  const sections = fee.known ? [partsSection(fee), growthSection(fee)] : [missingSection(fee)]
  return [...sections, againstSection(fee)].map((section) => formatSection(section, options).join('\n')).join('\n\n')
}

type KnownFee = Extract<PlatformFee, { known: true }>

function missingSection({ missing }: Extract<PlatformFee, { known: false }>): Section {
  return {
    title: 'Platform fee a month: not measured',
    lines: missing.map((what) => `missing: ${what}`),
  }
}

function partsSection({ months, volume, perRun, unpriced }: KnownFee): Section {
  const today = months[0]! // there is one for today
  const last = months.at(-1)! // there is one for today
  const rows = today.parts.map((part, index) => [
    part.part,
    part.of ?? '',
    quantityOf(part),
    formatUsd(part.usd),
    formatUsd(last.parts[index]?.usd),
  ])
  return {
    title: 'Platform fee a month, by part',
    table: {
      head: ['part', 'of', 'quantity', 'today', `after ${last.month} months`],
      align: 'llrrr',
      rows: [...rows, ['together', '', '', formatUsd(today.totalUsd), formatUsd(last.totalUsd)]],
    },
    lines: [
      volumeText(volume),
      ...(today.parts.some(({ of }) => of?.includes('gigabytes'))
        ? [
            `bytes per run: ${formatCount(Math.round((perRun.gigabytes ?? 0) * 1e9))}, the size of the ingested export unless bytes_per_run says otherwise`,
          ]
        : []),
      ...(unpriced.length > 0 ? [`not charged, since the sheet has no price: ${unpriced.join(', ')}`] : []),
    ],
  }
}

function volumeText({ runsPerMonth, measuredRuns, days }: KnownFee['volume']): string {
  if (runsPerMonth === undefined) return 'runs a month: not known, and without a price'
  const runs = formatCount(Math.round(runsPerMonth))
  if (days === undefined) return `runs a month: ${runs}, as pilot.yaml says`
  return `runs a month: ${runs}, from ${formatCount(measuredRuns)} runs in ${formatCount(days)} days, times 30.44`
}

function quantityOf({ quantity, of }: FeePart): string {
  if (of?.includes('gigabytes')) return quantity.toLocaleString('en-US', { maximumFractionDigits: 3 })
  return formatCount(Math.round(quantity))
}

function growthSection({ months, growth, budgetUsd }: KnownFee): Section {
  const row = ({ month, runs, totalUsd }: FeeMonth) => [
    month === 0 ? 'today' : String(month),
    runs === undefined ? nothing : formatCount(Math.round(runs)),
    formatUsd(totalUsd),
    budgetUsd === undefined ? nothing : formatUsd(budgetUsd - totalUsd),
  ]
  return {
    title: `Growth by ${growth} % a month`,
    table: { head: ['month', 'runs', 'fee', 'left of budget'], align: 'lrrr', rows: months.map(row) },
  }
}

function againstSection(fee: PlatformFee): Section {
  const { hoursSaved, budgetUsd } = fee
  const over = fee.known ? fee.overBudgetFrom : undefined
  const budget =
    budgetUsd === undefined
      ? 'budget: not known (costs.budget)'
      : `budget: ${formatUsd(budgetUsd)}${!fee.known ? '' : over === undefined ? ', not exceeded' : over === 0 ? ', exceeded today' : `, exceeded in month ${over}`}`
  const saved = hoursSaved.known
    ? `hours saved: ${Number(hoursSaved.hours.toFixed(1))} a month, worth ${formatUsd(hoursSaved.usd)}`
    : `hours saved: not measured, needs ${hoursSaved.missing.join(', ')}`
  return { title: 'Set against', lines: [budget, saved] }
}
