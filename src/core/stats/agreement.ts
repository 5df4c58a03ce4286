/**
 * Krippendorff's alpha for nominal values: 1 is full agreement, 0 that of chance, below 0 worse than chance. Each item holds
 * the ratings it got; a missing one is left out, and an item with fewer than two says nothing. Undefined if no item has two.
 * Where only one value was ever given the formula is 0/0; it counts as full agreement there, although chance would do as well.
 * Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
 */
export function krippendorffAlpha(items: readonly (readonly string[])[]): number | undefined {
  const pairable = items.filter((ratings) => ratings.length >= 2)
  if (pairable.length === 0) return undefined
  const byChance = disagreement(pairable.flat())
  if (byChance === 0) return 1
  let observed = 0
  for (const ratings of pairable) observed += disagreement(ratings)
  return 1 - observed / byChance
}

/** Ordered pairs of ratings that differ, over the number of others that each rating can be paired with. */
function disagreement(ratings: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const rating of ratings) counts.set(rating, (counts.get(rating) ?? 0) + 1)
  let pairs = 0
  for (const count of counts.values()) pairs += count * (ratings.length - count)
  return pairs / (ratings.length - 1)
}
