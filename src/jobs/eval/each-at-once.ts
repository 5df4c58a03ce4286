/**
 * Does `work` with every item, with so many at the same time. The first that throws ends it: the others are told by their
 * signal, and have ended when it is thrown on.
 */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  let next = 0
  const worker = async () => {
    try {
      while (next < items.length && !signal.aborted) await work(items[next++]!, signal) // next is below the length
    } catch (error) {
      controller.abort(error)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  if (signal.aborted) throw signal.reason
}
