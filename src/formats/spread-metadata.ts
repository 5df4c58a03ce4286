import type { Attributes, Json } from '../core/span.js'
import { isObject, unpack } from './json.js'

/**
 * Each member of a span's metadata (an object, or JSON text of one) as an attribute `metadata.<key>`, so that halves of a span
 * which each know a part are merged by key. Metadata of any other form is one attribute.
 */
export function spreadMetadata(metadata: Json | undefined, attributes: Attributes): void {
  const given = metadata === undefined ? undefined : unpack(metadata)
  if (isObject(given)) for (const key of Object.keys(given)) attributes[`metadata.${key}`] = given[key]!
  else if (given !== undefined && given !== null && given !== '') attributes.metadata = given
}
