import { type Bytes, placeOf } from './canary-fold.js'

/** What stands in the place of one escape: the bytes, and how many it took. */
interface Escape {
  code: number
  isByte?: true
  size: number
}

/**
 * One level of escapes read: JSON and Python (`\n`, `\u0041`, `\x41`), URL (`%41`) and HTML (`&#65;`). Undefined where there is
 * none, so that a caller reads level after level until there are no more.
 */
export function unescapeOnce(source: Bytes): Bytes | undefined {
  const { bytes } = source
  const first = bytes.findIndex((byte, index) => isOpening(byte) && escapeAt(bytes, index) !== undefined)
  if (first === -1) return undefined
  const out = new Uint8Array(bytes.length)
  const at = new Uint32Array(bytes.length)
  let length = 0
  const put = (byte: number, index: number) => {
    out[length] = byte
    at[length++] = placeOf(source, index)
  }
  for (let index = 0; index < bytes.length; ) {
    const byte = bytes[index]!
    const met = index >= first && isOpening(byte) ? escapeAt(bytes, index) : undefined
    if (met === undefined) {
      put(byte, index)
      index += 1
      continue
    }
    // No escape is shorter than what it stands for.
    if (met.isByte) put(met.code, index)
    else for (const each of utf8Of(met.code)) put(each, index)
    index += met.size
  }
  return { bytes: out.subarray(0, length), at: at.subarray(0, length) }
}

const backslash = 0x5c
const percent = 0x25
const ampersand = 0x26

function isOpening(byte: number): boolean {
  return byte === backslash || byte === percent || byte === ampersand
}

function escapeAt(bytes: Uint8Array, index: number): Escape | undefined {
  if (bytes[index] === backslash) return afterBackslash(bytes, index)
  if (bytes[index] === ampersand) return entityAt(bytes, index)
  const code = hexAt(bytes, index + 1, 2)
  return code === undefined ? undefined : { code, isByte: true, size: 3 }
}

const blanks = new Set(Array.from('nrtbfv', (char) => char.charCodeAt(0)))
const themselves = new Set(Array.from('\\"\'/', (char) => char.charCodeAt(0)))

function afterBackslash(bytes: Uint8Array, index: number): Escape | undefined {
  const next = bytes[index + 1]
  if (next === undefined) return undefined
  if (next === 0x75) return unitAt(bytes, index)
  if (next === 0x78) {
    const code = hexAt(bytes, index + 2, 2)
    return code === undefined ? undefined : { code, isByte: true, size: 4 }
  }
  // A line break in a text is none in the file.
  if (blanks.has(next)) return { code: 0x20, size: 2 }
  return themselves.has(next) ? { code: next, size: 2 } : undefined
}

/** `\u0041`, or two of them that are one character. */
function unitAt(bytes: Uint8Array, index: number): Escape | undefined {
  const code = hexAt(bytes, index + 2, 4)
  if (code === undefined) return undefined
  const isPair = code >= 0xd800 && code < 0xdc00 && bytes[index + 6] === backslash && bytes[index + 7] === 0x75
  const low = isPair ? hexAt(bytes, index + 8, 4) : undefined
  if (low === undefined || low < 0xdc00 || low > 0xdfff) return { code, size: 6 }
  return { code: 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00), size: 12 }
}

const longestEntity = 12
const named: Readonly<Record<string, number>> = {
  amp: ampersand,
  quot: 0x22,
  apos: 0x27,
  colon: 0x3a,
  percnt: percent,
  bsol: backslash,
}

function entityAt(bytes: Uint8Array, index: number): Escape | undefined {
  const text = String.fromCharCode(...bytes.subarray(index, index + longestEntity))
  const [whole = '', hex, decimal, name] = /^&(?:#[xX]([0-9a-fA-F]{1,6})|#(\d{1,7})|([A-Za-z]{2,9}));/.exec(text) ?? []
  if (whole === '') return undefined
  // No letter and no digit of ASCII has a name.
  if (name !== undefined) return { code: named[name] ?? 0x20, size: whole.length }
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return code > 0x10ffff ? undefined : { code, size: whole.length }
}

function hexAt(bytes: Uint8Array, index: number, digits: number): number | undefined {
  let code = 0
  for (let place = index; place < index + digits; place++) {
    const byte = bytes[place] ?? 0
    const letter = (byte | 0x20) - 0x61
    const value = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : letter >= 0 && letter < 6 ? letter + 10 : -1
    if (value === -1) return undefined
    code = code * 16 + value
  }
  return code
}

function utf8Of(code: number): number[] {
  if (code < 0x80) return [code]
  const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f)
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)]
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)]
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)]
}
