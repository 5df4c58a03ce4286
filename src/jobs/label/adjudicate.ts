import type { LoadedConfig } from '../../config/load.js'
import { PilotError } from '../../core/errors.js'
import { adjudicated, type Label } from '../../core/label.js'
import { orderItems } from '../../core/label-order.js'
import { type Disagreement, findDisagreements } from '../../core/label-report.js'
import type { LabelTexts } from '../../core/label-texts.js'
import { visible } from '../../reports/text.js'
import { readLabels } from '../../store/labels.js'
import { workspaceOf } from '../workspace.js'
import { labelledItems } from './items.js'
import { type LabelJournal, openLabelJournal, type Said } from './journal.js'
import { requireQuestion } from './open.js'
import { storeSaid } from './store-said.js'

/** The items of one question that wait to be settled. */
export interface Adjudication {
  /** All on which annotators differ, settled ones too, in a seeded order. */
  items: string[]
  disagreements: ReadonlyMap<string, Disagreement>
  before: ReadonlyMap<string, Said>
  /** Every value that was given to the question. */
  values: string[]
  journal: LabelJournal
  textsOf(item: string): LabelTexts
  store(): Promise<void>
  close(): void
}

/** Opens what annotators differ on. Throws `PilotError` (exit 2) for a question that nobody answered. */
export async function openAdjudication(
  loaded: LoadedConfig,
  { name, by }: { name: string; by: string | undefined },
  { nowMs }: { nowMs(): number },
): Promise<Adjudication> {
  requireQuestion(name)
  const workspace = workspaceOf(loaded)
  const db = workspace.open('read')
  requireAnswered(readLabels(db), name)
  const journal = openLabelJournal(workspace.databasePath, { name, by: adjudicated })
  const store = () => storeSaid(workspace, { said: journal.said, name, by: adjudicated }, nowMs())
  await store()
  const labels = readLabels(db, name)
  const disagreements = findDisagreements(labels)
  const items = disagreements.map(({ item }) => item)
  const found = labelledItems(db, loaded.config, items)
  const settled = labels.filter(({ by }) => by === adjudicated)
  return {
    items: orderItems(items, adjudicated, 1),
    disagreements: new Map(disagreements.map((each) => [each.item, each])),
    before: new Map(settled.map(({ item, value, note, timeMs }) => [item, { value, note, timeMs }])),
    values: [...new Set(labels.map(({ value }) => value))].sort(),
    journal: by === undefined ? journal : signed(journal, by),
    textsOf: (item) => found.get(item)?.() ?? {},
    store,
    close: () => void db.close(),
  }
}

/** Who settled an item is noted, since the label itself is nobody's. */
function signed(journal: LabelJournal, by: string): LabelJournal {
  return {
    ...journal,
    add: (item, { note, ...word }) =>
      journal.add(item, { ...word, note: note === undefined ? `by ${by}` : `by ${by}: ${note}` }),
  }
}

/** Throws `PilotError` (exit 2) for a question without labels. */
export function requireAnswered(labels: readonly Label[], name: string): void {
  const names = [...new Set(labels.map((label) => label.name))].sort()
  if (names.includes(name)) return
  throw new PilotError(`--name: no label answers the question ${JSON.stringify(name)}.`, {
    hint: names.length === 0 ? 'There are no labels yet: pilot label start.' : `There is ${visible(names.join(', '))}.`,
  })
}
