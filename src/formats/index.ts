import type { Json } from '../core/span.js'
import type { Format } from './format.js'
import { native } from './native.js'
import { otlp } from './otlp.js'

/** Every export format, in the order in which they are tried: the most specific marks first. */
export const formats: readonly Format[] = [otlp, native]

/** The format of one record, by its content alone; undefined when none fits. */
export function detectFormat(record: Json): Format | undefined {
  return formats.find((format) => format.detects(record))
}
