import { z } from 'zod'
import { attemptColumns } from '../../formats/attempts.js'
import { billingColumns } from '../../formats/billing/other.js'
import { deploymentColumns } from '../../formats/deployments.js'
import { feedbackColumns } from '../../formats/feedback.js'
import { labelColumns } from '../../formats/labels.js'
import { logColumns } from '../../formats/log.js'
import { fixedFields, type MappedField, mappedFields } from '../../formats/mapped/fields.js'
import { requestColumns } from '../../formats/requests.js'
import { scoreColumns } from '../../formats/scores.js'
import { text } from './values.js'

function perField<Field extends MappedField>(fields: readonly Field[], describe: (field: Field) => string) {
  const shape = fields.map((field) => [field, text.optional().describe(describe(field))])
  return z.strictObject(Object.fromEntries(shape) as Record<Field, z.ZodOptional<z.ZodString>>)
}

const Traces = z
  .strictObject({
    columns: perField(
      Object.keys(mappedFields) as MappedField[], // the keys of the formats' own table
      (field) => `Where a record has it (${mappedFields[field]}); dots reach inside: steps.0.model.`,
    )
      .extend({
        trace_id: text.describe(
          'Where a record has the id of the run; records without a value are not read by this mapping.',
        ),
        start: text.describe('Where a record has the time at which it began: ISO 8601 or epoch.'),
      })
      .describe('Our field: the path of its value in your record.'),
    values: perField(
      fixedFields,
      (field) => `What every record has (${mappedFields[field]}), where its column says nothing.`,
    )
      .prefault({})
      .describe('Our field: a fixed value.'),
    list: text.optional().describe('The key under which the records of one document stand in a list.'),
  })
  .describe('Field paths of a home-grown log.')

/** `inputs`: the columns of the application's own logs and of bills, where they go by other names than the usual ones. */
export const Inputs = z.strictObject({
  traces: Traces.optional().describe('A home-grown log of traces, for pilot ingest; platforms need no mapping.'),
  requests: z
    .strictObject({ columns: columns(requestColumns) })
    .optional()
    .describe('The request log, for pilot ingest --as requests.'),
  feedback: z
    .strictObject({ columns: columns(feedbackColumns) })
    .optional()
    .describe('The feedback log, for pilot ingest --as feedback.'),
  billing: z
    .strictObject({ columns: columns(billingColumns) })
    .optional()
    .describe("A provider's or gateway's usage or costs, for pilot ingest --as billing."),
  scores: z
    .strictObject({ columns: columns(scoreColumns) })
    .optional()
    .describe('Scores in a file of their own, for pilot ingest --as scores.'),
  deployments: z
    .strictObject({ columns: columns(deploymentColumns) })
    .optional()
    .describe('Deployments of prompts and releases, for pilot ingest --as deployments.'),
  attempts: z
    .strictObject({ columns: columns(attemptColumns) })
    .optional()
    .describe('Attempts at drills that were timed by hand, for pilot ingest --as attempts.'),
  labels: z
    .strictObject({ columns: columns(labelColumns) })
    .optional()
    .describe("People's judgements, for pilot ingest --as labels."),
  log: z
    .strictObject({ columns: columns(logColumns) })
    .optional()
    .describe('Hours, tasks, use and answers that people logged, for pilot ingest --as log.'),
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
