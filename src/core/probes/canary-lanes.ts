import type { Folded } from './canary-fold.js'
import { colon, newline, quote, type WordFinder } from './canary-words.js'

/**
 * Finds words that were cut into pieces: the texts that stand under one key, one after the other, as if they were one; over all
 * of a file, and over each of its traces. It takes quotes at any depth for the ends of texts, so that it needs no parser and no memory.
 */
export interface Lanes {
  /** Reads on. `traceAt` says which trace a line is of, by the index of its first byte. */
  read(folded: Folded, from: number, to: number, traceAt: (index: number) => string | undefined): void
  end(): void
}

const mostLanes = 4000
const longestKey = 48

export function lanes(finder: WordFinder, onWord: (word: number) => void): Lanes {
  const states = new Map<string, number>()
  let key = ''
  /** Undefined before the first line. */
  let trace: string | undefined
  /** The last text, until what follows says whether it was a key. */
  let waiting: number[] = []
  let current: number[] = []

  function feed(text: readonly number[]): void {
    if (text.length === 0) return
    feedLane(key, text)
    if (trace) feedLane(`${trace} ${key}`, text)
    if (key === 'traceid') trace = textOf(text)
  }

  function feedLane(name: string, text: readonly number[]): void {
    let state = states.get(name) ?? 0
    states.delete(name)
    for (const symbol of text) {
      state = finder.step(state, symbol)
      const words = finder.endingAt(state)
      for (const word of words) onWord(word)
    }
    if (states.size >= mostLanes) states.delete(states.keys().next().value!) // it is not empty
    states.set(name, state)
  }

  function beginLine(of: string | undefined): void {
    feed(waiting)
    feed(current)
    waiting = []
    current = []
    trace = of ?? trace ?? ''
  }

  function take(symbol: number): void {
    if (symbol === quote) {
      if (current.length === 0) return
      feed(waiting)
      waiting = current
      current = []
      return
    }
    if (symbol === colon) {
      if (current.length === 0 && waiting.length > 0 && waiting.length <= longestKey) {
        key = textOf(waiting)
        waiting = []
      }
      return
    }
    current.push(symbol)
    if (current.length < longestChunk) return
    feed(waiting)
    feed(current)
    waiting = []
    current = []
  }

  return {
    read({ symbols, starts, length }, from, to, traceAt) {
      for (let index = 0; index < length; index++) {
        const start = starts[index]! // as many as symbols
        if (start < from) continue
        if (start >= to) return
        const symbol = symbols[index]!
        if (trace === undefined || symbol === newline) beginLine(traceAt(symbol === newline ? start + 1 : start))
        if (symbol !== newline) take(symbol)
      }
    },
    end() {
      feed(waiting)
      feed(current)
    },
  }
}

const longestChunk = 4096

function textOf(symbols: readonly number[]): string {
  return symbols.map((symbol) => 'abcdefghijklmnopqrstuvwxyz0123456789'[symbol]).join('')
}
