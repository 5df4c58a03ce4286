/** Symbols that words are made of: a–z are 0–25, 0–9 are 26–35. What a text is folded to has three more, which no word has. */
const wordSymbols = 36
export const quote = 36
export const colon = 37
export const newline = 38

/** Finds many words in a run of symbols at once (Aho–Corasick): one step a symbol, whatever the number of words. */
export interface WordFinder {
  /** The state after one more symbol; 0 is the beginning. */
  step(state: number, symbol: number): number
  /** The words that end here, by their place in the list. */
  endingAt(state: number): readonly number[]
}

/** A finder of these words, each a list of symbols below `wordSymbols`. */
export function wordFinder(words: readonly Uint8Array[]): WordFinder {
  const states = 1 + words.reduce((sum, { length }) => sum + length, 0)
  const next = new Int32Array(states * wordSymbols)
  const ends: number[][] = [[]]
  for (const [place, word] of words.entries()) {
    let state = 0
    for (const symbol of word) {
      const at = state * wordSymbols + symbol
      if (next[at] === 0) next[at] = ends.push([]) - 1
      state = next[at]! // an index of its own
    }
    ends[state]?.push(place)
  }
  addFailures(next, ends)
  return {
    step: (state, symbol) => next[state * wordSymbols + symbol]!, // every pair has a place
    endingAt: (state) => ends[state]!,
  }
}

/** Where no branch goes on, the longest ending that begins a word does; in order of depth, so that shorter ones are ready. */
function addFailures(next: Int32Array, ends: number[][]): void {
  const fallback = new Int32Array(ends.length)
  const queue = Array.from(next.subarray(0, wordSymbols)).filter((state) => state !== 0)
  for (const state of queue) {
    const shorter = fallback[state]! // set before it was queued
    ends[state]?.push(...(ends[shorter] ?? []))
    for (let symbol = 0; symbol < wordSymbols; symbol++) {
      const at = state * wordSymbols + symbol
      const otherwise = next[shorter * wordSymbols + symbol]!
      const child = next[at]!
      if (child === 0) next[at] = otherwise
      else {
        fallback[child] = otherwise
        queue.push(child)
      }
    }
  }
}
