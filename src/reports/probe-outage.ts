import type { OutageResult } from '../core/probes/outage.js'
import { faultOf } from '../core/probes/outage-faults.js'
import { badExits, requestsAsWanted, unwantedRequests } from '../core/probes/outage-summary.js'
import type { FaultFigures } from '../core/probes/outage-verdict.js'
import { neededForInterval } from '../core/stats/quantile.js'
import { formatCount, formatDuration, nothing } from './number.js'
import { causeText, exitText, listed, memoryText, recoveryText } from './probe-outage-text.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'

/** The outage matrix for a terminal. */
export function formatOutage(result: OutageResult, options: TerminalOptions): string {
  const sections = [matrix(result), reasons(result), account(result), overall(result)]
  const filled = sections.filter(({ table, lines = [] }) => (table?.rows.length ?? 0) + lines.length > 0)
  return filled.map((section) => formatSection(section, options).join('\n')).join('\n\n')
}

const columns: readonly [head: string, align: 'l' | 'r', cell: (figures: FaultFigures) => string][] = [
  ['fault', 'l', ({ fault }) => fault],
  ['answered', 'r', ({ requests: { answered, failed, changed, n } }) => `${answered - failed - changed}/${n}`],
  ['added p50', 'r', ({ added }) => addedText(added.percentiles[0]?.value)],
  ['p95', 'r', ({ added }) => addedText(added.percentiles[1]?.value)],
  ['p99', 'r', ({ added }) => addedText(added.percentiles[2]?.value)],
  [
    'exit after',
    'r',
    ({ exit }) => (exit.verdict === 'never' ? 'never' : formatDuration(exit.delayMs ?? exit.addedMs)),
  ],
  ['memory', 'r', ({ memory }) => memoryText(memory.addedBytes)],
  ['traces', 'r', ({ account: { traces } }) => `${traces.delivered}/${traces.expected}`],
  ['requests', 'l', ({ requests }) => requests.verdict],
  ['exit', 'l', ({ exit }) => (exit.verdict === 'not measured' ? nothing : exit.verdict)],
]

function matrix(result: OutageResult): Section {
  const { control, faults, limits } = result
  const { received, requests, kind } = control
  return {
    title: 'Outage matrix',
    table: {
      head: columns.map(([head]) => head),
      align: columns.map(([, align]) => align).join(''),
      rows: [controlRow(result), ...faults.map((each) => columns.map(([, , cell]) => cell(each)))],
    },
    lines: [
      `control: two runs without a fault, ${formatCount(requests)} requests (${kindText[kind]}), p95 ${formatDuration(control.latency.percentiles[1]?.value)}${againText(control)}; ${formatCount(received.traces)} traces, ${formatCount(received.records)} records`,
      ...(control.hasSameAnswers
        ? []
        : ['answers were not compared: those of the two controls differ, or none is stated']),
      `added: beyond the same request of the control, by pairs; --json has the 95 % intervals, of a p95 from ${neededForInterval(0.95)} requests on`,
      `budgets: ${budgetText(limits)} a request, ${formatDuration(limits.exitBudgetMs)} at the exit, ${memoryText(limits.memoryBudgetBytes)} of memory`,
    ],
  }
}

const kindText = {
  lines: 'as the application states them',
  http: 'as pilot called them',
  process: 'the run as a whole, which states none',
}

function controlRow({ control }: OutageResult): string[] {
  const { requests, latency, exitDelayMs, totalMs, kind, received } = control
  const times = [0, 1, 2].map((place) => formatDuration(latency.percentiles[place]?.value))
  const exit = formatDuration(kind === 'process' ? totalMs : exitDelayMs)
  return [
    'control',
    `${requests}/${requests}`,
    ...times,
    exit,
    nothing,
    `${received.traces}/${received.traces}`,
    '',
    '',
  ]
}

function againText({ again }: OutageResult['control']): string {
  const [, p95] = again.percentiles
  return p95 === undefined ? '' : `, in the second run ${addedText(p95.value)} at the p95`
}

function budgetText({ latencyBudget: { ms, share } }: OutageResult['limits']): string {
  const parts = [
    ...(ms > 0 || share === 0 ? [formatDuration(ms)] : []),
    ...(share > 0 ? [`${Number((share * 100).toPrecision(12))} %`] : []),
  ]
  return parts.join(' or ')
}

function addedText(ms: number | undefined): string {
  if (ms === undefined) return nothing
  const rounded = Math.round(ms * 10) / 10
  return rounded > 0 ? `+${formatDuration(rounded)}` : formatDuration(Math.abs(rounded) === 0 ? 0 : rounded)
}

function reasons({ faults, limits }: OutageResult): Section {
  const lines = faults.flatMap((each) => {
    const exit = exitText(each, limits.exitBudgetMs)
    const parts = [
      ...each.requests.causes.map((cause) => causeText(cause, each)),
      ...(each.requests.verdict === 'inconclusive' ? [inconclusiveText(each)] : []),
      ...(exit === undefined ? [] : [exit]),
      ...(each.fault === 'recovery' ? [recoveryText(each)] : []),
      ...(each.memory.verdict === 'grows'
        ? [`memory grew by ${memoryText(each.memory.addedBytes)} more than in the control`]
        : []),
    ]
    return parts.length === 0 ? [] : [`${each.fault} (${faultOf(each.fault).what}): ${parts.join('; ')}`]
  })
  return { title: 'What stands out', lines }
}

function inconclusiveText({ requests: { late, usuallyLate, n }, limitMs, runs }: FaultFigures): string {
  const how = `${late} of ${n} took over ${formatDuration(limitMs)} longer, in the second control ${usuallyLate}`
  return `whether requests wait cannot be told in ${runs} runs: ${how}; more requests or a quieter machine would tell`
}

function account({ faults, volume, control }: OutageResult): Section {
  const { requests, received } = control
  const rows = faults.map(({ fault, account: each, received: came }) => [
    fault,
    ...[each.expected, each.delivered, each.refused, each.unreachable, each.dropped].map(formatCount),
    String(each.unexplained),
    formatCount(each.twice),
    formatCount(came.posts),
  ])
  const sampled = { x: Math.min(requests, received.traces), n: requests }
  return {
    title: 'Where the records went',
    table: {
      head: ['fault', 'expected', 'delivered', 'refused', 'no way', 'dropped', 'unexplained', 'twice', 'posts'],
      align: 'lrrrrrrrr',
      rows,
    },
    lines: [
      'expected: what a request left in the control, times the requests answered; no way: the fault lets nothing through; dropped: as the application said',
      `requests with a trace, without a fault: ${shareText(sampled)}`,
      ...(sampled.x < sampled.n
        ? ['not every request leaves a trace: what is expected is an estimate, and the unexplained rest may be chance']
        : []),
      ...(volume === undefined
        ? []
        : [`requests with a trace, at ${formatCount(volume.requests)} of them: ${shareText(volume.share)}`]),
    ],
  }
}

function overall({ faults, limits, isComplete, stopped, wanted }: OutageResult): Section {
  const { expect, exitBudgetMs } = limits
  const all = faults.length
  const lost = faults.reduce((sum, each) => sum + unwantedRequests(each, expect), 0)
  const unlike = faults.filter((each) => requestsAsWanted(each, expect) !== 'yes')
  const growing = faults.filter(({ memory }) => memory.verdict === 'grows')
  const grown = faults.filter(({ memory }) => memory.verdict !== 'not measured').length
  const ended = faults.filter(({ exit }) => exit.verdict !== 'not measured').length
  const word = expect === 'open' ? 'fail-open' : 'fail-closed'
  const lostText = expect === 'open' ? 'lost, wrong or late' : 'answered although no trace was kept'
  return {
    title: 'Verdict',
    lines: [
      verdictText(`requests: ${word}`, listed(unlike, 'added'), { of: all, all }) +
        (lost > 0 ? `; ${formatCount(lost)} requests ${lostText}` : ''),
      verdictText(`exit: within ${formatDuration(exitBudgetMs)}`, listed(badExits(faults), 'exit'), { of: ended, all }),
      verdictText('memory: bounded', listed(growing, 'memory'), { of: grown, all }),
      ...(isComplete
        ? []
        : [`incomplete (${stopped}): ${all} of ${wanted.length} faults; the scorecard goes by complete runs`]),
    ],
  }
}

/** `requests: fail-open under 2 of 4 faults, not under hang (+2 s), 503`. */
function verdictText(good: string, bad: readonly string[], { of, all }: { of: number; all: number }): string {
  const measured = of < all ? ` (not measured under ${all - of})` : ''
  const rest = bad.length === 0 ? '' : `, not under ${bad.join(', ')}`
  return of === 0 ? `${good}: not measured` : `${good} under ${of - bad.length} of ${of} faults${rest}${measured}`
}
