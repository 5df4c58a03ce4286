import Table from 'cli-table3'
import { clip, columns } from './text.js'

/** A cell: untrusted text, and what colours it once it was laid out. */
export type Cell = string | { text: string; paint: (text: string) => string }

interface TableOptions {
  head: readonly string[]
  /** One letter a column: `l` may be cut to fit, `w` no further than to a fixed word of reports, `r` holds numbers and is never cut. */
  align: string
  /** Columns of the terminal. */
  width: number
  paintHead?: (text: string) => string
}

const gap = 2
/** Columns that what may be cut keeps: `cost per run` and `inconclusive` stay whole under `w`. */
const narrowest: Record<string, number> = { l: 8, w: 12 }
const noFrame = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', right: '', 'right-mid': '' },
  ...{ middle: ' '.repeat(gap), mid: '─', 'mid-mid': ' '.repeat(gap) },
}

/**
 * A table without a frame, a rule under its head, not wider than `width` unless its numbers are.
 * cli-table3 lays out stand-ins of the true width, since it miscounts combining marks and would cut colour codes.
 */
export function formatTable(
  rows: readonly (readonly Cell[])[],
  { head, align, width, paintHead }: TableOptions,
): string {
  const all: Cell[][] = [head.map((text) => ({ text, paint: paintHead ?? plain })), ...rows.map((row) => [...row])]
  const widths = fittingWidths(all, align, width)
  const shown: string[] = []
  const standIns = all.map((row) =>
    row.map((cell, column) => {
      const text = clip(typeof cell === 'string' ? cell : cell.text, widths[column] ?? width)
      const standIn = '\ue000'.repeat(columns(text))
      if (standIn !== '') shown.push(typeof cell === 'string' ? text : cell.paint(text))
      return standIn
    }),
  )
  const table = new Table({
    head: standIns[0] ?? [],
    chars: noFrame,
    colAligns: [...align].map((letter) => (letter === 'r' ? 'right' : 'left')),
    colWidths: widths,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  table.push(...standIns.slice(1))
  let next = 0
  const lines = table.toString().split('\n')
  return lines.map((line) => line.replace(oneStandIn, () => shown[next++] ?? '').trimEnd()).join('\n')
}

/** A run of a private-use character, one column each; the cells themselves are not in the table while it is laid out. */
const oneStandIn = /\ue000+/g

function plain(text: string): string {
  return text
}

/** Widths of the columns: as wide as their cells, then the widest text columns give way until the table fits. */
function fittingWidths(rows: readonly (readonly Cell[])[], align: string, width: number): number[] {
  const widths = [...align].map((_, column) => {
    let widest = 0
    for (const row of rows) widest = Math.max(widest, cellColumns(row[column], width))
    return widest
  })
  let excess = -width - gap
  for (const each of widths) excess += each + gap
  while (excess > 0) {
    const spare = widths.map((each, column) => (each > (narrowest[align[column] ?? ''] ?? each) ? each : 0))
    const widest = Math.max(...spare)
    if (widest === 0) break
    widths[spare.indexOf(widest)] = widest - 1
    excess -= 1
  }
  return widths
}

/** At most `most`, so that no cell of a hundred thousand characters is measured to its end. */
function cellColumns(cell: Cell | undefined, most: number): number {
  return cell === undefined ? 0 : columns(clip(typeof cell === 'string' ? cell : cell.text, most))
}
