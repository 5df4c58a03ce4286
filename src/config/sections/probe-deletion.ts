import { z } from 'zod'
import { duration, text } from './values.js'

/** `probes.deletion`: how the platform is asked for a trace that was deleted, and what retention it declares. */
export const ProbeDeletion = z.strictObject({
  command: z
    .array(text)
    .min(1)
    .refine((argv) => argv.some((part) => part.includes('{trace}')), 'nowhere names {trace}')
    .optional()
    .describe(
      'A program of yours that asks the platform for one trace, without a shell; {trace} is its id. It prints {"present": true} or {"present": false}, or exits 0 for there and, silently, 1 for gone.',
    ),
  timeout: duration.prefault('30s').describe('How long one answer may take.'),
  retention_days: z
    .number()
    .min(1)
    .max(36_500)
    .optional()
    .describe('Days after which the platform says that it removes traces.'),
})
