import type { CriticalPath, StepTime } from '../core/step-times.js'
import { summarise } from '../core/summary.js'
import { formatBounds, formatCount, formatDuration, formatPercent, formatUsd, nothing } from './number.js'
import { percentileText } from './percentile-text.js'
import type { Section } from './section.js'

/** How many steps are shown. */
const shown = 20

/** Which step the time of the runs went to, then latency and cost per step. */
export function stepTimeSections(path: CriticalPath): Section[] {
  const steps = path.steps.slice(0, shown)
  const more = path.steps.length - shown
  const moreLines = more > 0 ? [`and ${formatCount(more)} more`] : []
  return [
    {
      title: `Critical path (n ${formatCount(path.runs)}, total ${formatDuration(path.totalMs)})`,
      table: {
        head: ['step', 'kind', 'runs', 'in itself', 'part', 'on the path', 'of run time (95 % CI)'],
        align: 'llrrrrr',
        rows: steps.map(timeCells),
      },
      lines: [...summaryLines(path), ...moreLines],
    },
    {
      title: 'Latency and cost per step',
      table: {
        head: ['step', 'spans', 'p50 (95 % CI)', 'p95 (95 % CI)', 'cost', 'part', 'errors'],
        align: 'lrrrrrr',
        rows: steps.map(costCells),
      },
      lines: [
        ...moreLines,
        ...(path.costUnknownRuns > 0
          ? [`runs whose cost is not wholly known: ${formatCount(path.costUnknownRuns)}`]
          : []),
      ],
    },
  ]
}

function timeCells({ step, kind, runs, selfMs, selfShare, pathMs, pathShare, pathInterval }: StepTime): string[] {
  const bounds = pathInterval === undefined ? '' : ` (${formatBounds(pathInterval)})`
  return [
    ...[step, kind ?? nothing, formatCount(runs), formatDuration(selfMs), formatPercent(selfShare)],
    ...[formatDuration(pathMs), `${formatPercent(pathShare)}${bounds}`],
  ]
}

function costCells({ step, spans, wallMs, costUsd, costShare, errors }: StepTime): string[] {
  const { percentiles } = summarise(wallMs)
  const at = (wanted: number) => {
    const found = percentiles.find(({ p }) => p === wanted)
    return found === undefined ? nothing : percentileText(found, formatDuration)
  }
  return [
    ...[step, formatCount(spans), at(0.5), at(0.95)],
    ...[formatUsd(costUsd), formatPercent(costShare), formatCount(errors.x)],
  ]
}

function summaryLines({ runs, leftOut, totalMs, steps: [first] }: CriticalPath): string[] {
  const left = leftOut > 0 ? [`runs of unknown latency, left out: ${formatCount(leftOut)}`] : []
  if (runs === 0 || first === undefined) return ['no run has a known latency', ...left]
  if (first.pathShare === undefined) return ['the runs took no time', ...left]
  return [
    `Of ${formatCount(runs)} ${runs === 1 ? "run's" : "runs'"} ${formatDuration(totalMs)} total, ${formatPercent(first.pathShare)} was in step ${first.step} itself`,
    ...left,
  ]
}

/** As JSON: samples as their summaries, null where it is not known. */
export function criticalPathJson({ steps, totalMs, costUsd, ...path }: CriticalPath): object {
  return { ...path, totalMs: totalMs ?? null, costUsd: costUsd ?? null, steps: steps.map(stepJson) }
}

function stepJson({ wallMs, kind, selfMs, selfShare, pathMs, pathShare, costUsd, ...step }: StepTime): object {
  return {
    ...{ ...step, kind: kind ?? null, wallMs: summarise(wallMs) },
    ...{ selfMs: selfMs ?? null, selfShare: selfShare ?? null },
    ...{ pathMs: pathMs ?? null, pathShare: pathShare ?? null, pathInterval: step.pathInterval ?? null },
    ...{ costUsd: costUsd ?? null, costShare: step.costShare ?? null },
  }
}
