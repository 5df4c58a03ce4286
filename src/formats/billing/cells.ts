import type { Json, Usage } from '../../core/span.js'
import { inclusiveUsage } from '../dialects/usage.js'
import type { Row } from '../row.js'
import { msOfMoment } from '../time.js'

/** Reads the cells of one row; what is there and cannot be read is noted, and makes the row a problem. */
export interface Cells {
  /** Text of the first of these columns that has any. */
  text(...names: string[]): string | undefined
  /** A number of US dollars, of either sign. */
  usd(...names: string[]): number | undefined
  /** A number that is not negative. */
  count(...names: string[]): number | undefined
  timeMs(...names: string[]): number | undefined
  /** What could not be read. */
  faults: string[]
}

/** A reader over the cells of `row`; a dot reaches into objects. */
export function cellsOf(row: Row): Cells {
  const faults: string[] = []
  const first = (names: readonly string[]): [name: string, value: Json] | undefined => {
    for (const name of names) {
      const value = valueAt(row, name)
      if (value !== undefined) return [name, value]
    }
    return undefined
  }
  const read = (names: readonly string[], parse: (value: Json) => number | undefined, expected: string) => {
    const found = first(names)
    if (found === undefined) return undefined
    const number = parse(found[1])
    if (number === undefined) faults.push(`${found[0]}: expected ${expected}`)
    return number
  }
  return {
    text(...names) {
      const found = first(names)
      return found && String(found[1])
    },
    usd: (...names) => read(names, numberOf, 'a number of US dollars'),
    count: (...names) => read(names, countOf, 'a number from 0 on'),
    timeMs: (...names) => read(names, msOfMoment, 'ISO 8601 or an epoch number'),
    faults,
  }
}

/** The value of a cell that is stated: a structure, an empty text and null are none. */
function valueAt(row: Row, path: string): Json | undefined {
  let value: Json | undefined = Object.hasOwn(row, path) ? row[path] : undefined
  if (value === undefined && path.includes('.')) {
    value = row as Json
    for (const part of path.split('.')) {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, part))
        return undefined
      value = value[part]
    }
  }
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  return value === null || typeof value === 'object' ? undefined : value
}

/** A finite number, or text that is one, with or without a dollar sign. A comma is refused: it has two meanings. */
function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || !/^-?\$?-?\d*\.?\d+(?:[eE][+-]?\d{1,3})?$/.test(value)) return undefined
  const number = Number(value.replace('$', ''))
  return Number.isFinite(number) ? number : undefined
}

function countOf(value: Json): number | undefined {
  const number = numberOf(value)
  return number === undefined || number < 0 ? undefined : number
}

/** The sum of what is stated; undefined where nothing is. */
export function sumOf(...counts: readonly (number | undefined)[]): number | undefined {
  const stated = counts.filter((count) => count !== undefined)
  return stated.length === 0 ? undefined : stated.reduce((sum, count) => sum + count, 0)
}

/** Usage without the counts that are unknown; undefined where all are. */
export function usageOf(counts: { [K in keyof Usage]?: Usage[K] | undefined }): Usage | undefined {
  const stated = Object.entries(counts).filter(([, count]) => count !== undefined)
  return inclusiveUsage(Object.fromEntries(stated) as Usage) // the keys are those of `counts`
}

/** What tells a row from others of its export: its stated cells but the figures, and those that only name again what an id says. */
export function identityOf(row: Row, isLeftOut: (name: string) => boolean = () => false): string {
  const cells: [string, string][] = []
  for (const name of Object.keys(row).sort()) {
    const value = row[name]
    if (value === null || value === undefined || value === '' || isFigure(name) || isLeftOut(name)) continue
    cells.push([name, typeof value === 'object' ? JSON.stringify(value) : String(value).trim().toLowerCase()])
  }
  return JSON.stringify(cells)
}

/** True for a column that holds a figure: a bucket that is exported again, later, is the same one with more in it. */
function isFigure(name: string): boolean {
  return figureNames.has(name) || /tokens(?:_|$)/i.test(name) || figureEnding.test(name)
}

const figureNames: ReadonlySet<string> = new Set([
  ...['cost_total', 'cost_web_search', 'cost_cache', 'cost_file_processing', 'byok_usage_inference'],
  ...['server_tool_use', 'cache_creation', 'amount_value', 'ptu_hours'],
])
/** `spend`, `Usage`, `num_model_requests`, `list_price_usd`, `totalCost`; not `cost_type` nor `usage_type`. */
const figureEnding =
  /(?:^|[_ ])(?:requests|usage|spend|quantity|units|images|characters|seconds|sessions|bytes|calls|count)$|(?:cost|price|amount)(?:_?usd)?$|_usd$/i
