/** Names come from exports, and one that holds an id is new in every span: further ones are not kept apart. */
const mostKeys = 10_000

/** Where keys beyond the first ten thousand are counted together. */
const others = '(others)'

/** The entry of a key, made at first sight. */
export function entryOf<T>(entries: Map<string, T>, key: string, make: (key: string) => T): T {
  const kept = entries.has(key) || entries.size < mostKeys ? key : others
  const entry = entries.get(kept) ?? make(kept)
  entries.set(kept, entry)
  return entry
}
