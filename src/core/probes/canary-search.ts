import type { CanarySet } from './canary.js'
import { firstOf, indexAt, joined, linesIn, traceOfLine } from './canary-bytes.js'
import { unescapeOnce } from './canary-escapes.js'
import { type Bytes, type Folded, fold, placeOf, symbolsOf } from './canary-fold.js'
import { type Digests, type Form, formsOf, holdsBase64 } from './canary-forms.js'
import { lanes } from './canary-lanes.js'
import { spellingOf } from './canary-spelling.js'
import { quote, type WordFinder, wordFinder } from './canary-words.js'

/** Something of a set that stands in a file. A line counts from 1; a value in pieces has none. */
export type Sighting =
  | { what: 'value'; canary: string; encoding: string; line?: number }
  | { what: 'digest'; canary: string; encoding: string; line?: number }
  | { what: 'between'; canary: string; text: string }
  | { what: 'request'; request: string }

/** Reads one file from its first byte to its last; each thing that is found is told at least once. */
export interface FileSearch {
  read(chunk: Uint8Array): void
  end(): void
}

type Meaning =
  | { what: 'value'; canary: string; request: string; value: string; form: Form }
  | { what: 'before'; canary: string; request: string }
  | { what: 'after'; canary: string; request: string }
  | { what: 'marker'; request: string }

/** Where a word was found: in which bytes, and in which source they were read from. */
interface Hit {
  source: Uint8Array
  layer: Bytes
  start: number
  end: number
  /** Of each canary the end of the word before it, until the word after it is met. */
  fences: Map<string, number>
}

/** Longer than any value in any encoding that is read. */
const overlap = 16 * 1024
const windowBytes = 256 * 1024
const deepest = 5

/** A search for all that a set has planted, to be opened for each file. Its memory is a window of a file, whatever the file's size. */
export function canarySearch(
  set: CanarySet,
  digests: Digests,
): (onSighting: (sighting: Sighting) => void) => FileSearch {
  const [words, meanings]: [Uint8Array[], Meaning[]] = [[], []]
  const add = (word: Uint8Array, meaning: Meaning) => {
    words.push(word)
    meanings.push(meaning)
  }
  for (const { id: request, marker, canaries } of set.requests) {
    add(symbolsOf(marker), { what: 'marker', request })
    for (const { id: canary, value, fence } of canaries) {
      for (const { form, word } of formsOf(value, digests)) add(word, { what: 'value', canary, request, value, form })
      if (fence === undefined) continue
      add(symbolsOf(fence.before), { what: 'before', canary, request })
      add(symbolsOf(fence.after), { what: 'after', canary, request })
    }
  }
  const finder = wordFinder(words)
  return (onSighting) => fileSearch(finder, words, meanings, onSighting)
}

function fileSearch(
  finder: WordFinder,
  words: readonly Uint8Array[],
  meanings: readonly Meaning[],
  onSighting: (sighting: Sighting) => void,
): FileSearch {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  /** Bytes at the beginning of what waits that have been searched before. */
  let searched = 0
  let linesBefore = 0
  const pieces = lanes(finder, (word) => inPieces(meanings[word]!)) // a word of the finder

  function inPieces(meaning: Meaning): void {
    onSighting({ what: 'request', request: meaning.request })
    if (meaning.what !== 'value') return
    const { canary, form } = meaning
    if (form.kind === 'value') onSighting({ what: 'value', canary, encoding: 'in pieces' })
    else if (form.kind === 'hex') onSighting({ what: 'value', canary, encoding: 'in pieces, hexadecimal' })
  }

  function search(isLast: boolean): void {
    const source = joined(waiting, waitingBytes)
    let layer: Bytes = { bytes: source }
    for (let depth = 0; ; depth++) {
      const folded = fold(layer)
      scan(source, layer, folded)
      const next = depth === deepest ? undefined : unescapeOnce(layer)
      if (next === undefined) {
        readPieces(layer, folded, isLast ? source.length : source.length - overlap / 2)
        break
      }
      layer = next
    }
    const kept = isLast ? 0 : Math.min(overlap, source.length)
    linesBefore += linesIn(source.subarray(0, source.length - kept))
    waiting = [source.slice(source.length - kept)]
    waitingBytes = kept
    searched = kept
  }

  function readPieces(layer: Bytes, folded: Folded, until: number): void {
    // What was read before ends half an overlap before the end of the last window.
    const from = indexAt(layer, searched === 0 ? 0 : searched - overlap / 2)
    pieces.read(folded, from, indexAt(layer, until), (index) => traceOfLine(layer.bytes, index))
  }

  function scan(source: Uint8Array, layer: Bytes, { symbols, starts, length }: Folded): void {
    const fences = new Map<string, number>()
    let state = 0
    for (let index = 0; index < length; index++) {
      const symbol = symbols[index]! // within the length
      if (symbol >= quote) continue
      state = finder.step(state, symbol)
      for (const word of finder.endingAt(state)) {
        const first = firstOf(symbols, index, words[word]!.length) // a word of the finder
        found(meanings[word]!, { source, layer, start: starts[first]!, end: starts[index]! + 1, fences })
      }
    }
  }

  function found(meaning: Meaning, hit: Hit): void {
    if (meaning.what === 'value') {
      foundValue(meaning, hit)
      return
    }
    onSighting({ what: 'request', request: meaning.request })
    if (meaning.what === 'before') hit.fences.set(meaning.canary, hit.end)
    if (meaning.what === 'after') closeFence(meaning.canary, hit)
  }

  function closeFence(canary: string, { layer, start, fences }: Hit): void {
    const from = fences.get(canary)
    fences.delete(canary)
    if (from !== undefined && start - from <= farthestFence)
      onSighting({ what: 'between', canary, text: new TextDecoder().decode(layer.bytes.subarray(from, start)) })
  }

  function foundValue({ canary, request, value, form }: Extract<Meaning, { what: 'value' }>, hit: Hit): void {
    const { source, layer, start, end } = hit
    if (form.kind === 'base64' && !holdsBase64(form, layer.bytes, hit)) return
    const place = placeOf(layer, start)
    const line = linesBefore + linesIn(source.subarray(0, place)) + 1
    onSighting({ what: 'request', request })
    if (form.kind === 'digest') {
      onSighting({ what: 'digest', canary, encoding: form.name, line })
      return
    }
    const slice = source.subarray(place, placeOf(layer, end - 1) + 1)
    onSighting({ what: 'value', canary, encoding: form.kind === 'value' ? spellingOf(slice, value) : form.kind, line })
  }

  return {
    read(chunk) {
      for (let at = 0; at < chunk.length; at += windowBytes) {
        const part = chunk.subarray(at, at + windowBytes)
        waiting.push(part)
        waitingBytes += part.length
        if (waitingBytes >= windowBytes + overlap) search(false)
      }
    },
    end() {
      search(true)
      pieces.end()
    },
  }
}

const farthestFence = 600
