/** Finds which of some byte strings stand in other bytes. */
export interface ByteSearch {
  /** Bytes of the longest; two pieces of a file have to overlap by one less. */
  longest: number
  /** The places in the list of those that stand in `bytes`. */
  find(bytes: Uint8Array): Set<number>
}

const block = 3
const slots = 1 << 16

/**
 * A search for many strings at once (Wu and Manber's): it looks at the end of a window and jumps over what no string can end
 * in. The window is the end of each string, since ids that are counted up begin alike. Strings shorter than three bytes are not looked for.
 */
export function createByteSearch(strings: readonly string[]): ByteSearch {
  const needles = strings.map((text) => Buffer.from(text))
  const wanted = needles.flatMap((needle, index) => (needle.length >= block ? [index] : []))
  const window = Math.min(...wanted.map((index) => needles[index]!.length))
  if (wanted.length === 0) return { longest: block, find: () => new Set() }
  const shifts = new Uint8Array(slots).fill(Math.min(255, window - block + 1))
  const buckets = new Map<number, number[]>()
  for (const index of wanted) {
    const needle = needles[index]!
    const first = needle.length - window
    for (let end = block - 1; end < window; end++) {
      const slot = slotAt(needle, first + end)
      shifts[slot] = Math.min(shifts[slot]!, window - 1 - end)
      if (end === window - 1) buckets.set(slot, [...(buckets.get(slot) ?? []), index])
    }
  }

  function find(bytes: Uint8Array): Set<number> {
    const found = new Set<number>()
    let end = window - 1
    while (end < bytes.length) {
      const slot = slotAt(bytes, end)
      const shift = shifts[slot]!
      if (shift > 0) {
        end += shift
        continue
      }
      for (const index of buckets.get(slot) ?? [])
        if (!found.has(index) && endsAt(bytes, end, needles[index]!)) found.add(index)
      end += 1
    }
    return found
  }

  return { longest: Math.max(...wanted.map((index) => needles[index]!.length)), find }
}

function slotAt(bytes: Uint8Array, end: number): number {
  return ((bytes[end]! << 8) ^ (bytes[end - 1]! << 4) ^ bytes[end - 2]!) & (slots - 1)
}

function endsAt(bytes: Uint8Array, end: number, needle: Uint8Array): boolean {
  const start = end - needle.length + 1
  if (start < 0) return false
  for (let i = needle.length - 1; i >= 0; i--) if (bytes[start + i] !== needle[i]) return false
  return true
}
