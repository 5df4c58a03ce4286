/** The words of a text that say something: four letters or digits and more, in lower case, in order. */
export function longWords(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 3)
}
