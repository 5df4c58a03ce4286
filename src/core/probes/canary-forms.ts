import { symbolsOf } from './canary-fold.js'

/** What is looked for: the value itself in any spelling, in an encoding of its bytes, or a digest of it. */
export type Form = { kind: 'value' } | { kind: 'hex' } | Base64Form | { kind: 'digest'; name: string }

/** Bytes in base64 that begin `offset` bytes after a group of three; of what it surely has, signs at the edges are in no word. */
interface Base64Form {
  kind: 'base64'
  bytes: Uint8Array
  offset: number
  signsBefore: number
  signsAfter: number
}

/** A form with the word that finds it; a base64 word is confirmed by its case and its edges. */
export interface FormWord {
  form: Form
  word: Uint8Array
}

/** The digests of a value that anybody can compute, as hexadecimal text. */
export type Digests = (value: string) => readonly { name: string; hex: string }[]

/** Every form in which a value is looked for. */
export function formsOf(value: string, digests: Digests): FormWord[] {
  const encoded = spellings(value)
  return [
    { form: { kind: 'value' }, word: symbolsOf(value) },
    ...encoded.map((bytes): FormWord => ({ form: { kind: 'hex' }, word: symbolsOf(hexOf(bytes)) })),
    ...encoded.flatMap((bytes) => [0, 1, 2].map((offset) => base64Word(bytes, offset))),
    ...digests(value).flatMap(({ name, hex }): FormWord[] => [
      { form: { kind: 'digest', name }, word: symbolsOf(hex) },
      { form: { kind: 'digest', name }, word: symbolsOf(base64Of(bytesOfHex(hex)).replace(/=+$/, '')) },
    ]),
  ]
}

/** The bytes of a value as it may have been written before it was encoded: as it is, without gaps, in one case, as UTF-16. */
function spellings(value: string): Uint8Array[] {
  const texts = new Set([value, value.replace(/[\s.-]/g, ''), value.toLowerCase(), value.toUpperCase()])
  const utf16 = Uint8Array.from(
    Array.from(value).flatMap((char) => [char.charCodeAt(0) & 0xff, char.charCodeAt(0) >> 8]),
  )
  return [...Array.from(texts, (text) => new TextEncoder().encode(text)), utf16]
}

/** What base64 surely has of bytes that begin `offset` bytes after a group of three: all but the edges shared with neighbours. */
function base64Word(bytes: Uint8Array, offset: number): FormWord {
  const padded = new Uint8Array(offset + bytes.length + 2)
  padded.set(bytes, offset)
  const [from, to] = [Math.ceil((8 * offset) / 6), Math.floor((8 * (offset + bytes.length)) / 6)]
  const sure = base64Of(padded).slice(from, to)
  const signsBefore = /^[+/]*/.exec(sure)?.[0].length ?? 0
  const signsAfter = /[+/]*$/.exec(sure)?.[0].length ?? 0
  return { form: { kind: 'base64', bytes, offset, signsBefore, signsAfter }, word: symbolsOf(sure) }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The six bits of a base64 character, standard or of URLs; undefined for any other byte. */
function sextetOf(byte: number): number | undefined {
  if (byte === 0x2d) return 62
  if (byte === 0x5f) return 63
  const value = alphabet.indexOf(String.fromCharCode(byte))
  return value === -1 ? undefined : value
}

/**
 * Whether the base64 around a hit really holds the bytes: case is told apart again, and the edges, of which a word has but some
 * bits, are read from the characters beside it. `start` and `end` are those of the hit in `text`.
 */
export function holdsBase64(
  { bytes, offset, signsBefore, signsAfter }: Base64Form,
  text: Uint8Array,
  { start, end }: { start: number; end: number },
): boolean {
  const firstBit = 8 * offset
  const lastBit = 8 * (offset + bytes.length)
  const sextets = [
    ...beside(text, start, -1, signsBefore + (firstBit % 6 === 0 ? 0 : 1)).reverse(),
    ...Array.from(text.subarray(start, end), sextetOf).filter((sextet) => sextet !== undefined),
    ...beside(text, end - 1, 1, signsAfter + (lastBit % 6 === 0 ? 0 : 1)),
  ]
  const firstSextet = Math.floor(firstBit / 6)
  for (let bit = firstBit; bit < lastBit; bit++) {
    const sextet = sextets[Math.floor(bit / 6) - firstSextet]
    const wanted = (bytes[(bit - firstBit) >> 3]! >> (7 - ((bit - firstBit) & 7))) & 1 // a bit of the bytes
    if (sextet === undefined || ((sextet >> (5 - (bit % 6))) & 1) !== wanted) return false
  }
  return true
}

/** The next base64 characters before or after a place, past line breaks; fewer where something else stands. */
function beside(text: Uint8Array, index: number, step: 1 | -1, count: number): number[] {
  const sextets: number[] = []
  for (let place = index + step; sextets.length < count; place += step) {
    const byte = text[place]
    if (byte === undefined) return sextets
    if (byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === backslash) continue
    const sextet = sextetOf(byte)
    if (sextet === undefined) return sextets
    sextets.push(sextet)
  }
  return sextets
}

const backslash = 0x5c

function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const group = (bytes[index]! << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    for (const shift of [18, 12, 6, 0]) text += alphabet[(group >> shift) & 63]
  }
  return text.slice(0, Math.ceil((bytes.length * 4) / 3))
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
