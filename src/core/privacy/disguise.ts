import type { Hit } from './detectors/detector.js'

// Joiners, direction marks, variation selectors; and full-width ASCII, odd spaces and hyphens. The two that Latin-1 has stand
// apart: without them the expression is known to fail on a Latin-1 string before any character is read.
const hidden = String.raw`\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff`
const lookalike = String.raw`\u2000-\u200a\u2010-\u2012\u202f\u3000\uff01-\uff5e`
const isDisguised = new RegExp(`[${hidden}${lookalike}]`)
const isHidden = new RegExp(`[\\u00ad${hidden}]`)
const everyHidden = new RegExp(`[\\u00ad${hidden}]`, 'g')
const everyLookalike = new RegExp(`[\\u00a0${lookalike}]`, 'g')

/** A text as its reader sees it: no invisible characters, and ASCII for what looks like it. The same string when there is nothing to do. */
export function undisguise(text: string): string {
  if (!text.includes('\u00ad') && !text.includes('\u00a0') && !isDisguised.test(text)) return text
  return text.replace(everyHidden, '').replace(everyLookalike, asciiOf)
}

function asciiOf(character: string): string {
  const code = character.charCodeAt(0)
  if (code >= 0xff01) return String.fromCharCode(code - 0xfee0)
  return code >= 0x2010 && code <= 0x2012 ? '-' : ' '
}

/** Where hits in the undisguised text stand in the original. */
export function originalPlaces(text: string, hits: readonly Hit[]): Hit[] {
  const places: number[] = []
  for (let i = 0; i < text.length; i++) if (!isHidden.test(text.charAt(i))) places.push(i)
  return hits.map(({ start, end }) => ({ start: places[start] ?? 0, end: (places[end - 1] ?? text.length - 1) + 1 }))
}
