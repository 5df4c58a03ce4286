import { readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { writeAtomically } from '../../config/atomic-write.js'
import type { Json } from '../../core/span.js'
import { isRow, type Row } from '../../formats/row.js'
import { regularFiles } from '../../io/regular-files.js'
import type { Tombstones } from '../../store/purge/tombstones.js'
import { isPurgedAttempt, isPurgedLabel } from '../purged.js'

/** A file beside the store from which lines go. */
export interface JournalLines {
  /** `.pilot/drills/…` */
  path: string
  lines: number
}

/**
 * Journals of drills and labels beside the store, and how many of their lines are about what was purged. A line that is no JSON,
 * such as one that was cut off, tells nothing of whose it is, so it goes too.
 */
export function findJournalLines(databasePath: string, isOfPurged: (row: Row) => boolean): JournalLines[] {
  return journals(databasePath).flatMap((path) => {
    const lines = linesOf(path).filter((line) => isLineGone(line, isOfPurged)).length
    return lines === 0
      ? []
      : [{ path: join(basename(dirname(databasePath)), relative(dirname(databasePath), path)), lines }]
  })
}

/** Takes those lines out; a file of which nothing is left goes. */
export function dropJournalLines(databasePath: string, isOfPurged: (row: Row) => boolean): void {
  for (const path of journals(databasePath)) {
    const lines = linesOf(path)
    const kept = lines.filter((line) => !isLineGone(line, isOfPurged))
    if (kept.length === lines.length) continue
    if (kept.length === 0) rmSync(path)
    else writeAtomically(path, `${kept.join('\n')}\n`, 0o600)
  }
}

/** Whether a row of a journal is about something that has a tombstone. */
export function isRowOfPurged(tombstones: Pick<Tombstones, 'has'>): (row: Row) => boolean {
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : undefined)
  return ({ item, drill, incident }) =>
    isPurgedLabel(tombstones, text(item)) ||
    isPurgedAttempt(tombstones, { drill: text(drill), incident: text(incident) })
}

function journals(databasePath: string): string[] {
  return ['drills', 'labels']
    .flatMap((folder) => regularFiles(join(dirname(databasePath), folder)))
    .filter((path) => path.endsWith('.jsonl'))
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}

function isLineGone(line: string, isOfPurged: (row: Row) => boolean): boolean {
  let row: Json
  try {
    row = JSON.parse(line) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
  return !isRow(row) || isOfPurged(row)
}
