import type { MetadataKey } from './evidence.js'
import type { Run } from './run.js'
import type { Trace } from './trace.js'

const keys = ['tenant', 'user', 'session', 'request', 'environment', 'release', 'workflow'] as const

/** Keys by which runs are grouped, so that a value per run makes them useless. */
const groupingKeys: readonly string[] = ['tenant', 'environment', 'release']

/** More values of one key are not kept, so that memory has a limit; `distinct` then says "at least". */
const mostValues = 100_000

/** Counts the metadata keys over runs that are added one by one. */
export function metadataTally() {
  const counters = keys.map(keyCounter)
  return {
    add({ trace }: Pick<Run, 'trace'>): void {
      for (const counter of counters) counter.add(trace)
    },
    result: () => ({ metadata: counters.map((counter) => counter.result()) }),
  }
}

function keyCounter(key: MetadataKey['key']) {
  const present = { x: 0, n: 0 }
  const values = new Set<string>()
  let conflicting = 0
  return {
    add({ spans }: Trace): void {
      let first: string | undefined
      let conflicts = false
      for (const span of spans) {
        const value = span[key]
        if (value === undefined || value === '') continue
        first ??= value
        if (value !== first) conflicts = true
        if (values.size < mostValues) values.add(value)
      }
      present.n += 1
      if (first !== undefined) present.x += 1
      if (conflicts) conflicting += 1
    },
    result(): MetadataKey {
      const tooManyValues = groupingKeys.includes(key) && hasTooMany(values.size, present.x)
      return { key, present, distinct: values.size, spellings: spellingsOf(values), conflicting, tooManyValues }
    },
  }
}

/** Nearly every run has its own value; among fewer than 10 runs that says nothing. */
function hasTooMany(distinct: number, runs: number): boolean {
  return distinct >= mostValues || (runs >= 10 && distinct >= 0.9 * runs)
}

/** Sets of values that read the same, at most 20. */
function spellingsOf(values: ReadonlySet<string>): string[][] {
  const sets = new Map<string, string[]>()
  for (const value of values) {
    const plain = plainForm(value)
    const set = sets.get(plain)
    if (set) set.push(value)
    else sets.set(plain, [value])
  }
  return [...sets.values()]
    .filter((set) => set.length > 1)
    .slice(0, 20)
    .map((set) => set.sort())
}

/** Without casing and separators; between digits one stays, since 1-12 and 11-2 are two values. */
function plainForm(value: string): string {
  return value
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '-')
    .replaceAll(/(?<!\d)-|-(?!\d)/g, '')
}
