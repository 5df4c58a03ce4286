import type { Detector, Hit } from './detectors/detector.js'
import { originalPlaces, undisguise } from './disguise.js'
import type { Action } from './fields.js'

/** A detector with what its rule does to a hit. */
export interface ActiveDetector {
  /** As it is counted. */
  name: string
  /** What stands in the text instead of a redacted hit. */
  mark: string
  detector: Detector
  do: Exclude<Action, 'store'>
}

interface Found extends Hit {
  by: ActiveDetector
}

/**
 * Runs all detectors over a text: the same text when they find nothing, undefined when a hit omits it. What a detector or the
 * hash throws goes up, so that nothing unread is written.
 */
export function textEdit(
  active: readonly ActiveDetector[],
  hash: (value: string) => string,
  count: (name: string) => void,
): (text: string, key?: string) => string | undefined {
  const shortest = Math.min(...active.map(({ detector }) => detector.shortest))
  return (text, key) => {
    if (text.length < shortest) return text
    let found: Found[] | undefined
    for (const by of active) {
      if (text.length < by.detector.shortest) continue
      const hits = by.detector.find(text, key)
      if (hits.length > 0) found = withHits(found, hits, by)
    }
    const plain = undisguise(text)
    if (plain !== text)
      for (const by of active) {
        const hits = by.detector.find(plain, key)
        if (hits.length > 0) found = withHits(found, originalPlaces(text, hits), by)
      }
    return found === undefined ? text : replace(text, merge(found))
  }

  function replace(text: string, found: readonly Found[]): string | undefined {
    const parts: string[] = []
    let from = 0
    for (const { start, end, by } of found) {
      count(by.name)
      parts.push(text.slice(from, start), by.do === 'hash' ? hash(text.slice(start, end)) : by.mark)
      from = end
    }
    return found.some(({ by }) => by.do === 'omit') ? undefined : parts.join('') + text.slice(from)
  }
}

function withHits(found: Found[] = [], hits: readonly Hit[], by: ActiveDetector): Found[] {
  for (const hit of hits) found.push({ ...hit, by })
  return found
}

/** In order and without overlaps: what overlaps is one hit from the first start to the last end, of the detector that began it. */
function merge(found: Found[]): Found[] {
  const merged: Found[] = []
  for (const hit of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last === undefined || hit.start >= last.end) merged.push(hit)
    else if (hit.end > last.end) merged[merged.length - 1] = { ...last, end: hit.end }
  }
  return merged
}
