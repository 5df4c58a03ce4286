import { colon, newline, quote } from './canary-words.js'

/** Bytes with the place of each in the source that they were read from; without places, they are the source. */
export interface Bytes {
  bytes: Uint8Array
  at?: Uint32Array
}

/** The place of a byte in the source. */
export function placeOf({ at }: Bytes, index: number): number {
  return at === undefined ? index : at[index]! // as many places as bytes
}

/** Letters and digits of a text without case, marks and whatever stands between, with where each began. */
export interface Folded {
  /** As `canary-words` numbers them: quotes, colons and line breaks stay too, to tell keys and lines. */
  symbols: Uint8Array
  /** The index in the bytes at which each began. */
  starts: Uint32Array
  length: number
}

const nothing = 255
const ofAscii = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26
  const letter = (code | 0x20) - 0x61
  if (code >= 0x41 && letter >= 0 && letter < 26) return letter
  return code === 0x22 || code === 0x27 ? quote : code === 0x3a ? colon : code === 0x0a ? newline : nothing
})

/** Reads UTF-8. Full-width and other styled letters and digits count as the plain ones; hidden characters are passed over. */
export function fold({ bytes }: Bytes): Folded {
  // A ligature of three letters has three bytes: there are never more symbols than bytes but for a few signs, which are cut.
  const symbols = new Uint8Array(bytes.length)
  const starts = new Uint32Array(bytes.length)
  let length = 0
  for (let index = 0; index < bytes.length; ) {
    const byte = bytes[index]!
    if (byte < 0x80) {
      const symbol = ofAscii[byte]!
      if (symbol !== nothing) {
        symbols[length] = symbol
        starts[length++] = index
      }
      index += 1
      continue
    }
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    for (const symbol of plainSymbols(codePointAt(bytes, index, size))) {
      if (length === symbols.length) break
      symbols[length] = symbol
      starts[length++] = index
    }
    index += byte < 0xc2 ? 1 : size
  }
  return { symbols, starts, length }
}

/** The letters and digits of a text as symbols. */
export function symbolsOf(text: string): Uint8Array {
  const { symbols, length } = fold({ bytes: new TextEncoder().encode(text) })
  return symbols.subarray(0, length).filter((symbol) => symbol < quote)
}

function codePointAt(bytes: Uint8Array, index: number, size: number): number {
  let code = bytes[index]! & (0xff >> (size + 1))
  for (let next = index + 1; next < index + size; next++) code = (code << 6) | ((bytes[next] ?? 0) & 0x3f)
  return code
}

const known = new Map<number, readonly number[]>()
const mostKnown = 70_000

/** What a character outside ASCII reads as: NFKD has the plain letter of every styled one. */
function plainSymbols(code: number): readonly number[] {
  const before = known.get(code)
  if (before !== undefined) return before
  const plain =
    code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '' : String.fromCodePoint(code).normalize('NFKD')
  const symbols = Array.from(plain, (char) => ofAscii[char.codePointAt(0)!] ?? nothing).filter(
    (symbol) => symbol < quote,
  )
  if (known.size < mostKnown) known.set(code, symbols)
  return symbols
}
