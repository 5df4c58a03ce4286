import type { Json } from '../span.js'

/** Inputs as they are compared for being the same: letters small, each stretch of white space one space; digits stay. */
export function normalInputs(inputs: Json): Json {
  if (typeof inputs === 'string') return inputs.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
  if (typeof inputs !== 'object' || inputs === null) return inputs
  if (Array.isArray(inputs)) return inputs.map(normalInputs)
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, normalInputs(value)]))
}
