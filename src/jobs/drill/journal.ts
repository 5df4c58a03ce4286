import { existsSync, readFileSync } from 'node:fs'
import type { AttemptEvent } from '../../core/drill/attempt.js'
import type { Json } from '../../core/span.js'
import { readAttempt } from '../../formats/attempts.js'
import { isRow } from '../../formats/row.js'
import { appendLine } from '../../io/append-line.js'

/** The events of one engineer at one drill, kept as they happen. */
export interface Journal {
  path: string
  events: AttemptEvent[]
  /** On the disk when it returns. */
  add(event: AttemptEvent): void
}

/** Opens the journal of an engineer, with what stands in it; a new one is empty. */
export function openJournal(path: string): Journal {
  const events = existsSync(path) ? readJournal(path) : []
  return {
    path,
    events,
    add: (event) => {
      appendLine(path, JSON.stringify(event))
      events.push(event)
    },
  }
}

/** The events of a journal; lines that are none, such as one that a kill has cut off, are left out: ingest names them. */
function readJournal(path: string): AttemptEvent[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const event = eventIn(line)
      return event === undefined ? [] : [event]
    })
}

function eventIn(line: string): AttemptEvent | undefined {
  let row: Json
  try {
    row = JSON.parse(line) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // cut off, or edited
    throw error
  }
  const event = isRow(row) ? readAttempt(row, {}, () => '') : ''
  return typeof event === 'string' ? undefined : event
}
