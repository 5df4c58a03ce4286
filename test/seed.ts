/** The seed of a random test: from PILOT_TEST_SEED to run it again, else new; printed, so that a failure can be repeated. */
export function seeded(name: string): number {
  const seed = Number(process.env.PILOT_TEST_SEED ?? Date.now() % 2 ** 31)
  console.info(`${name}: PILOT_TEST_SEED=${seed}`)
  return seed
}

/** Random numbers from 0 to 1 that a seed repeats (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
