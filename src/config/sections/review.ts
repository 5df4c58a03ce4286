import { z } from 'zod'
import { criteria } from '../../criteria/index.js'
import { text } from './values.js'

/** `review`: the meeting that decides, and what follows from it. */
export const Review = z.strictObject({
  attendees: z
    .array(
      z.strictObject({
        name: text.describe('Who takes part.'),
        role: text.describe('engineering, product, security, support …'),
      }),
    )
    .default([])
    .describe('Who takes part in the final review.'),
  owners: z
    .array(z.strictObject({ what: text.describe('What has to be looked after.'), who: text.describe('Who does.') }))
    .default([])
    .describe('Who owns what after an adoption.'),
  next_workflows: z.array(text).default([]).describe('The workflows that come next after an adoption.'),
  waivers: z
    .array(
      z.strictObject({
        criterion: z.enum(criteria.map(({ id }) => id)).describe('Which criterion.'),
        by: text.describe('Who answers for it.'),
        reason: text.describe('Why it may stay open; the verdict and the decision stay as they are.'),
      }),
    )
    .default([])
    .describe('Criteria that somebody answers for as they are. A waiver changes no verdict.'),
})
