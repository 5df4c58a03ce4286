import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import type { Stated } from '../stated.js'

/** A reference `weave:///entity/project/<kind>/<name>:<digest>`; undefined for any other text. */
export function refOf(text: string): { kind: string; name: string; digest?: string } | undefined {
  if (!text.startsWith('weave:///')) return undefined
  const [, , kind, rest] = text.slice('weave:///'.length).split('/', 4)
  if (kind === undefined || rest === undefined || rest === '') return undefined
  const colon = rest.lastIndexOf(':')
  if (colon <= 0) return { kind, name: rest }
  return { kind, name: rest.slice(0, colon), digest: rest.slice(colon + 1) }
}

/**
 * The prompt that a call was given: an object that its inputs (or the model in `self`) refer to under a name with `prompt` in it,
 * or that has it in its own. The digest of its content is the version.
 */
export function promptIn(inputs: JsonObject): Stated {
  const holders = [inputs, isObject(inputs.self) ? inputs.self : {}]
  for (const holder of holders)
    for (const key of Object.keys(holder)) {
      const ref = promptRef(key, holder[key])
      if (ref !== undefined) return { promptName: ref.name, promptVersion: ref.digest }
    }
  return {}
}

function promptRef(key: string, value: Json | undefined) {
  const given = isObject(value) ? (value._ref ?? value.ref) : value
  const ref = typeof given === 'string' ? refOf(given) : undefined
  if (ref?.kind !== 'object') return undefined
  return /prompt/i.test(key) || /prompt/i.test(ref.name) ? ref : undefined
}
