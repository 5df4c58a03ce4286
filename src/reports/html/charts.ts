import type { Meeting } from '../../core/meeting.js'
import type { Scorecard } from '../../core/scorecard.js'
import type { Percentile, Summary } from '../../core/summary.js'
import { formatCount, formatDuration, formatPercent, formatUsd } from '../number.js'
import { type IntervalRow, intervalChart } from './interval-chart.js'
import { survivalChart } from './survival-chart.js'
import type { Html } from './template.js'

/** The pictures for the room: coverage, debug time per arm, cost and latency. */
export function charts({ meeting }: Scorecard): Html[] {
  const times = meeting.flatMap(({ platform, debugTimes }) =>
    debugTimes === undefined ? [] : [{ platform, times: debugTimes }],
  )
  return [
    intervalChart('Requests that have their trace', meeting.flatMap(coverageRows), { max: 1, format: formatPercent }),
    survivalChart(times),
    intervalChart('Cost (median): of a run, and of a call by model', meeting.flatMap(costRows), { format: formatUsd }),
    intervalChart('Latency of a run', meeting.flatMap(latencyRows), { format: formatDuration }),
  ]
}

function coverageRows({ platform, coverage }: Meeting): IntervalRow[] {
  return coverage.map(({ origin, present, requests, interval }) => ({
    label: `${platform}, ${origin}`,
    value: present / requests,
    ...interval,
    text: `${formatPercent(present / requests)}, n ${formatCount(requests)}`,
  }))
}

function costRows({ platform, costPerRun, costByModel }: Meeting): IntervalRow[] {
  return [
    ...rowsOf(`${platform}, run`, costPerRun, [0.5], formatUsd),
    ...costByModel.groups.flatMap((group) => rowsOf(`${platform}, ${group.key}`, group, [0.5], formatUsd)),
  ]
}

function latencyRows({ platform, latency }: Meeting): IntervalRow[] {
  return rowsOf(platform, latency, [0.5, 0.95, 0.99], formatDuration)
}

function rowsOf(
  label: string,
  { n, percentiles }: Summary,
  wanted: readonly number[],
  format: (value: number) => string,
): IntervalRow[] {
  return percentiles
    .filter(({ p }) => wanted.includes(p))
    .flatMap((percentile) => {
      const value = percentile.value
      if (value === undefined) return []
      const name = wanted.length > 1 ? `${label}, p${percentile.p * 100}` : label
      return [{ label: name, value, ...ends(percentile, value), text: `${format(value)}, n ${formatCount(n)}` }]
    })
}

/** Without an interval there is a dot alone. */
function ends({ interval }: Percentile, value: number): { low: number; high: number } {
  return interval ?? { low: value, high: value }
}
