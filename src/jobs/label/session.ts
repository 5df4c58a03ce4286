import { listChoices, parseTypedLabel, type TypedLabel } from '../../core/label-answer.js'
import { visible } from '../../reports/text.js'
import type { Asker } from '../drill/asker.js'
import type { LabelJournal, Said } from './journal.js'

/** A person before the outputs, one at a time. */
export interface LabelSession {
  /** The question. */
  name: string
  choices: readonly string[]
  /** In the order in which they are shown. */
  items: readonly string[]
  /** What was said of items before this session: they are passed over, but can be gone back to. */
  before: ReadonlyMap<string, Said>
  journal: LabelJournal
  asker: Asker
  /** The lines that an item is shown in. */
  show(item: string): string[]
  say(...lines: string[]): void
  nowMs(): number
}

/** How a session ended. */
export interface LabelSessionEnd {
  /** Items that were labelled in it, and that the person could not tell. */
  labelled: number
  unsure: number
  /** Items of which nothing was said yet. */
  left: number
  /** By Ctrl-C or Ctrl-D. */
  wasInterrupted: boolean
}

/** Asks of each open item; whatever was said is on the disk before the next is shown. */
export async function runLabelSession(session: LabelSession): Promise<LabelSessionEnd> {
  const { items, before } = session
  const now = new Map<string, Said>()
  const wordOn = (item: string) => now.get(item) ?? before.get(item)
  const nextOpen = (from: number) => {
    const place = items.findIndex((item, index) => index >= from && wordOn(item) === undefined)
    return place === -1 ? items.length : place
  }
  let place = nextOpen(0)
  let shown = -1
  let wasInterrupted = false
  while (place < items.length) {
    const item = items[place]! // the loop ends before the last
    if (shown !== place) showItem(session, place, wordOn(item))
    shown = place
    const typed = await session.asker.ask(() => `${session.name}? (${visible(listChoices(session.choices))}; s b u q) `)
    if (typeof typed === 'string') {
      wasInterrupted = true
      break
    }
    const answer = parseTypedLabel(typed.line, session.choices)
    if (answer.does === 'quit') break
    if (answer.does === 'label' || answer.does === 'unsure') {
      const value = answer.does === 'label' ? answer.value : undefined
      const said = { value, note: answer.note, timeMs: session.nowMs() }
      session.journal.add(item, said)
      now.set(item, said)
      place = nextOpen(place + 1)
    } else if (answer.does === 'skip' || (answer.does === 'nothing' && wordOn(item) !== undefined))
      place = nextOpen(place + 1)
    else if (answer.does === 'back' && place > 0) place -= 1
    else session.say(`  ${complaintOf(answer)}`, ...help)
  }
  return {
    ...countWords([...now.values()]),
    left: items.filter((each) => wordOn(each) === undefined).length,
    wasInterrupted,
  }
}

function complaintOf(answer: TypedLabel): string {
  if (answer.does === 'wrong') return answer.message
  return answer.does === 'back' ? 'This is the first.' : 'Type a choice or a key.'
}

const help = [
  '  A choice by its number or beginning, with a note after a colon: 2: names the wrong article.',
  '  s: skip for now. b: the one before. u: you cannot tell. q, Ctrl-C: ends; the same command goes on where you are.',
]

function showItem({ items, show, say }: LabelSession, place: number, said: Said | undefined): void {
  const word = said?.value ?? 'you could not tell'
  const kept = said === undefined ? [] : [`You said: ${word}. Enter keeps it.`]
  say('', `Output ${place + 1} of ${items.length}`, ...show(items[place]!), ...kept) // a place of the loop
}

function countWords(said: readonly Said[]): { labelled: number; unsure: number } {
  const labelled = said.filter(({ value }) => value !== undefined).length
  return { labelled, unsure: said.length - labelled }
}
