import type { LabelTexts, ShownText } from '../core/label-texts.js'
import { documentsText, labelText } from './label-item.js'
import { visible } from './text.js'

/** A CSV form: one row per item, its value to be filled in, its texts beside it. */
export function labelForm(
  items: readonly { item: string; texts: LabelTexts }[],
  { name, by, shown }: { name: string; by: string; shown: readonly ShownText[] },
): string {
  const head = ['item', 'name', 'value', 'by', 'note', ...shown]
  const rows = items.map(({ item, texts }) => [item, name, '', by, '', ...shown.map((part) => cellText(texts, part))])
  return [head, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\n`).join('')
}

function cellText({ inputs, output, documents }: LabelTexts, part: ShownText): string {
  const value = part === 'inputs' ? inputs : output
  const text = part === 'documents' ? documentsText(documents) : value === undefined ? 'not known' : labelText(value)
  return visible(text, 'lines')
}

/** A spreadsheet runs a cell that begins like this as a formula. */
const formula = /^'*[=+\-@\t\r\n]/

/** A cell in quotes where it needs them, with an apostrophe before what would be a formula; ingest takes it off an item again. */
export function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",;\t|\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
