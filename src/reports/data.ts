import type { Figures } from '../core/figures.js'
import { formatCount, formatDay, formatTime, formatUsd, nothing } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

type Shown = Figures &
  Record<'scores' | 'feedback' | 'requests' | 'billing' | 'deployments' | 'attempts' | 'labels' | 'logEntries', number>

export interface ShownData {
  platforms: readonly ({ platform: string } & Shown)[]
  sources: readonly ({
    path: string
    platform: string
    kind: string
    format: string | undefined
    state: string
  } & Shown)[]
  total: Shown
  purged: { purges: number; traces: number | null; lastMs: number | null; notScrubbed: number }
}

/** What the store holds: one table per platform, one per source, and the totals. */
export function formatData({ platforms, sources, total, purged }: ShownData, options: TerminalOptions): string {
  const platformTable = {
    head: [
      'platform',
      'traces',
      'spans',
      'roots',
      'orphans',
      'errors',
      'tokens in',
      'tokens out',
      'stated',
      'computed',
      'unpriced',
    ],
    align: 'lrrrrrrrrrr',
    rows: [
      ...platforms.map((each) => [each.platform, ...cells(each)]),
      ...(platforms.length > 1 ? [['total', ...cells(total)]] : []),
    ],
  }
  // What no source brought takes no column.
  const brought = counted.filter((what) => what === 'spans' || sources.some((each) => each[what] > 0))
  const sourceTable = {
    head: [
      'source',
      'kind',
      'format',
      'state',
      ...brought.map((what) => (what === 'logEntries' ? 'log entries' : what)),
    ],
    align: `llll${'r'.repeat(brought.length)}`,
    rows: sources.map((each) => [
      tailOf(each.path),
      each.kind,
      each.format ?? nothing,
      each.state === 'reading' ? 'interrupted' : each.state,
      ...brought.map((what) => formatCount(each[what])),
    ]),
  }
  return [
    ...formatSection(
      { title: 'Stored traces', table: platformTable, lines: [...remarks(total), ...purgedLine(purged)] },
      options,
    ),
    '',
    ...formatSection({ title: 'Sources', table: sourceTable }, options),
  ].join('\n')
}

const counted = [
  'spans',
  'requests',
  'billing',
  'feedback',
  'scores',
  'deployments',
  'attempts',
  'labels',
  'logEntries',
] as const

function cells({ traces, spans, roots, orphans, errorSpans, tokens, costUsd }: Shown): string[] {
  return [
    ...[traces, spans, roots, orphans, errorSpans].map(formatCount),
    ...[tokens.input, tokens.output].map((count) => formatCount(count ?? undefined)),
    ...[costUsd.stated, costUsd.computed].map((usd) => formatUsd(usd ?? undefined)),
    formatCount(costUsd.unpricedSpans),
  ]
}

function remarks({
  tokens,
  tokensNaive,
  models,
  promptVersions,
  startMs,
  endMs,
  spansByKind,
  requests,
  billing,
  deployments,
  attempts,
  labels,
  logEntries,
}: Shown): string[] {
  const isRepeated = tokensNaive.input !== tokens.input || tokensNaive.output !== tokens.output
  const kinds = Object.entries(spansByKind).map(([kind, count]) => `${kind} ${formatCount(count)}`)
  return [
    ...(startMs === null || endMs === null ? [] : [`from ${formatTime(startMs)} to ${formatTime(endMs)}`]),
    ...(kinds.length > 0 ? [`kinds: ${kinds.join(', ')}`] : []),
    ...(isRepeated
      ? [
          `a naive sum would say ${formatCount(tokensNaive.input ?? undefined)} in, ${formatCount(tokensNaive.output ?? undefined)} out: spans repeat what spans below them used`,
        ]
      : []),
    ...(models.length > 0 ? [`models asked: ${models.join(', ')}`] : []),
    ...(promptVersions.length > 0
      ? [`prompt versions: ${promptVersions.map(({ name, version }) => `${name}@${version}`).join(', ')}`]
      : []),
    ...(requests > 0 ? [`requests in the application's log: ${formatCount(requests)}`] : []),
    ...(billing > 0 ? [`lines of bills: ${formatCount(billing)}`] : []),
    ...(deployments > 0 ? [`deployments of prompts and releases: ${formatCount(deployments)}`] : []),
    ...(attempts > 0 ? [`attempts at drills: ${formatCount(attempts)}`] : []),
    ...(labels > 0 ? [`labels: ${formatCount(labels)}`] : []),
    ...(logEntries > 0 ? [`entries of the log: ${formatCount(logEntries)}`] : []),
  ]
}

function purgedLine({ traces, lastMs, notScrubbed }: ShownData['purged']): string[] {
  if (lastMs === null) return []
  const open = notScrubbed > 0 ? '; not scrubbed yet: pilot purge --yes finishes it' : ''
  return [
    `purged: ${traces === null ? 'a few' : formatCount(traces)} traces, last on ${formatDay(lastMs)}; pilot purge --log lists it${open}`,
  ]
}

/** The end of a path, which tells files of one folder apart. */
function tailOf(path: string): string {
  return path.length <= longestPath ? path : `…${path.slice(1 - longestPath)}`
}

const longestPath = 40
