/**
 * A key of an export as it may be shown: names are untrusted and may hold anything, a token too, so only what looks like words
 * joined by dots and the like is shown.
 */
export function shownKey(key: string): string {
  return key.length <= 80 && /^[$@_]*[A-Za-z]+(?:[._:@-]+[A-Za-z]+)*_*\d{0,2}$/.test(key) ? key : '(not a plain name)'
}
