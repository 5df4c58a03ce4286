import { createHash } from 'node:crypto'
import { type CanarySet, canaryKinds, channelNames, plantCanaries } from '../src/core/probes/canary.js'
import type { canarySearch, Sighting } from '../src/core/probes/canary-search.js'
import { seededRandom } from '../src/core/seeded-random.js'

/** A full set of canaries, the same for the same seed. */
export function setOf(seed: number): CanarySet {
  const all = { channels: channelNames, kinds: canaryKinds }
  return plantCanaries(all, { id: `set-${seed}`, plantedMs: 0, random: seededRandom(seed) })
}

export const digestsOf = (value: string) =>
  ['md5', 'sha256'].map((name) => ({ name, hex: createHash(name).update(value).digest('hex') }))

/** What a search of these bytes tells, handed over in chunks of one size. */
export function sightings(
  open: ReturnType<typeof canarySearch>,
  content: string | Buffer,
  chunkBytes = 65_536,
): Sighting[] {
  const found: Sighting[] = []
  const file = open((sighting) => found.push(sighting))
  const bytes = Buffer.from(content)
  for (let at = 0; at < bytes.length; at += chunkBytes) file.read(bytes.subarray(at, at + chunkBytes))
  file.end()
  return found
}

/** The canaries whose values were found. */
export function leakedIn(found: readonly Sighting[]): string[] {
  return [...new Set(found.flatMap((each) => (each.what === 'value' ? [each.canary] : [])))]
}
