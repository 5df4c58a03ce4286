import type { Action } from '../privacy/fields.js'
import { ibanOf, luhnDigit } from './check-digits.js'

/** Kinds of made-up values, each as a real one would look. */
export const canaryKinds = ['card', 'iban', 'api-token', 'email', 'phone', 'name', 'health'] as const
export type CanaryKind = (typeof canaryKinds)[number]

/** The ways by which a value may reach a platform, and where the team puts it. */
export const canaryChannels = {
  prompt: 'in the message of the user',
  answer: 'in a message that asks the model to answer with this line, word for word',
  'tool-arguments': 'in a message that makes the agent call a tool with this line',
  'tool-result': 'in what a tool returns',
  document: 'in a document that is retrieved',
  metadata: 'as a value of the metadata of the request',
  tag: 'as a tag of the request',
  error: 'in the message of an error that a step raises',
  user: 'as the id of the user',
} as const
export type CanaryChannel = keyof typeof canaryChannels
export const channelNames = Object.keys(canaryChannels) as CanaryChannel[] // the keys of the literal above

/** A made-up value that is sent by one channel alone, between two words that no rule has a reason to touch. */
export interface Canary {
  /** Unique in its set, and all that is ever shown of it: `prompt/card`. */
  id: string
  kind: CanaryKind
  value: string
  /** Undefined for a user id, which is sent as it is. */
  fence?: { before: string; after: string }
}

/** One request for the team to send. */
export interface CanaryRequest {
  id: string
  channel: CanaryChannel
  /** A harmless word that shows that the request arrived. */
  marker: string
  canaries: Canary[]
}

/** What was planted together. Its values are secret: found again by them, they stand in one file beside the store alone. */
export interface CanarySet {
  id: string
  /** Epoch milliseconds. */
  plantedMs: number
  requests: CanaryRequest[]
  /** Absolute paths of the sheets that were written of it: they hold the values, and are no leak. */
  sheets: string[]
}

/** What is to be done to each kind in each channel; `store` lets it stand. */
export type Declared = (channel: CanaryChannel, kind: CanaryKind) => Action

/** A set of one canary for each channel and kind, all different, and from `others`. `random` gives numbers in [0, 1). */
export function plantCanaries(
  { channels, kinds }: { channels: readonly CanaryChannel[]; kinds: readonly CanaryKind[] },
  {
    id,
    plantedMs,
    random,
    others = [],
  }: { id: string; plantedMs: number; random: () => number; others?: readonly CanarySet[] },
): CanarySet {
  const taken = new Set(others.flatMap(({ requests }) => requests.flatMap(wordsOf)))
  const unique = (make: () => string): string => {
    for (;;) {
      const value = make()
      if (taken.has(value)) continue
      taken.add(value)
      return value
    }
  }
  const word = () => unique(() => pseudoWord(random, 5))
  const requestsOf = (channel: CanaryChannel): CanaryRequest[] => {
    // A request has one user.
    if (channel === 'user')
      return kinds
        .filter((kind) => kindsOfUser.has(kind))
        .map((kind) => ({
          ...{ id: `${channel}-${kind}`, channel, marker: word() },
          canaries: [{ id: `${channel}/${kind}`, kind, value: unique(() => newValue[kind](random)) }],
        }))
    const canaries = kinds.map(
      (kind): Canary => ({
        ...{ id: `${channel}/${kind}`, kind, value: unique(() => newValue[kind](random)) },
        fence: { before: word(), after: word() },
      }),
    )
    return [{ id: channel, channel, marker: word(), canaries }]
  }
  return { id, plantedMs, requests: channels.flatMap(requestsOf), sheets: [] }
}

function wordsOf({ marker, canaries }: CanaryRequest): string[] {
  const fences = canaries.flatMap(({ fence }) => (fence === undefined ? [] : [fence.before, fence.after]))
  return [marker, ...fences, ...canaries.map(({ value }) => value)]
}

/** What the team sends for a canary. */
export function lineOf({ value, fence }: Canary): string {
  return fence === undefined ? value : `${fence.before} ${value} ${fence.after}`
}

const kindsOfUser: ReadonlySet<CanaryKind> = new Set(['email', 'phone', 'name'])

const newValue: Record<CanaryKind, (random: () => number) => string> = {
  // 4000 00 is what payment providers test with.
  card: (random) => {
    const digits = `400000${digitsOf(random, 9)}`
    return digits + luhnDigit(digits)
  },
  // No bank has the code TEST.
  iban: (random) => ibanOf('GB', `TEST${digitsOf(random, 14)}`).replace(/(.{4})(?=.)/g, '$1 '),
  'api-token': (random) => `sk-proj-${base62(random, 24)}PilotCanary${base62(random, 13)}`,
  // .example is nobody's (RFC 2606).
  email: (random) => `${pseudoWord(random, 3)}.${pseudoWord(random, 3)}${digitsOf(random, 3)}@canary.example`,
  // Kept for films and books by the French regulator.
  phone: (random) => {
    const [range, rest] = [pick(random, frenchFiction), digitsOf(random, 4)]
    return `+33 ${range} ${rest.slice(0, 2)} ${rest.slice(2)}`
  },
  name: (random) => `${pick(random, firstNames)} ${capital(pseudoWord(random, 4))}`,
  health: (random) =>
    `takes ${10 + Math.floor(random() * 190)} mg of ${pick(random, drugs)} for ${pick(random, conditions)} since a stay at the ${capital(pseudoWord(random, 4))} clinic`,
}

const frenchFiction = ['1 99 00', '2 61 91', '3 53 01', '4 65 71', '5 36 49', '6 39 98']
const firstNames = ['Marta', 'Samuel', 'Ingrid', 'Tomasz', 'Leila', 'Andrew', 'Chiara', 'Yusuf']
const drugs = ['metoprolol', 'sertraline', 'methotrexate', 'lithium', 'insulin', 'warfarin']
const conditions = ['atrial fibrillation', 'severe depression', 'rheumatoid arthritis', 'type 1 diabetes', 'epilepsy']

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]! // random is below 1
}

/** A word that can be spoken and means nothing. */
function pseudoWord(random: () => number, syllables: number): string {
  let word = ''
  for (let index = 0; index < syllables; index++)
    word += pick(random, Array.from('bdfgklmnprstvz')) + pick(random, Array.from('aeiou'))
  return word
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function digitsOf(random: () => number, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 10)).join('')
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const all62 = Array.from(`0123456789${letters}${letters.toUpperCase()}`)

function base62(random: () => number, count: number): string {
  return Array.from({ length: count }, () => pick(random, all62)).join('')
}
