import { z } from 'zod'
import { type CanarySet, canaryKinds, channelNames } from '../core/probes/canary.js'

const Canary = z.strictObject({
  id: z.string(),
  kind: z.enum(canaryKinds),
  value: z.string().min(8),
  fence: z.strictObject({ before: z.string().min(8), after: z.string().min(8) }).optional(),
})

const CanaryFile = z.strictObject({
  pilot: z.literal('canaries'),
  version: z.literal(1),
  id: z.string(),
  plantedMs: z.number(),
  requests: z.array(
    z.strictObject({
      id: z.string(),
      channel: z.enum(channelNames),
      marker: z.string().min(8),
      canaries: z.array(Canary),
    }),
  ),
  sheets: z.array(z.string()),
})

/** The text of the file that keeps a set of canaries. */
export function canaryFileText(set: CanarySet): string {
  return `${JSON.stringify({ pilot: 'canaries', version: 1, ...set })}\n`
}

/** The set that a file keeps; undefined where it is damaged or something else. Nothing of it is quoted. */
export function parseCanaryFile(text: string): CanarySet | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  const parsed = CanaryFile.safeParse(value)
  if (!parsed.success) return undefined
  const { pilot: _, version: __, ...set } = parsed.data
  return set as CanarySet // zod leaves absent keys out
}
