import { seededRandom, seedOf } from './seeded-random.js'

/**
 * `count` of the items, by the seed alone: everybody gets the same, and items that come later change few of them. All, where
 * `count` is undefined.
 */
export function sampleItems(items: readonly string[], count: number | undefined, seed: number): string[] {
  return count === undefined ? [...items] : inOrderOf(items, `${seed}`).slice(0, count)
}

/** Items in an order of the person's own, so that no item comes late, or after the same other, for everybody. */
export function orderItems(items: readonly string[], alias: string, seed: number): string[] {
  return inOrderOf(items, `${seed} ${alias}`)
}

function inOrderOf(items: readonly string[], text: string): string[] {
  const ranked = items.map((item) => ({ item, rank: seededRandom(seedOf(`${text} ${item}`))() }))
  // By id where the ranks are equal, so that the order never depends on that of the store.
  return ranked.sort((a, b) => a.rank - b.rank || (a.item < b.item ? -1 : 1)).map(({ item }) => item)
}
