import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { type Detector, type Hit, noHits } from './detector.js'

// The library decides what is a number. It is slow, so it sees only what is written like one: with a `+`, in the groups of a US
// number, or ten digits in one after a word such as "phone", since any id may be ten digits.
const international = String.raw`\(?\+\(?\d[\d().\-/ ]{5,18}\d`
const national = String.raw`(?:1[-. ])?\(?\d{3}\)?[-. /]{1,3}\d{3}[-. ]?\d{4}`
const named = String.raw`(?<=\b(?:phone|tel|call|mobile|cell|fax|sms|whatsapp)\W{0,3}(?:number|no|me at|is|at)?\W{0,4})\d{10}`
const candidate = new RegExp(String.raw`(?<![\w.,/:-])(?:${international}|${national}|${named})(?!\w|[.:-]\d)`, 'gi')
/** An international number has no end mark: of `+44 20 7946 0958 12` the first groups are one. */
const mostTries = 3

/** Telephone numbers: international ones, and US ones by their national form. */
export const phone: Detector = {
  shortest: 7,
  find(text) {
    const hits: Hit[] = []
    candidate.lastIndex = 0
    for (let match = candidate.exec(text); match; match = candidate.exec(text)) {
      const number = validStart(match[0])
      if (number === undefined) continue
      hits.push({ start: match.index, end: match.index + number.length })
      candidate.lastIndex = match.index + number.length // the rest may be the start of the next number
    }
    return hits.length === 0 ? noHits : hits
  },
}

function validStart(candidate: string): string | undefined {
  let number = candidate
  for (let tries = 0; tries < mostTries && number.length >= phone.shortest; tries++) {
    if (parsePhoneNumberFromString(number, 'US')?.isValid()) return number
    number = number.replace(/\D*\d+$/, '')
  }
  return undefined
}
