import type { ChalkInstance } from 'chalk'
import type { Verdict } from '../core/measurement.js'
import type { Section, SectionTable } from './section.js'
import { type Cell, formatTable } from './table.js'
import { clip, wrap } from './text.js'

export interface TerminalOptions {
  /** Columns of the terminal. */
  width: number
  /** Decides itself whether there is colour; colour only supports words. */
  color: ChalkInstance
}

/** One section as lines for a terminal: title, table, sentences. */
export function formatSection({ title, table, lines = [] }: Section, options: TerminalOptions): string[] {
  return [
    options.color.bold(clip(title, options.width)),
    ...(table === undefined || table.rows.length === 0 ? [] : [sectionTable(table, options)]),
    ...lines.flatMap((line) =>
      wrap(line, options.width - 4).map((part, index) => (index === 0 ? '  - ' : '    ') + part),
    ),
  ]
}

function sectionTable({ head, align, rows }: SectionTable, { width, color }: TerminalOptions): string {
  const verdict = head.indexOf('verdict')
  const paints: Partial<Record<string, (text: string) => string>> = verdictPaints(color)
  const cells = rows.map((row): Cell[] => {
    if (row.length === 1) return [{ text: row[0] ?? '', paint: color.bold }, ...Array<string>(head.length - 1).fill('')]
    return row.map((text, column) => ({ text, paint: (column === verdict ? paints[text] : undefined) ?? String }))
  })
  return formatTable(cells, { head, align, width, paintHead: color.dim })
}

function verdictPaints(color: ChalkInstance): Record<Verdict, (text: string) => string> {
  return { met: color.green, missed: color.red, inconclusive: color.yellow, 'not measured': color.dim }
}
