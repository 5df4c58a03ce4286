import type { Json } from '../core/span.js'

/**
 * A trace id (16 bytes) or span id (8 bytes): lower-case hex where the source writes hex or base64 (protobuf's own JSON),
 * else the text as given, never padded. Undefined for what is not text or is empty.
 */
export function readId(value: Json | undefined, bytes: 16 | 8): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (lowerHex.test(value)) return value
  const digits = value.startsWith('0x') ? value.slice(2) : value
  if (anyHex.test(digits)) return digits.toLowerCase()
  // Only padded base64 is told from a textual id of the same length (`pm-orch-028` would decode too).
  const padding = bytes === 16 ? '==' : '='
  if (value.length !== (bytes === 16 ? 24 : 12) || !value.endsWith(padding)) return value
  return hexOfBase64(value.slice(0, -padding.length), bytes) ?? value
}

/** The parent's id; undefined for a root, which sources write as absent, empty or all zeros. */
export function readParentId(value: Json | undefined): string | undefined {
  const id = readId(value, 8)
  return id === undefined || isZero(id) ? undefined : id
}

/** True for an id of nothing but zeros. */
export function isZero(id: string): boolean {
  return id.charCodeAt(0) === 48 && /^0+$/.test(id)
}

const lowerHex = /^[0-9a-f]+$/
const anyHex = /^[0-9a-f]+$/i

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function hexOfBase64(text: string, bytes: number): string | undefined {
  let hex = ''
  let bits = 0
  let held = 0
  for (const letter of text.replaceAll('-', '+').replaceAll('_', '/')) {
    const six = alphabet.indexOf(letter)
    if (six < 0) return undefined
    bits = (bits << 6) | six
    held += 6
    while (held >= 4 && hex.length < bytes * 2) {
      held -= 4
      hex += ((bits >> held) & 15).toString(16)
    }
    bits &= (1 << held) - 1
  }
  return hex
}
