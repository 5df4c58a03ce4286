import type { TraceRow } from '../core/trace-row.js'
import { formatCount, formatDuration, formatTime, formatUsd, nothing } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** A list of traces, one in a line. */
export function formatTraces(
  { matching, traces, why }: { matching: number; traces: readonly TraceRow[]; why: readonly string[] },
  options: TerminalOptions,
): string {
  const title =
    matching === traces.length
      ? `Traces: ${formatCount(matching)}`
      : `Traces: ${formatCount(traces.length)} of ${formatCount(matching)}`
  const table = {
    head: ['trace', 'begun (UTC)', 'root', 'status', 'latency', 'cost', 'tokens', 'tenant', 'prompt'],
    align: 'rrllrrrll',
    rows: traces.map((row) => [
      row.traceId.slice(0, 12),
      row.startMs === undefined ? nothing : formatTime(row.startMs).slice(0, 16).replace('T', ' '),
      row.root,
      row.status,
      formatDuration(row.latencyMs),
      formatUsd(row.costUsd),
      formatCount(
        row.tokens.input === undefined && row.tokens.output === undefined
          ? undefined
          : (row.tokens.input ?? 0) + (row.tokens.output ?? 0),
      ),
      row.tenants.join(' ') || nothing,
      row.prompts.join(' ') || nothing,
    ]),
  }
  return formatSection(
    {
      title,
      table,
      lines: traces.length > 0 ? [] : ['none meets the filters; pilot data says what is stored', ...why],
    },
    options,
  ).join('\n')
}
