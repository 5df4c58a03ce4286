import { type DetectorName, defaultDetectors } from '../privacy/detectors/index.js'
import type { Action, FieldName } from '../privacy/fields.js'
import type { PrivacyRule } from '../privacy/policy.js'
import type { CanaryChannel, CanaryKind, Declared } from './canary.js'
import { wantedStrength } from './privacy.js'

const detectorOf: Partial<Record<CanaryKind, DetectorName>> = {
  card: 'credit-card',
  iban: 'iban',
  'api-token': 'api-key',
  email: 'email',
  phone: 'phone',
}

const fieldsOf: Partial<Record<CanaryChannel, readonly FieldName[]>> = {
  prompt: ['input', 'messages'],
  answer: ['output', 'messages'],
  'tool-arguments': ['tool.arguments'],
  'tool-result': ['tool.result'],
  document: ['documents.content'],
  tag: ['tags'],
  error: ['events'],
  user: ['user', 'user.id'],
}

/** What is declared: `expect` first, then the rules of `capture.privacy`, the one that removes more where two apply. */
export function declaredBy(
  rules: readonly PrivacyRule[],
  expect: Partial<Record<CanaryChannel, Partial<Record<CanaryKind, Action>>>>,
): Declared {
  const detectors = new Map<DetectorName, Action>(defaultDetectors.map((name) => [name, 'redact']))
  for (const { detect, do: action } of rules) for (const name of detect ?? []) detectors.set(name, action)
  return (channel, kind) => {
    const stated = expect[channel]?.[kind]
    if (stated !== undefined) return stated
    const detector = detectorOf[kind]
    const byKind = detector === undefined ? undefined : detectors.get(detector)
    const byField = rules.findLast(({ field }) => fieldsOf[channel]?.some((name) => name === field))?.do
    const [a = 'store', b = 'store'] = [byKind, byField]
    return wantedStrength[a] >= wantedStrength[b] ? a : b
  }
}
