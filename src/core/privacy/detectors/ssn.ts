import { type Detector, type Hit, noHits, wordStart } from './detector.js'

// Area 000, 666 and 9xx, group 00 and serial 0000 were never given out (ssa.gov, "SSN randomization").
const separated = String.raw`(?!000|666|9)\d{3}([-. ])(?!00)\d{2}\1(?!0000)\d{4}`
const named = String.raw`(?<=\b(?:ssn|social security(?: number| no)?)\W{0,4}(?:is )?\W{0,2})(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}`
const number = new RegExp(String.raw`${wordStart}(?<!\d[-.])(?:${separated}|${named})(?![0-9A-Za-z]|[-.]\d)`, 'gi')

/** US social security numbers with separators; nine digits in one only after their name, since any id may have nine digits. */
export const ssn: Detector = {
  shortest: 9,
  find(text) {
    const hits: Hit[] = Array.from(text.matchAll(number), (match) => ({
      start: match.index,
      end: match.index + match[0].length,
    }))
    return hits.length === 0 ? noHits : hits
  },
}
