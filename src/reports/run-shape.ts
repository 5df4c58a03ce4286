import type { RunShape, StepShape } from '../core/audience/trace.js'
import { hourText } from './examples.js'
import { formatCount, formatDuration, formatNumber, formatUsd, nothing } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** Levels that are indented; deeper ones stand at the same place. */
const deepest = 12
/** Steps that are shown; `--json` has all. */
const mostSteps = 200

/** What a run is made of, and how it was received, in names and numbers. */
export function formatRunShape(
  { platform, hourMs, tokens, costUsd, steps, ...judged }: RunShape,
  options: TerminalOptions,
) {
  const total = `in all: ${formatCount(tokens.input)} tokens in, ${formatCount(tokens.output)} out, cost ${formatUsd(costUsd)}`
  const more = steps.length > mostSteps ? [`and ${formatCount(steps.length - mostSteps)} more steps: --json`] : []
  const feedback = judged.feedback.map(({ kind, value }) => `feedback: ${kind}${numberText(value)}`)
  const scores = judged.scores.map(({ name, value }) => `score: ${name}${numberText(value)}`)
  return formatSection(
    {
      title: `A run on ${platform}, ${hourText(hourMs)} UTC`,
      table: {
        head: ['step', 'kind', 'latency', 'tokens in', 'out', 'cost', 'status', 'prompt', 'model'],
        align: 'llrrrrlll',
        rows: steps.slice(0, mostSteps).map(stepCells),
      },
      lines: [...more, total, ...feedback, ...scores],
    },
    options,
  ).join('\n')
}

function stepCells({ depth, step, kind, latencyMs, inputTokens, outputTokens, costUsd, status, ...made }: StepShape) {
  return [
    `${'  '.repeat(Math.min(depth, deepest))}${step}`,
    ...[
      kind,
      formatDuration(latencyMs),
      formatCount(inputTokens),
      formatCount(outputTokens),
      formatUsd(costUsd),
      status,
    ],
    ...[made.prompt ?? nothing, made.model ?? nothing],
  ]
}

const numberText = (value: number | undefined) => (value === undefined ? '' : ` ${formatNumber(value, 3)}`)
