import { hasSecrets, type ScanReport } from '../core/scan-findings.js'
import { formatCount } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** What was found and where, without what it says; the last line says whether it matters. */
export function formatScan(report: ScanReport, options: TerminalOptions): string {
  const sections = [storeSection(report), fileSection(report)].filter(({ table }) => (table?.rows.length ?? 0) > 0)
  const parts = [
    ...sections.flatMap((section) => [...formatSection(section, options), '']),
    ...report.unread.map((file) => `${file} is packed and was not read: unpack it first`),
    `Looked for ${report.detectors.join(', ')} in ${formatCount(report.texts)} spans and rows and ${formatCount(report.files)} files.`,
    conclusion(report),
  ]
  return parts.join('\n')
}

function storeSection({ store }: ScanReport): Section {
  const rows = store.map(({ detector, platform, field, hits, spans, lengths, traces }) => [
    detector,
    platform,
    field,
    formatCount(hits),
    formatCount(spans),
    lengthText(lengths),
    traces.join(', '),
  ])
  const head = ['detector', 'platform', 'field', 'hits', 'spans', 'length', 'traces']
  return { title: 'In the store', table: { head, align: 'lllrrrl', rows } }
}

function fileSection({ found }: ScanReport): Section {
  const rows = found.map(({ detector, file, line, hits, lengths }) => [
    detector,
    file,
    formatCount(hits),
    formatCount(line),
    lengthText(lengths),
  ])
  return {
    title: 'In files',
    table: { head: ['detector', 'file', 'hits', 'first line', 'length'], align: 'llrrr', rows },
  }
}

/** Stands for what was found: how many characters it has. */
function lengthText({ min, max }: { min: number; max: number }): string {
  return min === max ? formatCount(min) : `${formatCount(min)}–${formatCount(max)}`
}

function conclusion(report: ScanReport): string {
  if (report.store.length + report.found.length === 0) return 'Nothing was found.'
  if (hasSecrets(report))
    return 'Secrets or payment cards were found: redact them (capture.privacy), purge, ingest again.'
  return 'No secret and no payment card was found; whether the rest may stay is for the team to say.'
}
