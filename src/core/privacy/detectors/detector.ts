/** Where in a text something was found: `text.slice(start, end)`. */
export interface Hit {
  start: number
  end: number
}

export interface Detector {
  /** Length of the shortest text that can hold a hit. */
  shortest: number
  /** Hits in any order, empty when there are none. `key` is the name under which the text stands, where it has one. Linear time. */
  find(text: string, key?: string): readonly Hit[]
}

/** The one empty answer, so that clean text allocates nothing. */
export const noHits: readonly Hit[] = Object.freeze([])

/**
 * Source of a regular expression that holds at the start of a word, also where JSON or URL escapes touch it: in `\n4111` and
 * `%204111` the word is 4111.
 */
export const wordStart = String.raw`(?:(?<![0-9A-Za-z])|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))`

/** All matches of a global expression that pass a test. A match that fails it is tried again from its second character. */
export function matches(text: string, expression: RegExp, isHit: (match: string) => boolean): readonly Hit[] {
  const hits: Hit[] = []
  expression.lastIndex = 0
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    if (isHit(match[0])) hits.push({ start: match.index, end: match.index + match[0].length })
    else expression.lastIndex = match.index + 1
  }
  return hits.length === 0 ? noHits : hits
}
