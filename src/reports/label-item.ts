import type { Disagreement } from '../core/label-report.js'
import type { LabelTexts, ShownText } from '../core/label-texts.js'
import type { Json, RetrievedDocument } from '../core/span.js'
import { wrap } from './text.js'

/** The texts of an item in lines for a terminal; nothing of what made them. */
export function formatLabelItem(texts: LabelTexts, shown: readonly ShownText[], width: number): string[] {
  const parts: Record<ShownText, () => string[]> = {
    inputs: () => titled('Input', textOrUnknown(texts.inputs), width),
    output: () => titled('Output', textOrUnknown(texts.output), width),
    documents: () => titled('Documents', documentsText(texts.documents), width),
  }
  return shown.flatMap((part) => parts[part]())
}

/** What annotators said of an item, without their names; with what they noted, if that is wanted. */
export function formatGivenLabels({ labels }: Disagreement, withNotes: boolean, width: number): string[] {
  const values = labels.map(({ value }) => value).sort()
  const counts = [...new Set(values)].map((value) => `${value} ${values.filter((each) => each === value).length}`)
  const notes = labels
    .flatMap(({ value, note }) => (note === undefined ? [] : [`${value}: ${note}`]))
    // Sorted, so that their order does not tell whose they are.
    .sort()
  return [
    ...titled('Labels', counts.join(', '), width),
    ...(withNotes ? titled('Notes', notes.join('\n') || 'none', width) : []),
  ]
}

/** JSON in lines, text as it is. */
export function labelText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** The documents as text, numbered. */
export function documentsText(documents: readonly RetrievedDocument[] | undefined): string {
  if (documents === undefined) return 'not known'
  if (documents.length === 0) return 'none'
  return documents
    .map(
      ({ id, content }, index) =>
        `${index + 1}. ${[id, content].filter((part) => part !== undefined).join(': ') || 'not known'}`,
    )
    .join('\n')
}

function textOrUnknown(value: Json | undefined): string {
  return value === undefined ? 'not known' : labelText(value)
}

function titled(title: string, text: string, width: number): string[] {
  return [title, ...wrap(text === '' ? '(empty)' : text, width - 2).map((line) => `  ${line}`)]
}
