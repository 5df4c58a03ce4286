import type { Drill } from '../core/drill/drill.js'
import { formatCount, formatTime, nothing } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

interface MadeDrill {
  drill: Drill
  refused: Partial<Record<string, number>>
  hasRequestLog: boolean
  /** Runs that the rule could have taken. */
  problems: number
  /** How many incidents there should be at least. */
  wanted: number
}

/** The incidents of a new drill, and how they were picked. */
export function formatMadeDrill(
  { drill, refused, hasRequestLog, problems, wanted }: MadeDrill,
  options: TerminalOptions,
): string {
  const rows = drill.incidents.map(({ id, requestId, timeMs, tenant, signals, traces }) => [
    id,
    requestId ?? traces[0]?.traceId ?? nothing,
    timeMs === undefined ? nothing : formatTime(timeMs),
    tenant ?? nothing,
    signals.join(', ') || 'named by a person',
    traces.map(({ platform }) => platform).join(', '),
  ])
  const left = Object.entries(refused).map(([origin, count]) => `${formatCount(count)} ${origin}`)
  return formatSection(
    {
      title: `Drill ${drill.id}: ${drill.incidents.length} incidents`,
      table: { head: ['id', 'request', 'time', 'tenant', 'why', 'traces on'], align: 'llllll', rows },
      lines: [
        `rule: ${drill.rule}; ${formatCount(problems)} runs could be taken`,
        `time-box ${drill.timeboxMs / 60_000} min; arms: ${drill.arms.join(', ')}`,
        ...(left.length > 0
          ? [`left out, since they are no production: ${left.join(', ')} (--include takes them in)`]
          : []),
        ...(drill.incidents.length < wanted
          ? [`fewer than the ${formatCount(wanted)} wanted: no more runs of the window have a signal`]
          : []),
        ...(hasRequestLog
          ? []
          : ['no request log: nobody knows which runs are production (pilot ingest --as requests)']),
        ...(drill.arms.length < 2
          ? ['one arm only: pilot.baseline in pilot.yaml names what the team has today, to compare with']
          : []),
      ],
    },
    options,
  ).join('\n')
}
