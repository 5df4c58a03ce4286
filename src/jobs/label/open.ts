import type { LoadedConfig } from '../../config/load.js'
import { isAlias } from '../../core/alias.js'
import { PilotError } from '../../core/errors.js'
import { adjudicated } from '../../core/label.js'
import { orderItems, sampleItems } from '../../core/label-order.js'
import type { LabelTexts } from '../../core/label-texts.js'
import { readLabels } from '../../store/labels.js'
import { type Workspace, workspaceOf } from '../workspace.js'
import { recordedItems, runItems } from './items.js'
import { type LabelJournal, openLabelJournal, type Said } from './journal.js'
import { storeSaid } from './store-said.js'

/** What a person is to label. */
export interface LabelTask {
  by: string
  /** The question. */
  name: string
  /** The eval run whose outputs are labelled; else the recorded runs of the workflow. */
  run: string | undefined
  sample: number | undefined
  seed: number
}

/** A person's work on one question, opened. */
export interface Labelling {
  workspace: Workspace
  /** In the person's own order. */
  items: string[]
  /** What they said already, here or in a file. */
  before: ReadonlyMap<string, Said>
  journal: LabelJournal
  /** Runs that hold no output, which nobody can judge. */
  withoutOutput: number
  textsOf(item: string): LabelTexts
  /** Takes what was said into the store. */
  store(): Promise<void>
  close(): void
}

/** Opens the work of a person: what an interrupted session has left comes in first. Throws `PilotError` (exit 2) for a wrong alias or question, and where there is nothing to label. */
export async function openLabelling(
  loaded: LoadedConfig,
  task: LabelTask,
  { nowMs }: { nowMs(): number },
): Promise<Labelling> {
  const { by, name } = task
  requireAnnotator(by)
  requireQuestion(name)
  const workspace = workspaceOf(loaded)
  // Opened first, since the store has to be there before anything is kept beside it.
  const db = workspace.open('read')
  const found = task.run === undefined ? recordedItems(db, loaded.config) : runItems(db, loaded.config, task.run)
  const withOutput = [...found].filter(([, read]) => read().output !== undefined).map(([item]) => item)
  if (withOutput.length === 0) throw nothingToLabel(found.size)
  const journal = openLabelJournal(workspace.databasePath, { name, by })
  const store = () => storeSaid(workspace, { said: journal.said, name, by }, nowMs())
  await store()
  const stored = readLabels(db, name).filter((label) => label.by === by)
  const before = stored.map(({ item, value, note, timeMs }): [string, Said] => [item, { value, note, timeMs }])
  const unsure = [...journal.said].filter(([, { value }]) => value === undefined)
  return {
    workspace,
    items: orderItems(sampleItems(withOutput, task.sample, task.seed), by, task.seed),
    before: new Map([...unsure, ...before]),
    journal,
    withoutOutput: found.size - withOutput.length,
    textsOf: (item) => found.get(item)?.() ?? {},
    store,
    close: () => void db.close(),
  }
}

/** Throws `PilotError` (exit 2) for what is no alias of a person. */
export function requireAnnotator(by: string): void {
  if (isAlias(by) && by !== adjudicated) return
  throw new PilotError(`--by: ${JSON.stringify(by)} is no alias${by === adjudicated ? ' of a person' : ''}.`, {
    hint: 'One word such as a1, the same each time; never a name or an address.',
  })
}

/** Throws `PilotError` (exit 2) for a question whose name could not be that of a file. */
export function requireQuestion(name: string): void {
  if (isAlias(name)) return
  throw new PilotError(`--name: ${JSON.stringify(name)} is no name of a question.`, {
    hint: 'One word such as helpful: letters, digits and ._:-, at most 40.',
  })
}

function nothingToLabel(runs: number): PilotError {
  return new PilotError(
    runs === 0 ? 'There is no output to label.' : `There is no output to label: none of the ${runs} runs holds one.`,
    { hint: 'pilot data shows what is stored; --run names an eval run.' },
  )
}
