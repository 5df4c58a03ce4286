import type { Detector, Hit } from './detectors/detector.js'
import { type DetectorName, detectorNames, detectors } from './detectors/index.js'
import { originalPlaces, undisguise } from './disguise.js'

/** What a detector found in a text. */
export interface TextHit extends Hit {
  detector: DetectorName
}

/**
 * Looks for secrets and personal data in a text, and in the text as its reader sees it (without invisible characters, ASCII for
 * what looks like it). `key` is the name under which the text stands.
 */
export type TextScan = (text: string, key?: string) => TextHit[]

/** Such a scan by some detectors, in their own order. */
export async function createTextScan(wanted: readonly DetectorName[]): Promise<TextScan> {
  const active: { name: DetectorName; detector: Detector }[] = []
  for (const name of detectorNames) if (wanted.includes(name)) active.push({ name, detector: await detectors[name]() })
  return (text, key) => {
    const plain = undisguise(text)
    return active.flatMap(({ name, detector }) => {
      if (text.length < detector.shortest) return []
      const shown = detector.find(text, key)
      const hidden = plain === text ? [] : originalPlaces(text, detector.find(plain, key))
      return apart([...shown, ...hidden]).map(({ start, end }) => ({ start, end, detector: name }))
    })
  }
}

/** Hits in order; those that overlap are one, such as a key and a part of it. */
function apart(hits: readonly Hit[]): Hit[] {
  const merged: Hit[] = []
  for (const { start, end } of [...hits].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last === undefined || start >= last.end) merged.push({ start, end })
    else if (end > last.end) merged[merged.length - 1] = { start: last.start, end }
  }
  return merged
}
