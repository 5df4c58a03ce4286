import type { Comparison, Target, Unit } from './measurement.js'

/** How a unit is written in a target: what follows (or `$`, precedes) the number, and what one of it is in our unit. */
interface Writing {
  /** Suffix → how many of ours one is; the first is the one we write. */
  suffixes: Readonly<Record<string, number>>
  example: string
}

const writings: Record<Unit, Writing> = {
  share: { suffixes: { '%': 0.01 }, example: '>= 95 %' },
  count: { suffixes: { '': 1 }, example: '>= 500' },
  ms: { suffixes: { ms: 1, s: 1000 }, example: '<= 50 ms' },
  minutes: { suffixes: { min: 1, s: 1 / 60, h: 60 }, example: '< 10 min' },
  hours: { suffixes: { h: 1, min: 1 / 60, d: 24 }, example: '<= 24 h' },
  usd: { suffixes: { usd: 1 }, example: '<= $500' },
}

/** target = [comparison] ["$"] digits ["." digits] [suffix]. A comparison may be left out of `0` and `100 %` only. */
const grammar = /^(>=|<=|>|<|==)?\s*(\$?)\s*(\d{1,12}(?:\.\d{1,6})?)\s*([a-z%]*)$/i

/**
 * The target that a text states in a unit, or what is wrong with the text: `>= 95 %` (a share, kept as 0.95), `< 10 min`,
 * `<= $500`, `>= 500`, and for counts and shares the bare `0` and `100 %`.
 */
export function parseTarget(text: string, unit: Unit): Target | string {
  const { suffixes, example } = writings[unit]
  const match = grammar.exec(text.trim())
  if (!match) return `expected a target such as "${example}"`
  const [, comparison, dollar, digits = '', suffix = ''] = match
  const written = dollar && suffix === '' ? 'usd' : suffix.toLowerCase()
  const factor = dollar && unit !== 'usd' ? undefined : known(suffixes, written, Number(digits))
  if (factor === undefined) return `is measured in ${unitName[unit]}; expected a target such as "${example}"`
  const value = round(Number(digits) * factor)
  if (unit === 'share' && value > 1) return 'is a share: its target lies between 0 % and 100 %'
  if (comparison !== undefined) return { comparison: comparison as Comparison, value } // one of the five that the grammar names
  const isExtreme = value === 0 || (value === 1 && unit === 'share')
  return isExtreme && (unit === 'share' || unit === 'count')
    ? { comparison: '==', value }
    : `needs a comparison: "${example}" (only 0 and 100 % go without)`
}

/** A target as people write it, and as `parseTarget` reads it: `>= 95 %`, `< 10 min`, `<= $500`, `0`, `100 %`. */
export function formatTarget({ comparison, value }: Target, unit: Unit): string {
  const number = amount(value, unit)
  const isBare =
    comparison === '==' && (unit === 'share' ? value === 0 || value === 1 : unit === 'count' && value === 0)
  return isBare ? number : `${comparison} ${number}`
}

const unitName: Record<Unit, string> = {
  share: 'per cent',
  count: 'plain numbers',
  ms: 'milliseconds',
  minutes: 'minutes',
  hours: 'hours',
  usd: 'US dollars',
}

/** A bare 0 needs no unit: none of anything is none. */
function known(suffixes: Writing['suffixes'], suffix: string, number: number): number | undefined {
  if (suffix === '' && number === 0) return 1
  return Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined
}

function amount(value: number, unit: Unit): string {
  if (unit === 'share') return `${round(value * 100)} %`
  if (unit === 'usd') return `$${value}`
  const [suffix] = Object.keys(writings[unit].suffixes)
  return suffix ? `${value} ${suffix}` : String(value)
}

/** Takes back what binary fractions add: 99.9 × 0.01 is 0.9990000000000001. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}
