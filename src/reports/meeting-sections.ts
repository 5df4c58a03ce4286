import type { Meeting } from '../core/meeting.js'
import { sinceText } from '../core/prompts/recorded.js'
import type { Row, Scorecard } from '../core/scorecard.js'
import type { Summary } from '../core/summary.js'
import { formatCount, formatDay, formatPercent, formatShare, formatUsd, formatValue, nothing } from './number.js'
import { percentileText } from './percentile-text.js'
import { personaSection } from './persona-section.js'
import type { Section } from './section.js'

/** The tables that the review meeting asks for: coverage by origin, cost per run, model and tenant, debug time per arm, tasks by persona. */
export function meetingSections({ meeting, lines }: Scorecard): Section[] {
  const debugTime = lines.flatMap(({ rows }) => rows).find(({ id }) => id === 'debug-time')
  return [
    coverageSection(meeting),
    costSection(meeting),
    ...(debugTime ? [debugSection(debugTime)] : []),
    personaSection(meeting),
    promptTestSection(meeting),
  ]
}

function coverageSection(meeting: readonly Meeting[]): Section {
  const rows = meeting.flatMap(({ platform, coverage }) =>
    coverage.map(({ origin, present, requests, interval }) => {
      return [
        platform,
        origin,
        formatCount(requests),
        formatCount(present),
        formatShare(present / requests, requests, interval),
      ]
    }),
  )
  return {
    title: 'Coverage by origin (only production is judged)',
    table: { head: ['platform', 'origin', 'requests', 'with a trace', 'share'], align: 'llrrr', rows },
  }
}

function costSection(meeting: readonly Meeting[]): Section {
  const rows = meeting.flatMap(({ platform, costPerRun, costByModel, costByTenant }) => [
    [platform, 'all runs', ...costCells(costPerRun, undefined)],
    ...groupRows(platform, 'model', costByModel),
    ...groupRows(platform, 'tenant', costByTenant),
  ])
  return {
    title: 'Cost per run, model and tenant',
    table: { head: ['platform', 'group', 'n', 'unknown', 'total', 'part', 'p50 (95 % CI)'], align: 'llrrrrr', rows },
    lines: rows.length === 0 ? [] : ['The unit is a run for all runs and tenants, a model call for models.'],
  }
}

function groupRows(platform: string, name: string, { groups, more }: Meeting['costByModel']): string[][] {
  const rows = groups.map((group) => [platform, `${name} ${group.key}`, ...costCells(group, group.part)])
  return more === 0 ? rows : [...rows, [platform, `and ${formatCount(more)} more`, ...Array<string>(5).fill('')]]
}

function costCells({ n, unknown, sum, percentiles }: Summary, part: number | undefined): string[] {
  const median = percentiles.find(({ p }) => p === 0.5)
  const middle = median === undefined ? nothing : percentileText(median, formatUsd)
  return [formatCount(n), formatCount(unknown), formatUsd(sum), formatPercent(part), middle]
}

function debugSection({ cells }: Row): Section {
  const rows = cells.map(({ platform, measurement }) => {
    const source = measurement.measured ? (measurement.note ?? '') : measurement.reason
    return [platform, measurement.measured ? formatValue(measurement) : 'not measured', source]
  })
  return { title: 'Debug time per arm', table: { head: ['arm', 'median', 'source'], align: 'lrl', rows } }
}

/** What `pilot prompts tests` recorded last, and what came in after. */
function promptTestSection(meeting: readonly Meeting[]): Section {
  const rows = meeting.flatMap(({ platform, promptTests }) =>
    (promptTests?.results ?? []).map(({ test, status }) => [
      ...[platform, test, status, formatDay(promptTests!.timeMs), sinceText(promptTests!.since)], // it has results
    ]),
  )
  return {
    title: 'Prompt management: recorded tests of prompt versions',
    table: { head: ['platform', 'test', 'result', 'recorded', 'came in since'], align: 'lllll', rows },
  }
}
