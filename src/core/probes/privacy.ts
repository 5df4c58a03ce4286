import type { Action } from '../privacy/fields.js'
import type { CanaryChannel, CanaryKind, CanarySet, Declared } from './canary.js'
import type { Sighting } from './canary-search.js'

/** Where was looked: what the platform gave out, the store of this pilot, and other files of it. */
export const canaryPlaces = ['export', 'store', 'files'] as const
export type CanaryPlace = (typeof canaryPlaces)[number]

/**
 * What became of a canary in one place. `raw`: it stands there. `hashed`, `redacted`: something else stands in its place.
 * `omitted`: its request arrived, and neither it nor anything in its place is there. `not seen`: nothing tells that its request arrived.
 */
export const canaryOutcomes = ['raw', 'hashed', 'redacted', 'omitted', 'not seen'] as const
export type CanaryOutcome = (typeof canaryOutcomes)[number]

/** How that stands to what was declared; a value that was stored as declared is kept as declared, too. */
export type CanaryVerdict = 'as declared' | 'leaked' | 'less removed' | 'more removed' | 'not measured'

/** Where a value, or a digest that anybody can compute of it, was found. */
export interface CanaryFind {
  place: CanaryPlace
  file: string
  encoding: string
  found: 'raw' | 'hashed'
  /** Absent where it stands in pieces. */
  line?: number
}

/** One canary: which, what was declared, and what became of it. Never its value. */
export interface CanaryResult {
  id: string
  channel: CanaryChannel
  kind: CanaryKind
  /** Keyed hash that tells it from others; none that the privacy rules would make of the value. */
  hash: string
  declared: Action
  outcomes: Record<CanaryPlace, CanaryOutcome>
  verdict: CanaryVerdict
  /** At most `mostFinds`, in the order met. */
  finds: CanaryFind[]
}

/** What a search for one set found, as it is kept. */
export interface PrivacyResult {
  set: string
  plantedMs: number
  /** Requests of the set that are seen in the platform's export. */
  requests: { arrived: number; planted: number }
  files: { place: CanaryPlace; path: string; bytes: number }[]
  /** What could not be read to its end, with the reason. */
  unread: { place: CanaryPlace; path: string; reason: string }[]
  canaries: CanaryResult[]
}

const mostFinds = 20

/** Collects sightings, and says of each canary what became of it. */
export function canaryTally(set: CanarySet) {
  const seen = new Map<string, Seen>()
  const arrived: Record<CanaryPlace, Set<string>> = { export: new Set(), store: new Set(), files: new Set() }

  function seenOf(canary: string): Seen {
    const before = seen.get(canary)
    if (before !== undefined) return before
    const none = (): Seen['outcomes'] => ({ export: new Set(), store: new Set(), files: new Set() })
    const fresh: Seen = { outcomes: none(), finds: [] }
    seen.set(canary, fresh)
    return fresh
  }

  return {
    /** Takes what was seen in one file. */
    add(place: CanaryPlace, file: string, sightings: readonly Sighting[]): void {
      const whole = new Set(sightings.map((each) => (isWhole(each) ? each.canary : undefined)))
      for (const sighting of sightings) {
        if (sighting.what === 'request') {
          arrived[place].add(sighting.request)
          continue
        }
        const { outcomes, finds } = seenOf(sighting.canary)
        if (sighting.what === 'between') {
          outcomes[place].add(replacementOf(sighting.text))
          continue
        }
        const found = sighting.what === 'value' ? 'raw' : 'hashed'
        outcomes[place].add(found)
        // What stands there whole is met once more by its pieces.
        if (sighting.line === undefined && whole.has(sighting.canary)) continue
        const { encoding, line } = sighting
        const isKnown = finds.some((find) => find.file === file && find.encoding === encoding)
        if (!isKnown && finds.length < mostFinds)
          finds.push({ place, file, encoding, found, ...(line !== undefined && { line }) })
      }
    },
    result(declared: Declared, hash: (value: string) => string): Pick<PrivacyResult, 'requests' | 'canaries'> {
      const canaries = set.requests.flatMap(({ id: request, channel, canaries }) =>
        canaries.map(({ id, kind, value, fence }): CanaryResult => {
          const { outcomes: met, finds } = seenOf(id)
          const outcomeIn = (place: CanaryPlace) => outcomeOf(met[place], arrived[place].has(request))
          const outcomes = { export: outcomeIn('export'), store: outcomeIn('store'), files: outcomeIn('files') }
          const wanted = declared(channel, kind)
          return {
            ...{ id, channel, kind, hash: hash(value), declared: wanted },
            ...{ outcomes, verdict: verdictOf(wanted, outcomes, fence !== undefined), finds },
          }
        }),
      )
      return { requests: { arrived: arrived.export.size, planted: set.requests.length }, canaries }
    },
  }
}

interface Seen {
  outcomes: Record<CanaryPlace, Set<CanaryOutcome>>
  finds: CanaryFind[]
}

function isWhole(sighting: Sighting): sighting is Extract<Sighting, { what: 'value' }> {
  return sighting.what === 'value' && sighting.line !== undefined
}

/** What stands between the two words of a canary. Where that is the canary itself, it is found as such, whatever is said here. */
function replacementOf(text: string): CanaryOutcome {
  if (/^[\s"'\\,;]*$/.test(text)) return 'omitted'
  return isHash(text) ? 'hashed' : 'redacted'
}

/** A hexadecimal or base64 digest, or a UUID, alone or after the name of what made it. A mark such as `PERSON_1234` is none. */
function isHash(text: string): boolean {
  const token = /^\W*(?:[a-z]{1,8}\d{0,3}[:_-])?([\da-f]{8,128}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\W*$/i.exec(
    text,
  )
  const word = token?.[1] ?? /^\W*([A-Za-z\d+/]{22,88})={0,2}\W*$/.exec(text)?.[1]
  return word !== undefined && /\d/.test(word) && /[a-z]/i.test(word)
}

/** The least that was done to it, since one copy in full is enough. */
function outcomeOf(met: ReadonlySet<CanaryOutcome>, hasArrived: boolean): CanaryOutcome {
  return canaryOutcomes.find((outcome) => met.has(outcome)) ?? (hasArrived ? 'omitted' : 'not seen')
}

const strength: Readonly<Record<Exclude<CanaryOutcome, 'not seen'>, number>> = {
  raw: 0,
  hashed: 1,
  redacted: 2,
  omitted: 3,
}
/** How much each action removes. */
export const wantedStrength: Readonly<Record<Action, number>> = { store: 0, hash: 1, redact: 2, omit: 3 }

/**
 * A value found anywhere that was declared to be removed has leaked. Else the platform's export decides: without it nothing is
 * known of the platform, since this pilot removes from its own store what it is told to.
 */
function verdictOf(declared: Action, outcomes: CanaryResult['outcomes'], isFenced: boolean): CanaryVerdict {
  if (declared !== 'store' && canaryPlaces.some((place) => outcomes[place] === 'raw')) return 'leaked'
  const outcome = outcomes.export
  if (outcome === 'not seen') return 'not measured'
  // Without words around it, what a secret key made of it cannot be told from its absence.
  if (outcome === 'omitted' && !isFenced && declared !== 'store') return 'as declared'
  const difference = strength[outcome] - wantedStrength[declared]
  return difference < 0 ? 'less removed' : difference > 0 ? 'more removed' : 'as declared'
}

/** How many canaries have each verdict. */
export function verdictCounts({ canaries }: Pick<PrivacyResult, 'canaries'>): Record<CanaryVerdict, number> {
  const counts = { leaked: 0, 'less removed': 0, 'as declared': 0, 'more removed': 0, 'not measured': 0 }
  for (const { verdict } of canaries) counts[verdict] += 1
  return counts
}
