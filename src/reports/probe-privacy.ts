import { type CanarySet, canaryChannels, channelNames, lineOf } from '../core/probes/canary.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import { type CanaryResult, type PrivacyResult, verdictCounts } from '../core/probes/privacy.js'
import { formatCount } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

export const sheetForms = ['md', 'csv', 'json'] as const
export type SheetForm = (typeof sheetForms)[number]

/** What the team sends, request by request. It holds the values. */
export function canarySheet(set: CanarySet, form: SheetForm): string {
  if (form === 'json') return `${JSON.stringify({ schemaVersion: 1, ...sheetJson(set) }, null, 2)}\n`
  return form === 'csv' ? csvSheet(set) : markdownSheet(set)
}

/** The same as data. */
export function sheetJson({ id, requests }: CanarySet) {
  return {
    set: id,
    requests: requests.map((request) => ({
      id: request.id,
      channel: request.channel,
      where: canaryChannels[request.channel],
      marker: request.marker,
      canaries: request.canaries.map((canary) => ({ id: canary.id, kind: canary.kind, send: lineOf(canary) })),
    })),
  }
}

function csvSheet({ requests }: CanarySet): string {
  const rows = requests.flatMap(({ id, channel, marker, canaries }) =>
    canaries.map((canary) => [id, marker, canary.id, canaryChannels[channel], lineOf(canary)]),
  )
  return [['request', 'marker', 'canary', 'where', 'send'], ...rows]
    .map((row) => `${row.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`)
    .join('')
}

function markdownSheet({ id, requests }: CanarySet): string {
  const parts = requests.map(({ id: request, channel, marker, canaries }) => {
    const lines = canaries.map((canary) => `- ${canary.id}: \`${lineOf(canary)}\``)
    return [`## ${request}`, '', `Marker: \`${marker}\``, '', `Send ${canaryChannels[channel]}:`, '', ...lines].join(
      '\n',
    )
  })
  return `# Canaries ${id}\n\n${howTo.map((line) => `- ${line}\n`).join('')}\n${parts.join('\n\n')}\n`
}

const howTo = [
  'All values are made up. Send each request once through the application, and nothing else by these words.',
  'Put the marker of a request into its metadata (a session id, a tag, any key) and into the message: it shows that the request arrived.',
  'Send each line as it is, with the words around the value: they show what took its place.',
  'Keep this sheet out of the exports and delete it after the test.',
]

/** What became of a set: by channel, what leaked and where, and what is not known. Values are never shown. */
export function formatPrivacy(
  { platform, result }: { platform: string; result: PrivacyResult },
  options: TerminalOptions,
): string {
  const sections = [summarySection(platform, result), ...leakSections(result), ...unreadSections(result)]
  return sections.map((section) => formatSection(section, options).join('\n')).join('\n\n')
}

const verdicts = ['leaked', 'less removed', 'as declared', 'more removed', 'not measured'] as const

function summarySection(platform: string, result: PrivacyResult): Section {
  const { canaries, requests, set, files } = result
  const channels = channelNames.filter((name) => canaries.some(({ channel }) => channel === name))
  const counts = verdictCounts(result)
  const rows = channels.map((name) => {
    const own = verdictCounts({ canaries: canaries.filter(({ channel }) => channel === name) })
    return [name, ...verdicts.map((verdict) => formatCount(own[verdict]))]
  })
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return {
    title: `Canaries ${set} on ${platform}`,
    table: {
      head: ['channel', ...verdicts],
      align: 'lrrrrr',
      rows: [...rows, ['together', ...verdicts.map((verdict) => formatCount(counts[verdict]))]],
    },
    lines: [
      `requests seen in the export: ${requests.arrived} of ${requests.planted}`,
      `searched: ${formatCount(files.length)} files (${formatCount(bytes)} bytes unpacked), and every row of the store`,
      ...(counts['not measured'] > 0
        ? [
            `not measured: ${formatCount(counts['not measured'])} canaries whose request is seen in no export; removed and never sent look the same`,
          ]
        : []),
      ...(counts['more removed'] > 0
        ? ['more removed than declared: no leak, but what a diagnosis needs may be gone']
        : []),
    ],
  }
}

const mostLeaks = 20

function leakSections({ canaries }: PrivacyResult): Section[] {
  const leaked = canaries.filter(({ verdict }) => verdict === 'leaked' || verdict === 'less removed')
  if (leaked.length === 0) return []
  const rows = leaked.flatMap(rowsOf)
  const more = rows.length - mostLeaks
  return [
    {
      title: 'Where they stand',
      table: {
        head: ['canary', 'declared', 'found', 'in', 'encoding'],
        align: 'lllll',
        rows: rows.slice(0, mostLeaks),
      },
      lines: more > 0 ? [`${formatCount(more)} more: --json has them all`] : [],
    },
  ]
}

function rowsOf({ id, declared, outcomes, finds }: CanaryResult): string[][] {
  if (finds.length === 0) return [[id, declared, outcomes.export, 'export', '–']]
  return finds.map(({ file, line, encoding, found }) => [
    id,
    declared,
    found,
    `${file}${line === undefined ? '' : `:${line}`}`,
    encoding,
  ])
}

function unreadSections({ unread }: PrivacyResult): Section[] {
  if (unread.length === 0) return []
  return [
    {
      title: 'Not searched to the end',
      lines: unread.map(({ path, reason }) => `${path}: ${reason}`),
    },
  ]
}

/** The sets that were planted, and what the last search for each found. */
export function formatPrivacyList(
  sets: readonly CanarySet[],
  runs: readonly ProbeRun<PrivacyResult>[],
  options: TerminalOptions,
): string {
  if (sets.length + runs.length === 0) return 'No canaries were planted.'
  const ids = [...new Set([...sets.map(({ id }) => id), ...runs.map(({ result }) => result.set)])]
  const rows = ids.flatMap((id) => {
    const own = runs.filter(({ result }) => result.set === id)
    const planted = sets.find((set) => set.id === id)?.requests.flatMap(({ canaries }) => canaries).length
    if (own.length === 0) return [[id, formatCount(planted ?? 0), 'not looked for', '–', '–', '–']]
    return own.map(({ platform, startedMs, result }) => {
      const counts = verdictCounts(result)
      return [
        id,
        formatCount(result.canaries.length),
        platform,
        new Date(startedMs).toISOString().slice(0, 16).replace('T', ' '),
        formatCount(counts.leaked),
        formatCount(counts['not measured']),
      ]
    })
  })
  const table = {
    head: ['set', 'canaries', 'platform', 'looked for (UTC)', 'leaked', 'not measured'],
    align: 'lrllrr',
    rows,
  }
  return formatSection({ title: 'Canaries', table }, options).join('\n')
}
