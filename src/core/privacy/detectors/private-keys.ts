import type { Hit } from './detector.js'

const head = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
const tail = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
/** Lines of a key whose end was cut off, with real or escaped line breaks. */
const lines = /(?:(?:\s|\\[nr])*[A-Za-z0-9+/]{40,})+(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]+$)?/y
/** A key of 32 bytes with its wrapping; less is talk about keys. */
const shortestBody = 64
const longestBlock = 32_768

/** PEM and PGP private keys as whole blocks. */
export function privateKeys(text: string): Hit[] {
  if (!text.includes('-----BEGIN ')) return []
  const ends = Array.from(text.matchAll(tail), (match) => ({ start: match.index, end: match.index + match[0].length }))
  const hits: Hit[] = []
  let next = 0
  for (const match of text.matchAll(head)) {
    const body = match.index + match[0].length
    while (next < ends.length && ends[next]!.start < body) next++ // in bounds by the first condition
    const end = ends[next]
    lines.lastIndex = body
    if (end && end.start - body >= shortestBody && end.start - body <= longestBlock)
      hits.push({ start: match.index, end: end.end })
    else if (lines.test(text)) hits.push({ start: match.index, end: lines.lastIndex })
  }
  return hits
}
