/** For whom something is printed; who is not named sees all. */
export const audiences = ['engineering', 'product', 'support', 'security'] as const
export type Audience = (typeof audiences)[number]

/** Fewer runs than these are shown together with others, so that nobody is singled out. */
export const fewestRuns = 5
