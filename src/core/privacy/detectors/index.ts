import type { Detector } from './detector.js'

/** Every detector by name, loaded when a rule asks for it: phone numbers alone bring 150 KB of tables. */
export const detectors = {
  'api-key': async () => (await import('./api-key.js')).createApiKey(),
  'credit-card': async () => (await import('./credit-card.js')).creditCard,
  email: async () => (await import('./email.js')).email,
  iban: async () => (await import('./iban.js')).iban,
  ssn: async () => (await import('./ssn.js')).ssn,
  phone: async () => (await import('./phone.js')).phone,
  ip: async () => (await import('./ip.js')).ip,
} satisfies Record<string, () => Promise<Detector>>

export type DetectorName = keyof typeof detectors

/** All names, for the config schema. */
export const detectorNames = Object.keys(detectors) as [DetectorName, ...DetectorName[]] // the keys of the literal above

/** On unless a rule says otherwise: what never belongs in a trace. */
export const defaultDetectors: readonly DetectorName[] = ['api-key', 'credit-card']
