import { formatCount } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

interface ShownExport {
  out: string
  files: readonly { name: string; records: number; inexact: number; bytes: number; read: string | null }[]
  notCarried: Record<string, number>
}

/** The files of an export, and what they do not hold. */
export function formatExport({ out, files, notCarried }: ShownExport, options: TerminalOptions): string {
  const rows = files.map(({ name, records, bytes }) => [name, formatCount(records), formatCount(bytes)])
  const inexact = files.filter((file) => file.inexact > 0)
  const others = Object.entries(notCarried).map(([what, count]) => `${what} ${formatCount(count)}`)
  const section = {
    title: files.length === 0 ? `Nothing is stored; ${out} holds a manifest alone` : `Written to ${out}`,
    table: { head: ['file', 'records', 'bytes'], align: 'lrr', rows },
    lines: [
      ...inexact.map(({ name, inexact: count }) => `${name}: ${formatCount(count)} come back otherwise than they are`),
      ...(others.length > 0 ? [`not carried by any file: ${others.join(', ')}`] : []),
      `manifest.json has counts, SHA-256 and the commands that read them back`,
    ],
  }
  return formatSection(section, options).join('\n')
}
