import type { Attributes, Json } from '../../core/span.js'
import { isObject, unpack } from '../json.js'
import { type Draft, leavesOf } from './draft.js'

/** Families of attributes that are model settings, under their plain names. */
export const settingFamilies = ['gen_ai.request', 'gen_ai.openai.request', 'openai.request', 'ai.settings'] as const

/** Settings that OpenLLMetry writes beside `gen_ai.request.*`. */
export const settingKeys = [
  ['llm.frequency_penalty', 'frequency_penalty'],
  ['llm.presence_penalty', 'presence_penalty'],
  ['llm.top_k', 'top_k'],
  ['llm.chat.stop_sequences', 'stop_sequences'],
  ['llm.is_streaming', 'stream'],
  ['langsmith.metadata.ls_temperature', 'temperature'],
  ['langsmith.metadata.ls_max_tokens', 'max_tokens'],
] as const

/** Settings packed into one JSON text. */
export const packedSettings = [
  'langfuse.observation.model.parameters',
  'llm.invocation_parameters',
  'embedding.invocation_parameters',
] as const

/** Model settings of every vocabulary in one map; the first that states a name wins, in the order of the lists above. */
export function fillSettings(draft: Draft): void {
  for (const family of settingFamilies)
    for (const [name, key, value] of leavesOf(draft, family) ?? [])
      if (!name.startsWith('context.') && !name.startsWith('runtimeContext.')) setSetting(draft, name, value, key)
  for (const [key, name] of settingKeys) {
    const value = draft.raw.attributes[key]
    if (value !== undefined) setSetting(draft, name, value, key)
  }
  for (const key of packedSettings) {
    const packed = draft.raw.attributes[key]
    const values = packed === undefined ? undefined : unpack(packed)
    if (!isObject(values)) continue
    const lost = Object.keys(values).filter((name) => !setSetting(draft, name, values[name]!))
    if (lost.length === 0) draft.used.add(key)
  }
}

/** Adds one setting; false when the name is taken by another value, or unsafe. */
export function setSetting(draft: Draft, name: string, value: Json, key?: string): boolean {
  if (isUnsafe(name)) return false
  draft.settings ??= Object.create(null) as Attributes
  if (name in draft.settings) return draft.settings[name] === value
  draft.settings[name] = value
  if (key !== undefined) draft.used.add(key)
  return true
}

/** Names that could reach a prototype when somebody copies them into a plain object. */
export function isUnsafe(name: string): boolean {
  return unsafe.test(name)
}

const unsafe = /(?:^|\.)(?:__proto__|constructor|prototype)(?:\.|$)/
