import type { ExampleRun } from '../core/audience/traces.js'
import { formatCount, formatDuration, formatTime, formatUsd, nothing } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** Runs as examples, one in a line. */
export function formatExamples(
  { matching, examples }: { matching: number; examples: readonly ExampleRun[] },
  options: TerminalOptions,
): string {
  const table = {
    head: ['run', 'hour (UTC)', 'status', 'latency', 'cost', 'steps', 'prompt', 'model', 'feedback'],
    align: 'lllrrrlll',
    rows: examples.map(({ example, hourMs, status, latencyMs, costUsd, steps, prompts, models, feedback }) => [
      ...[example, hourText(hourMs), status, formatDuration(latencyMs), formatUsd(costUsd), formatCount(steps)],
      ...[prompts, models, feedback].map((each) => each.join(', ') || nothing),
    ]),
  }
  const lines = examples.length === 0 ? ['none meets the filters'] : []
  const title = `Examples: ${formatCount(examples.length)} of ${formatCount(matching)} runs`
  return formatSection({ title, table, lines }, options).join('\n')
}

/** `2026-03-02 14h`. */
export function hourText(ms: number | undefined): string {
  return ms === undefined ? nothing : `${formatTime(ms).slice(0, 13).replace('T', ' ')}h`
}
