import { z } from 'zod'
import { deploymentColumns } from '../../formats/deployments.js'
import { feedbackColumns } from '../../formats/feedback.js'
import { requestColumns } from '../../formats/requests.js'
import { scoreColumns } from '../../formats/scores.js'
import { text } from './values.js'

/** `inputs`: the columns of the application's own logs, where they go by other names than the usual ones. */
export const Inputs = z.strictObject({
  requests: z
    .strictObject({ columns: columns(requestColumns) })
    .optional()
    .describe('The request log, for pilot ingest --as requests.'),
  feedback: z
    .strictObject({ columns: columns(feedbackColumns) })
    .optional()
    .describe('The feedback log, for pilot ingest --as feedback.'),
  scores: z
    .strictObject({ columns: columns(scoreColumns) })
    .optional()
    .describe('Scores in a file of their own, for pilot ingest --as scores.'),
  deployments: z
    .strictObject({ columns: columns(deploymentColumns) })
    .optional()
    .describe('Deployments of prompts and releases, for pilot ingest --as deployments.'),
})

function columns<Field extends string>(usual: Readonly<Record<Field, readonly string[]>>) {
  const fields = Object.keys(usual) as Field[] // the keys of the formats' own tables
  const shape = fields.map((field) => [
    field,
    text.optional().describe(`The column with ${field}; else ${usual[field].join(', ')}.`),
  ])
  return z
    .strictObject(Object.fromEntries(shape) as Record<Field, z.ZodOptional<z.ZodString>>)
    .describe(
      'Our field: your column, such as time: ts. Dots reach into objects. Fields that are left out are found by their usual names.',
    )
}
