import { z } from 'zod'
import { duration } from './values.js'

/** `prompts`: what the tests of prompt versions are held against. */
export const Prompts = z.strictObject({
  within: duration
    .prefault('15m')
    .describe('How soon a version shows in traces after its deployment or rollback: 15m, 1h. Fixed before the data.'),
})
