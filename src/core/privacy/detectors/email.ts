import { type Detector, type Hit, noHits } from './detector.js'

const localPart = /[\p{L}\p{N}._%+'~-]+$/u
const domain = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}/uy

/** As it stands in a text, and in an address of the web. */
const signs = ['@', '%40']

/** E-mail addresses: from each `@` (or `%40`), at most 64 characters back (RFC 5321), and a domain that ends in letters. */
export const email: Detector = {
  shortest: 6,
  find(text) {
    const hits: Hit[] = []
    for (const sign of signs)
      for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) {
        const before = text.slice(Math.max(0, at - 64), at)
        const local = localPart.exec(before)
        domain.lastIndex = at + sign.length
        if (local && domain.test(text))
          hits.push({ start: afterEscape(text, at - local[0].length), end: domain.lastIndex })
      }
    return hits.length === 0 ? noHits : hits
  },
}

/** JSON inside a string: in `\nbob@…` the n belongs to the escape. */
function afterEscape(text: string, start: number): number {
  return text[start - 1] === '\\' && /[nrtbf]/.test(text[start] ?? '') ? start + 1 : start
}
