import type { TextPlace } from './version-tally.js'

/** What of a run's prompt was read: its template, which is the prompt; else its system message, which may have values filled in. */
export type TextSort = 'template' | 'system message'

/** The text of one run's prompt, by its hash; undefined where the span holds neither. */
export interface ReadText {
  place: TextPlace
  text: { sort: TextSort; hash: string } | undefined
}

/** One text, and the runs that had it. */
export interface DistinctText {
  hash: string
  runs: number
  firstMs: number | undefined
  /** Trace ids, at most five. */
  examples: string[]
}

/** Whether one label stood for one text. */
export interface Drift {
  /** What was compared; undefined where no run holds a text. */
  sort: TextSort | undefined
  /** Runs whose text was compared, and those that were read and hold none. */
  compared: number
  without: number
  /** The text that most runs have first. */
  texts: DistinctText[]
  /** `varies`: system messages of which most are met once, so that values are filled in and nothing follows. */
  state: 'same text' | 'drift' | 'varies' | 'not measured'
}

/** Compares the texts of the runs of one version; templates alone where any run has one. */
export function readDrift(read: readonly ReadText[]): Drift {
  const known = read.filter(({ text }) => text !== undefined)
  const sort: TextSort | undefined = known.some(({ text }) => text?.sort === 'template')
    ? 'template'
    : known.length > 0
      ? 'system message'
      : undefined
  const texts = new Map<string, DistinctText>()
  let compared = 0
  for (const { place, text } of known) {
    if (text === undefined || text.sort !== sort) continue
    compared += 1
    addRun(texts, text.hash, place)
  }
  const ordered = [...texts.values()].sort((a, b) => b.runs - a.runs || (a.hash < b.hash ? -1 : 1))
  return {
    sort,
    compared,
    without: read.length - compared,
    texts: ordered,
    state: stateOf(sort, ordered.length, compared),
  }
}

function addRun(texts: Map<string, DistinctText>, hash: string, { traceId, startMs }: TextPlace): void {
  const entry = texts.get(hash) ?? { hash, runs: 0, firstMs: undefined, examples: [] }
  entry.runs += 1
  if (entry.examples.length < 5) entry.examples.push(traceId)
  if (startMs !== undefined) entry.firstMs = Math.min(entry.firstMs ?? startMs, startMs)
  texts.set(hash, entry)
}

function stateOf(sort: TextSort | undefined, distinct: number, compared: number): Drift['state'] {
  if (sort === undefined) return 'not measured'
  if (distinct < 2) return 'same text'
  return sort === 'system message' && distinct * 2 > compared ? 'varies' : 'drift'
}
