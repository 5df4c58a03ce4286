import { type Bytes, placeOf } from './canary-fold.js'
import { quote } from './canary-words.js'

/** Parts as one; `length` is that of all together. */
export function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The index of the first symbol of a word that ends at `last`: signs between are no part of it. */
export function firstOf(symbols: Uint8Array, last: number, length: number): number {
  let index = last
  for (let left = length - 1; left > 0; ) {
    index -= 1
    if (symbols[index]! < quote) left -= 1
  }
  return index
}

/** How many line breaks there are. */
export function linesIn(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1
  return count
}

/** The index of the first byte of a layer that stands at a place of the source or after it. */
export function indexAt(layer: Bytes, place: number): number {
  let [low, high] = [0, layer.bytes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (placeOf(layer, middle) < place) low = middle + 1
    else high = middle
  }
  return low
}

const longestLine = 64 * 1024

/** The trace id that a line states, wherever it stands in it, without signs and case. */
export function traceOfLine(bytes: Uint8Array, index: number): string | undefined {
  const end = bytes.indexOf(0x0a, index)
  const line = bytes.subarray(index, Math.min(end === -1 ? bytes.length : end, index + longestLine))
  const [, id] = /trace_?id["']?\s*[:=]\s*["']?([\w-]{1,64})/i.exec(new TextDecoder('latin1').decode(line)) ?? []
  return id?.toLowerCase().replaceAll(/[^a-z\d]/g, '')
}
