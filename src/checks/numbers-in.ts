/** How numbers are written in a text. */
export interface Notation {
  decimal: '.' | ','
  /** Only numbers with this unit count. */
  unit?: string | undefined
  /** Unit → how many of the basic unit one is; a number without a unit is taken as it is. */
  units: ReadonlyMap<string, number>
}

// Groups of three go by an apostrophe or a narrow space too, not by a plain blank: "1 200" may well be two numbers.
const groups = "'’\\u00a0\\u202f\\u2009"
const patterns = { '.': numberPattern(`,${groups}`, '\\.'), ',': numberPattern(`.${groups}`, ',') }

function numberPattern(group: string, decimal: string): RegExp {
  const whole = `(?:\\d{1,3}(?:[${group}]\\d{3})+(?!\\d)|\\d+)(?:${decimal}\\d+)?`
  return new RegExp(`(?:${whole}|(?<!\\d)${decimal}\\d+)(?:[eE][+-]?\\d+)?`, 'g')
}

/** What finds the numbers of a text, in their order and in the basic unit. Digits inside of a word (GPT4) are no number. */
export function numberReader({ decimal, unit, units }: Notation): (text: string) => number[] {
  const names = [...new Set([...units.keys(), ...(unit === undefined ? [] : [unit])])]
  const known = names.sort((a, b) => b.length - a.length) // "kg" before "k"
  const room = Math.max(0, ...known.map(({ length }) => length)) + 6 // a sign, spaces, and the character before them
  return (text) => {
    const found: number[] = []
    let taken = 0 // up to where the text belongs to the number before
    for (const { 0: written, index } of text.matchAll(patterns[decimal])) {
      const end = index + written.length
      const before = readBefore(text.slice(Math.max(0, index - room), index), known, index - taken)
      const after = before.unit === undefined ? unitAfter(text.slice(end, end + room), known) : undefined
      taken = after === undefined ? end : text.indexOf(after, end) + after.length
      const mark = before.unit ?? after
      if (before.isInWord || (unit !== undefined && mark !== unit)) continue
      const factor = mark === undefined ? undefined : units.get(mark)
      const size = inBasicUnit(sizeOf(written, decimal), factor)
      if (Number.isFinite(size)) found.push(before.isNegative ? -size : size)
    }
    return found
  }
}

function sizeOf(written: string, decimal: '.' | ','): number {
  const plain = written.replaceAll(decimal === '.' ? /[^\d.eE+-]/g : /[^\d,eE+-]/g, '')
  return Number(plain.replace(',', '.'))
}

/** 15 digits, so that 0.57 of a hundred is 57, and not a little less as in binary. */
function inBasicUnit(size: number, factor: number | undefined): number {
  return factor === undefined ? size : Number((size * factor).toPrecision(15))
}

interface Before {
  unit: string | undefined
  isNegative: boolean
  isInWord: boolean
}

/**
 * Reads backwards from a number: `-5`, `EUR 5`, `€-5`, `-$5`. A hyphen behind a letter or digit (10-20) is no minus. `free` is
 * how many characters do not belong to the number before: in "5 kg 3" the unit does.
 */
function readBefore(text: string, known: readonly string[], free: number): Before {
  const bare = text.replace(/[-−+]$/, '')
  const close = bare.trimEnd()
  const unit = known.find(
    (name) =>
      close.endsWith(name) &&
      text.length - close.length + name.length <= free &&
      !(isLetter(name.at(0)) && isLetter(close.at(-name.length - 1))),
  )
  const rest = unit === undefined ? bare.replace(/\p{Sc}$/u, '') : close.slice(0, -unit.length)
  const outer = rest === bare ? rest : rest.replace(/[-−+]$/, '')
  const isSigned = /[-−]$/.test(text) || (rest !== bare && /[-−]$/.test(rest))
  const isBehindWord = /[\p{L}\p{N}_]$/u.test(outer)
  return { unit, isNegative: isSigned && !isBehindWord, isInWord: outer === text && isBehindWord }
}

function unitAfter(text: string, known: readonly string[]): string | undefined {
  const close = text.trimStart()
  return known.find((name) => close.startsWith(name) && !(isLetter(name.at(-1)) && isLetter(close.at(name.length))))
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /\p{L}/u.test(character)
}
