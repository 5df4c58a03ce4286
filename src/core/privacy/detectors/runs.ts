import { type Hit, noHits } from './detector.js'

/** The shortest run that a token of any vendor makes (an AWS key id has 20), less some for keys of our users' own. */
const shortest = 16
const letter = 1
const mixed = 2
const kinds = new Uint8Array(0x10000) // an entry for every UTF-16 unit, so that no look-up misses
for (const character of 'abcdefghijklmnopqrstuvwxyz_-+/.~') kinds[character.charCodeAt(0)] = letter
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') kinds[character.charCodeAt(0)] = mixed

/**
 * Runs of at least 16 characters of a token alphabet that hold a digit or a capital. Secrets are such runs and prose is not, so
 * this decides in one cheap pass whether anything else has to look. It looks at the end of each window first and jumps over
 * whatever cannot be in a run (Boyer–Moore): about one character in three is read.
 */
export function longRuns(text: string): readonly Hit[] {
  let runs: Hit[] | undefined
  let last = shortest - 1
  windows: while (last < text.length) {
    let seen = 0
    for (let i = last; i > last - shortest; i--) {
      const kind = kinds[text.charCodeAt(i)]!
      if (kind === 0) {
        last = i + shortest
        continue windows
      }
      seen |= kind
    }
    let end = last + 1
    while (end < text.length) {
      const kind = kinds[text.charCodeAt(end)]!
      if (kind === 0) break
      seen |= kind
      end++
    }
    if (seen & mixed) {
      runs ??= []
      runs.push({ start: last - shortest + 1, end })
    }
    last = end + shortest
  }
  return runs ?? noHits
}

/**
 * True for text that is made of random characters rather than of words, dates and versions: at least eight different ones,
 * and between neighbours the kind (small, capital, digit) changes as often as chance would have it.
 */
export function looksRandom(text: string): boolean {
  let digits = 0
  let changes = 0
  let before = 0
  const length = Math.min(text.length, 256)
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    const kind = code >= 48 && code <= 57 ? 1 : code >= 65 && code <= 90 ? 2 : code >= 97 && code <= 122 ? 3 : 0
    if (kind === 1) digits++
    if (kind !== 0 && before !== 0 && kind !== before) changes++
    before = kind
  }
  return changes / length >= (digits >= 2 ? 0.2 : 0.42) && new Set(text).size >= 8
}
