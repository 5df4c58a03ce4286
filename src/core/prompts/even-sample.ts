/** Takes at most `most` of the items that are added, evenly spread over all of them; the same ones for the same order. */
export function evenSample<T>(most: number) {
  let [kept, met, stride]: [T[], number, number] = [[], 0, 1]
  return {
    add(item: T): void {
      if (met % stride === 0) kept.push(item)
      met += 1
      if (kept.length <= most) return
      kept = kept.filter((_, at) => at % 2 === 0)
      stride *= 2
    },
    items: (): readonly T[] => kept,
  }
}
