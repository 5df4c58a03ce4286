import type { Share } from '../core/evidence.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import { type ExportProbe, type FieldShare, strayTraces } from '../core/probes/export.js'
import { wilson } from '../core/stats/proportion.js'
import { boundsJson } from './json.js'
import { formatCount, formatTime } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'

type ExportRun = Pick<ProbeRun<ExportProbe>, 'platform' | 'result'>

/** What came out of what was sent, field by field, and what else the export holds. */
export function formatExportProbe({ platform, result }: ExportRun, options: TerminalOptions): string {
  const sections = [
    overallSection(platform, result),
    fieldSection(result),
    changedSection(result),
    heldSection(result),
    environmentSection(result),
  ]
  return sections
    .filter(({ table, lines = [] }) => (table?.rows.length ?? 0) + lines.length > 0)
    .map((section) => formatSection(section, options).join('\n'))
    .join('\n\n')
}

function overallSection(platform: string, { sent, traces, spans, requests }: ExportProbe): Section {
  const own =
    sent.platform === platform ? "the store's own earlier traces of it" : `the store's traces of ${sent.platform}`
  const { traceId, request } = sent.pairedBy
  return {
    title: `Export of ${platform}: ${formatCount(traces)} traces, ${formatCount(spans)} spans, against ${own}`,
    table: {
      head: ['of what was sent', 'came out', 'share'],
      align: 'lrr',
      rows: [
        ['traces', ...countsOf(sent.traces)],
        ['spans', ...countsOf(sent.spans)],
        ['fields on spans', formatCount(sent.kept.x), fieldsText(sent)],
        ['scores', ...countsOf(sent.scores)],
        ['feedback', ...countsOf(sent.feedback)],
        ...(requests === undefined ? [] : [['production requests', ...countsOf(requests)]]),
      ],
    },
    lines: [
      ...(sent.isSameFile
        ? ['The store has read this very file: it was compared with itself, which proves nothing.']
        : []),
      ...(sent.traces.x === 0 ? ['No trace was found again by its trace id or its request id.'] : []),
      ...(request > 0 ? [`Found by trace id ${formatCount(traceId)}, by request id ${formatCount(request)}.`] : []),
    ],
  }
}

const countsOf = (share: Share) => [formatCount(share.x), shareText(share)]

/** Of fields a trace is one observation, since it loses them together. */
function fieldsText({ kept, traces }: ExportProbe['sent']): string {
  if (kept.n === 0) return shareText(kept)
  return shareText({ x: (kept.x / kept.n) * traces.n, n: traces.n })
}

function fieldSection({ sent }: ExportProbe): Section {
  const lost = sent.fields.filter(({ share }) => share.x < share.n)
  return {
    title: 'Fields that are not always there',
    table: {
      head: ['field', 'sent on spans', 'kept', 'share', 'lost for example in'],
      align: 'lrrrl',
      rows: lost.map(({ field, share, examples }) => [
        ...[field, formatCount(share.n), formatCount(share.x), shareText(share)],
        examples[0] ?? '',
      ]),
    },
    lines:
      lost.length === 0 && sent.fields.length > 0
        ? [`All ${sent.fields.length} fields that were sent are on every span that came out.`]
        : [],
  }
}

function changedSection({ sent }: ExportProbe): Section {
  const changed = sent.changed.filter(({ share }) => share.x > 0)
  return {
    title: 'Values that are not the same',
    table: {
      head: ['value', 'on both sides', 'differ', 'share', 'for example in'],
      align: 'lrrrl',
      rows: changed.map(({ field, share, examples }) => [
        ...[field, formatCount(share.n), formatCount(share.x), shareText(share)],
        examples[0] ?? '',
      ]),
    },
    lines:
      changed.length === 0 && sent.changed.length > 0
        ? [`Of ${sent.changed.length} kinds of values none differs: times to 1 ms, cost to 1 %, texts to the letter.`]
        : [],
  }
}

function heldSection({ held, unread, unexpectedKeys, again }: ExportProbe): Section {
  const included = (what: string, count: number) => `${what}: ${count === 0 ? 'none in it' : formatCount(count)}`
  return {
    title: 'Beside traces, and read again',
    lines: [
      [
        included('scores', held.scores),
        included('feedback', held.feedback),
        included('names of prompts', held.promptNames),
        included('rows of datasets', held.datasetRows),
      ].join('; '),
      `records that could not be read: ${formatCount(unread)}; keys kept as attributes that the format is not known to have: ${formatCount(unexpectedKeys)}`,
      again === undefined
        ? 'read again: not measured, since standard input is gone after once'
        : again.added + again.updated === 0
          ? 'read again: the same, nothing added or changed'
          : `read again: not the same; ${formatCount(again.added)} added, ${formatCount(again.updated)} changed`,
    ],
  }
}

function environmentSection(probe: ExportProbe): Section {
  const stray = strayTraces(probe)
  if (stray === undefined) return { title: '', lines: [] }
  const unknown = probe.environments.find(({ name }) => name === '')
  return {
    title: `Environments beside ${probe.environment}`,
    lines: [
      ...stray.map(
        ({ name, traces, examples }) => `${name}: ${formatCount(traces)} traces, for example ${examples.join(', ')}`,
      ),
      ...(stray.length === 0 ? ['none'] : []),
      ...(unknown === undefined ? [] : [`traces that state no environment: ${formatCount(unknown.traces)}`]),
    ],
  }
}

/** A probe of an export as `--json` prints it: shares 0–1, null where nothing was sent. */
export function exportJson({ platform, result }: ExportRun) {
  const { sent, startMs, endMs, requests, again, environment, environments, ...rest } = result
  const fieldJson = ({ field, share, examples }: FieldShare<string>) => ({ field, ...shareJson(share), examples })
  return {
    platform,
    ...rest,
    from: startMs === undefined ? null : formatTime(startMs),
    to: endMs === undefined ? null : formatTime(endMs),
    sent: {
      ...{ platform: sent.platform, isSameFile: sent.isSameFile, pairedBy: sent.pairedBy },
      ...{ traces: shareJson(sent.traces), spans: shareJson(sent.spans), kept: shareJson(sent.kept) },
      ...{ scores: shareJson(sent.scores), feedback: shareJson(sent.feedback) },
      fields: sent.fields.map(fieldJson),
      changed: sent.changed.map(fieldJson),
    },
    requests: requests === undefined ? null : shareJson(requests),
    again: again ?? null,
    environment: environment ?? null,
    environments: environments.map(({ name, ...each }) => ({ environment: name === '' ? null : name, ...each })),
    stray: strayTraces(result)?.map(({ name, traces }) => ({ environment: name, traces })) ?? null,
  }
}

function shareJson({ x, n }: Share) {
  return { x, n, share: n === 0 ? null : x / n, interval: boundsJson(n === 0 ? undefined : wilson(x, n)) }
}
