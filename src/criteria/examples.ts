/** A line of evidence that names some of the ids; none when there are no ids. */
export function exampleLine(what: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${what}, for example: ${ids.slice(0, 5).join(', ')}`]
}
