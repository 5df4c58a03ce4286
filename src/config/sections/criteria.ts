import { z } from 'zod'
import { parseTarget } from '../../core/target.js'
import { criteria } from '../../criteria/index.js'

const Criterion = z
  .strictObject({
    id: z
      .enum(criteria.map((criterion) => criterion.id))
      .describe(`Which criterion. ${criteria.map(({ id, title }) => `${id}: ${title}`).join('; ')}.`),
    target: z
      .union([z.string(), z.number()])
      .describe(
        'The number fixed before the data, with its unit and in quotes: ">= 95 %", "< 10 min", "<= 50 ms", "<= 24 h", "<= $500", ">= 500", 0 or "100 %".',
      ),
    must: z.boolean().default(false).describe('Whether it decides: adopt needs every must met, one missed rejects.'),
  })
  .transform(({ id, target, must }, context) => {
    const { unit } = criteria.find((criterion) => criterion.id === id)! // the enum above lets no other id through
    const parsed = parseTarget(String(target), unit)
    if (typeof parsed === 'object') return { id, target: parsed, must }
    context.addIssue({ code: 'custom', path: ['target'], message: parsed })
    return z.NEVER
  })

/** `criteria`: the lines of the scorecard, each with its target. */
export const Criteria = z.array(Criterion).superRefine((list, context) => {
  const ids = list.map(({ id }) => id)
  for (const [index, id] of ids.entries())
    if (ids.indexOf(id) < index)
      context.addIssue({ code: 'custom', path: [index, 'id'], message: 'names the same criterion as an earlier one' })
  if (!list.some(({ must }) => must))
    context.addIssue({
      code: 'custom',
      path: [],
      message: 'none is a must, so nothing would decide; set must: true on those that do',
    })
})
