import type { JudgedItem } from '../core/eval/validate-judge.js'
import type { Json } from '../core/span.js'
import { missing } from './requests.js'
import { type Row, textCell, valueAt } from './row.js'

const itemNames = ['item', 'case', 'id'] as const

/** What people and a judge say of one item, or what is wrong with the row. */
export function readJudged(row: Row): JudgedItem | string {
  const item = textCell(row, 'item', {}, itemNames)
  if (item === undefined) return missing('item', {}, itemNames)
  if (!Object.hasOwn(row, 'judge')) return missing('judge', {}, ['judge'])
  const length = Number(valueAt(row, 'length') ?? Number.NaN)
  const hasSwap = Object.hasOwn(row, 'judge_swapped')
  return {
    item,
    human: labelIn(row, 'human'),
    judge: labelIn(row, 'judge'),
    swapped: hasSwap ? (labelIn(row, 'judge_swapped') ?? null) : undefined,
    people: ['human', 'human_2'].flatMap((name) => labelIn(row, name) ?? []),
    slice: textCell(row, 'slice', {}, ['slice']),
    length: length >= 0 ? length : undefined,
  }
}

/** A label as text; undefined for null, an empty cell, and structures, which are no labels. */
function labelIn(row: Row, name: string): string | undefined {
  const value: Json | undefined = valueAt(row, name)
  if (value === undefined || value === null || typeof value === 'object') return undefined
  const text = String(value).trim()
  return text === '' || text.toLowerCase() === 'null' ? undefined : text
}
