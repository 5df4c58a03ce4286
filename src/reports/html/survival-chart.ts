import type { Meeting } from '../../core/meeting.js'
import { formatMinutes, formatMinutesInterval } from '../number.js'
import { type Html, html } from './template.js'

type Times = NonNullable<Meeting['debugTimes']>

const box = { left: 60, right: 650, top: 12, bottom: 240 }

/** The share of attempts that is not diagnosed yet, by minute and arm, with the target. */
export function survivalChart(arms: readonly { platform: string; times: Times }[]): Html {
  const title = 'Time to diagnose: share of attempts without a diagnosis yet'
  if (arms.length === 0) return html`<figure><figcaption>${title}</figcaption><p class="sub">not measured</p></figure>`
  const limit = arms[0]!.times.limitMinutes // there is one
  const last = Math.max(limit, ...arms.flatMap(({ times }) => times.curve.map(({ time }) => time)))
  const x = (minutes: number) => box.left + (minutes / last) * (box.right - box.left)
  const y = (share: number) => box.bottom - share * (box.bottom - box.top)
  const legend = box.bottom + 46
  return html`<figure><figcaption>${title}</figcaption><svg viewBox="0 0 700 ${legend + arms.length * 22}" role="img" aria-label="${title}"><title>${title}</title>${[
    0, 0.5, 1,
  ].map(
    (share) =>
      html`<line class="axis" x1="${box.left}" x2="${box.right}" y1="${y(share)}" y2="${y(share)}"/><text class="soft" text-anchor="end" x="${box.left - 8}" y="${y(share) + 4}">${`${share * 100} %`}</text>`,
  )}${[0, 0.5, 1].map((part) => html`<text class="soft" text-anchor="middle" x="${x(last * part)}" y="${box.bottom + 20}">${formatMinutes(last * part)}</text>`)}<line class="target" x1="${x(limit)}" x2="${x(limit)}" y1="${box.top}" y2="${box.bottom}"/><text x="${x(limit) + 6}" y="${box.top + 26}">${`target ${formatMinutes(limit)}`}</text>${arms.map(
    ({ times }, index) => html`<path class="step s${index % 3}" d="${pathOf(times, x, y)}"/>`,
  )}${arms.map(({ platform, times }, index) => legendRow(platform, times, { index, y: legend + index * 22 }))}</svg></figure>`
}

function pathOf({ curve }: Times, x: (minutes: number) => number, y: (share: number) => number): string {
  const steps = curve.map(({ time, survival }) => `H${x(time).toFixed(1)}V${y(survival).toFixed(1)}`)
  return `M${x(0).toFixed(1)} ${y(1).toFixed(1)}${steps.join('')}`
}

function legendRow(platform: string, { median, low, high, judged }: Times, place: { index: number; y: number }): Html {
  const text = `${platform}: median ${formatMinutes(median)} (n ${judged}, 95 % CI ${formatMinutesInterval(low, high)})`
  return html`<line class="step s${place.index % 3}" x1="${box.left}" x2="${box.left + 36}" y1="${place.y}" y2="${place.y}"/><text x="${box.left + 46}" y="${place.y + 4}">${text}</text>`
}
