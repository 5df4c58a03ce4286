/** What tells the rule from others in the report of an ingest. */
export const aliasRule = 'engineer'

/**
 * True for an alias such as `e1`: letters, digits and `._:-`, at most 40. A name with spaces or an address is none. The hash that
 * stands for one is an alias itself, so that it stays as it is when the rules are applied again.
 */
export function isAlias(text: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._:-]{0,39}$/u.test(text)
}
