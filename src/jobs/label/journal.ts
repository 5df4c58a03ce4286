import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Json } from '../../core/span.js'
import { isRow } from '../../formats/row.js'
import { msOfMoment } from '../../formats/time.js'
import { appendLine } from '../../io/append-line.js'

/** A person's last word on an item. */
export interface Said {
  /** Undefined where they cannot tell. */
  value: string | undefined
  note: string | undefined
  /** Epoch milliseconds. */
  timeMs: number | undefined
}

/** What one person says of one question, kept as it is said. */
export interface LabelJournal {
  /** By item. */
  said: ReadonlyMap<string, Said>
  /** On the disk when it returns. */
  add(item: string, said: Said): void
}

/** Opens the journal of a person and a question beside the store, with what an interrupted session left in it. */
export function openLabelJournal(databasePath: string, { name, by }: { name: string; by: string }): LabelJournal {
  const folder = join(dirname(databasePath), 'labels')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.${by}.jsonl`)
  const said = new Map(existsSync(path) ? readJournal(path, { name, by }) : [])
  return {
    said,
    add: (item, word) => {
      const time = word.timeMs === undefined ? undefined : new Date(word.timeMs).toISOString()
      // Whoever reads the file as labels skips a row without a value.
      appendLine(path, JSON.stringify({ item, name, value: word.value ?? '', by, time, note: word.note }))
      said.set(item, word)
    },
  }
}

/** Rows that are none are left out, such as one that a kill has cut off. */
function readJournal(path: string, whose: { name: string; by: string }): [item: string, said: Said][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line): [string, Said][] => {
      const row = parsed(line)
      if (row === undefined || !isRow(row) || row.name !== whose.name || row.by !== whose.by) return []
      const { item, value, note } = row
      if (typeof item !== 'string' || typeof value !== 'string') return []
      const told = { value: value || undefined, note: typeof note === 'string' ? note : undefined }
      return [[item, { ...told, timeMs: msOfMoment(row.time) }]]
    })
}

function parsed(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // cut off, or edited
    throw error
  }
}
