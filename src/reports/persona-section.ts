import type { PersonaSummary } from '../core/persona-summary.js'
import { formatBounds, formatCount, formatPercent, nothing } from './number.js'
import type { Section } from './section.js'

/** How the tasks of each persona went, per platform; without who did them. */
export function personaSection(
  platforms: readonly { platform: string; personas: readonly PersonaSummary[] }[],
): Section {
  const rows = platforms.flatMap(({ platform, personas }) =>
    personas.map(({ persona, x, n, interval, medianMinutes, neededHelp, neededRawText, opened }) => [
      platform,
      persona,
      `${formatCount(x)} of ${formatCount(n)}`,
      `${formatPercent(x / n)} (${formatBounds(interval)})`,
      medianMinutes === undefined ? nothing : `${Number(medianMinutes.toFixed(1))} min`,
      formatCount(neededHelp),
      formatCount(neededRawText),
      opened.map(({ tool, tasks }) => `${tool} ${formatCount(tasks)}`).join(', '),
    ]),
  )
  return {
    title: 'Tasks by persona',
    table: {
      head: ['platform', 'persona', 'done', 'share (95 % CI)', 'median', 'help', 'raw text', 'other tools'],
      align: 'llrrrrrl',
      rows,
    },
    lines: rows.length === 0 ? [] : ['The median is of the tasks that were done.'],
  }
}
