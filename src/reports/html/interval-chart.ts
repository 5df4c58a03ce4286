import { type Html, html } from './template.js'

/** One row of a chart: a value with its interval, as numbers and in words. */
export interface IntervalRow {
  label: string
  value: number
  low: number
  high: number
  /** What stands beside it: the value with its n. */
  text: string
}

const left = 190
const right = 470
const width = 700
const rowHeight = 34

/** Values with their 95 % intervals, one under the other, from 0 to the largest end. */
export function intervalChart(
  title: string,
  rows: readonly IntervalRow[],
  axis: { max?: number; format(value: number): string },
): Html {
  if (rows.length === 0) return html`<figure><figcaption>${title}</figcaption><p class="sub">not measured</p></figure>`
  const max = axis.max ?? Math.max(...rows.map(({ high, value }) => Math.max(high, value)))
  const x = (value: number) => left + (max === 0 ? 0 : (Math.min(value, max) / max) * (right - left))
  const height = rows.length * rowHeight + 30
  return html`<figure><figcaption>${title}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><title>${title}</title>${[
    0, 0.5, 1,
  ].map(
    (part) =>
      html`<line class="axis" x1="${x(max * part)}" x2="${x(max * part)}" y1="4" y2="${height - 24}"/><text class="soft" text-anchor="middle" x="${x(max * part)}" y="${height - 6}">${axis.format(max * part)}</text>`,
  )}${rows.map((row, index) => intervalRow(row, index * rowHeight + 22, x))}</svg></figure>`
}

function intervalRow({ label, value, low, high, text }: IntervalRow, y: number, x: (value: number) => number): Html {
  return html`<text x="${left - 12}" y="${y + 4}" text-anchor="end">${short(label)}</text><line class="whisker" x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}"/><circle class="dot" cx="${x(value)}" cy="${y}" r="6"/><text x="${right + 14}" y="${y + 4}">${text}</text>`
}

/** As much of a label as stands beside the axis. */
function short(label: string): string {
  const letters = [...label]
  return letters.length <= 26 ? label : `${letters.slice(0, 25).join('')}…`
}
