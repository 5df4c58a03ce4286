import { exitCodes, PilotError } from '../core/errors.js'
import type { ShownText } from '../core/label-texts.js'
import type { LabelJournal, Said } from '../jobs/label/journal.js'
import type { LabelSessionEnd } from '../jobs/label/session.js'
import type { Context } from './context.js'
import { screenOf } from './screen.js'

/** Throws `PilotError` (exit 2) where nobody can be asked. */
export function requireTerminal({ io }: Context, what: string, hint: string): void {
  if (io.stdin.isTTY !== true || io.stderr.isTTY !== true) throw new PilotError(`${what} needs a terminal.`, { hint })
}

/** What is shown of an item, as it was written with commas. */
export async function shownOf(written: string): Promise<ShownText[]> {
  const { shownTexts } = await import('../core/label-texts.js')
  const words = written.split(',').map((word) => word.trim())
  const wrong = words.find((word) => !shownTexts.some((known) => known === word))
  if (wrong === undefined) return shownTexts.filter((known) => words.includes(known))
  throw new PilotError(`--show: ${JSON.stringify(wrong)} is none of ${shownTexts.join(', ')}.`, {
    hint: '--show inputs,output,documents',
  })
}

interface Work {
  name: string
  choices: readonly string[]
  items: readonly string[]
  before: ReadonlyMap<string, Said>
  journal: LabelJournal
  store(): Promise<void>
  close(): void
}

/** Asks a person in the terminal, then takes what they said into the store, however they left. */
export async function askInTerminal(
  context: Context,
  { store, close, ...work }: Work,
  linesOf: (item: string, width: number) => string[],
): Promise<LabelSessionEnd> {
  const { createAsker } = await import('../jobs/drill/asker.js')
  const { runLabelSession } = await import('../jobs/label/session.js')
  const { visible } = await import('../reports/text.js')
  const { io } = context
  const output = screenOf(io.stderr)
  // A terminal that does not know its width says 0.
  const width = io.stderr.columns || 80
  const asker = createAsker({ input: io.stdin, output, isPlain: io.env.TERM === 'dumb' })
  try {
    return await runLabelSession({
      ...work,
      asker,
      show: (item) => linesOf(item, width),
      say: (...lines) => void output.write(lines.map((line) => `${visible(line)}\n`).join('')),
      nowMs: io.nowMs,
    })
  } finally {
    asker.close()
    close()
    await store()
  }
}

/** Says how a session ended, and what comes next. */
export function printEnd(context: Context, name: string, end: LabelSessionEnd & { next: string }): number {
  const { labelled, unsure, left, wasInterrupted, next } = end
  if (context.options.json) context.printJson({ schemaVersion: 1, name, labelled, unsure, left })
  else context.print(`Labelled: ${labelled}. Not sure: ${unsure}. Left: ${left}.`)
  context.remark(`Next: ${left > 0 ? 'the same command goes on where you are' : next}`)
  return wasInterrupted ? exitCodes.interrupted : exitCodes.ok
}
