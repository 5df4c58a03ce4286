import type { Attributes, Json } from '../../core/span.js'
import { isObject, type JsonObject, unpack } from '../json.js'

/** What Langfuse keeps of an OpenTelemetry span in its metadata, and the application's own metadata. */
export interface LangfuseMetadata {
  attributes: Attributes
  resource: Attributes
  scope: string | undefined
}

/**
 * Metadata taken apart: `attributes`, `resourceAttributes` and `scope` are OpenTelemetry's (objects, JSON text, or flattened as
 * `attributes.gen_ai.system`), everything else is the application's and becomes the attribute `metadata`.
 */
export function splitMetadata(given: Json | undefined): LangfuseMetadata {
  const read = {
    attributes: Object.create(null) as Attributes,
    resource: Object.create(null) as Attributes,
    scope: undefined as string | undefined,
  }
  const metadata = given === undefined ? undefined : unpack(given)
  if (!isObject(metadata)) {
    if (metadata !== undefined && metadata !== null) read.attributes.metadata = metadata
    return read
  }
  const own: JsonObject = Object.create(null)
  let hasOwn = false
  for (const key of Object.keys(metadata)) {
    const dot = key.indexOf('.')
    const part = dot < 0 ? key : key.slice(0, dot)
    if (
      isPart(part) &&
      (dot > 0 ? addOne(read, part, key.slice(dot + 1), metadata[key]!) : addAll(read, part, metadata[key]!))
    )
      continue
    own[key] = metadata[key]!
    hasOwn = true
  }
  // An attribute of that name is OpenInference's own metadata.
  if (hasOwn)
    read.attributes[read.attributes.metadata === undefined ? 'metadata' : 'langfuse.observation.metadata'] = own
  return read
}

type Part = 'attributes' | 'resourceAttributes' | 'scope'

function isPart(name: string): name is Part {
  return name === 'attributes' || name === 'resourceAttributes' || name === 'scope'
}

/** False when the part is not what OpenTelemetry writes there, but a key of the application's. */
function addAll(read: LangfuseMetadata, part: Part, given: Json): boolean {
  const values = unpack(given)
  if (!isObject(values)) return false
  for (const name of Object.keys(values)) addOne(read, part, name, values[name]!)
  return true
}

function addOne(read: LangfuseMetadata, part: Part, name: string, value: Json): boolean {
  if (part === 'attributes') read.attributes[name] = value
  else if (part === 'resourceAttributes') read.resource[name] = value
  else if (name === 'name') {
    if (typeof value !== 'string') return false
    if (value !== '') read.scope = value
  } else if (value !== null && value !== '' && !(isObject(value) && Object.keys(value).length === 0))
    read.attributes[`otel.scope.${name}`] = value
  return true
}
