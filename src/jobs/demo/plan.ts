import { failingEvery, isOfBadRelease, promptAt, releaseAt, stragglers, stragglersFrom } from './changes.js'

export const variants = ['extend', 'adopt', 'reject'] as const
export type Variant = (typeof variants)[number]

/** The faults of one request, planted so that the answers are known before anything is measured. */
export interface Planted {
  index: number
  origin: 'production' | 'replay' | 'synthetic'
  hasTrace: boolean
  isDuplicated: boolean
  isLate: boolean
  hasPromptVersion: boolean
  isToolRetried: boolean
  isFallback: boolean
  isUnpriced: boolean
  leaksCard: boolean
  /** The retriever found articles on something else, so that the answer cites none of them, and the user said that it was no good. */
  isMisled: boolean
  /** The release that answered; the bad one makes it slower. */
  release: string
  isSlowed: boolean
  /** Under the bad release the order was not found, and with it the run failed. */
  isFailed: boolean
  /** The version of the prompt that answered: of a straggler the one before. */
  promptVersion: string
  isStraggler: boolean
  tenant: string
  /** The tenant as the trace spells it. */
  tenantInTrace: string
}

/** How often each fault is planted among the production requests; positions follow from the counts, not from chance. */
interface Faults {
  missing: number
  duplicated: number
  late: number
  unversioned: number
  retried: number
  fallback: number
  unpriced: number
  leaks: number
  misspelled: number
}

const faults: Record<Variant, Faults> = {
  extend: {
    missing: 8,
    duplicated: 2,
    late: 3,
    unversioned: 6,
    retried: 12,
    fallback: 9,
    unpriced: 10,
    leaks: 1,
    misspelled: 4,
  },
  adopt: {
    missing: 4,
    duplicated: 0,
    late: 0,
    unversioned: 0,
    retried: 5,
    fallback: 3,
    unpriced: 0,
    leaks: 0,
    misspelled: 0,
  },
  reject: {
    missing: 84,
    duplicated: 2,
    late: 3,
    unversioned: 40,
    retried: 12,
    fallback: 9,
    unpriced: 10,
    leaks: 1,
    misspelled: 4,
  },
}

export const productionRequests = 600
/** Those of them that carry no other fault. */
const misledEvery = 36
const replayedRequests = 30
const syntheticRequests = 10

/** The pilot ran for two weeks of March 2026, with its production requests spread evenly over them. */
const demoStart = Date.UTC(2026, 2, 2)
const windowMs = 14 * 86_400_000

/** The moment from which on a production request comes in, at most ten minutes later; epoch milliseconds. */
export function earliestMs(index: number): number {
  return Math.round(demoStart + (index / productionRequests) * windowMs)
}

const tenants = ['acme', 'globex', 'initech', 'umbrella', 'hooli'] as const
/** The tenant whose requests take several times as long. */
export const slowTenant = 'globex'

/** Every request of the demo with the faults it carries; no request carries two faults, so that each count stands alone. */
export function plantFaults(variant: Variant): Planted[] {
  const kinds = Object.entries(faults[variant]).flatMap(([kind, times]) => Array.from({ length: times }, () => kind))
  // Spread evenly over the pilot: fault k of K stands at request (k + ½) · 600 / K.
  const faultAt = new Map(
    shuffle(kinds).map((kind, k) => [Math.floor(((k + 0.5) * productionRequests) / kinds.length), kind]),
  )
  const late = Array.from({ length: productionRequests }, (_, index) => index)
    .filter((index) => index >= stragglersFrom && !faultAt.has(index) && !isMisled(index))
    .slice(0, stragglers)
  const total = productionRequests + replayedRequests + syntheticRequests
  return Array.from({ length: total }, (_, index) => {
    const fault = faultAt.get(index)
    const isProduction = index < productionRequests
    const isSlowed = isProduction && isOfBadRelease(index)
    const isStraggler = late.includes(index)
    const tenant = tenants[index % tenants.length]!
    return {
      index,
      origin: isProduction ? 'production' : index < productionRequests + replayedRequests ? 'replay' : 'synthetic',
      hasTrace: fault !== 'missing',
      isDuplicated: fault === 'duplicated',
      isLate: fault === 'late',
      hasPromptVersion: fault !== 'unversioned',
      isToolRetried: fault === 'retried',
      isFallback: fault === 'fallback',
      isUnpriced: fault === 'unpriced',
      leaksCard: fault === 'leaks',
      isMisled: isProduction && isMisled(index) && fault === undefined,
      release: releaseAt(index),
      isSlowed,
      isFailed: isSlowed && index % failingEvery === 1 && fault === undefined,
      promptVersion: isStraggler ? promptAt(0) : promptAt(index),
      isStraggler,
      tenant,
      tenantInTrace: fault === 'misspelled' ? tenant.toUpperCase() : tenant,
    }
  })
}

const isMisled = (index: number) => index % misledEvery === 0

/** A fixed interleaving, so that the faults of one kind do not stand together: every seventh, then the rest. */
function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item, index) => ({ item, rank: (index * 7) % items.length }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}
