import { undisguise } from './privacy/disguise.js'

/**
 * A text as somebody would quote it from memory: one Unicode form, one case, straight quotes, plain dashes, and one space where
 * there are several or a line ends.
 */
export function foldText(text: string): string {
  return undisguise(text.normalize('NFKC'))
    .replaceAll(/[‘’‚‛′`´]/g, "'")
    .replaceAll(/[“”„‟″«»]/g, '"')
    .replaceAll(/[‐-―−]/g, '-')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** A phrase as it is looked for: folded, without the quotation marks that a ticket puts around it. */
export function foldPhrase(phrase: string): string {
  const folded = foldText(phrase)
  const quoted = /^"(.+)"$/.exec(folded) ?? /^'(.+)'$/.exec(folded)
  return quoted?.[1]?.trim() ?? folded
}
