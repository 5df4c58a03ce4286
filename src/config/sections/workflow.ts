import { z } from 'zod'
import { taskFeedback } from '../../core/completed.js'
import { spanKinds } from '../../core/span.js'
import { range, text } from './values.js'

const Match = z
  .strictObject({
    root: text.optional().describe('Name of the root span; * in front or at the end stands for anything.'),
    service: text.optional().describe('service.name of the root span, exactly.'),
    environment: text.optional().describe('Environment of the run, exactly, such as production.'),
    workflow: text.optional().describe('Workflow name in the metadata of the run, exactly.'),
  })
  .describe(
    'Which traces belong to the workflow: all that is named here must fit. Other traces are stored, and measured never.',
  )

const Volume = z
  .strictObject({
    min: z
      .int()
      .min(1)
      .describe('Fewest production requests for a decision; "no exception" means something from here on.'),
    max: z.int().min(1).describe('As many production requests as are needed; more settle nothing further.'),
  })
  .refine(({ min, max }) => min <= max, { path: ['max'], message: 'is less than min' })
  .describe('Production requests wanted in the window; replayed and synthetic ones are counted apart.')

const Step = z.strictObject({
  step: text.describe('Name of the span, or as a step: chat is chat gpt-4.1 too, lookup is execute_tool lookup.'),
  kind: z.enum(spanKinds).describe('Kind of the span.'),
  under: text
    .optional()
    .describe('Name of the span that it stands below, plumbing of kind other passed over; any, if left out.'),
  times: range.optional().describe('How often it occurs in one trace: 1..3, or 1; any number, if left out.'),
  prompt: text.optional().describe('Name of the prompt template that it uses.'),
  models: z.array(text).min(1).optional().describe('Models that it asks, as requested.'),
  fallbacks: z.array(text).min(1).optional().describe('Models that answer when those fail.'),
})

const isAnyWritten = (value: object) => Object.values(value).some((each) => each !== undefined)

const CompletionScore = z
  .strictObject({
    name: text.describe('Name of the score, or suite/check of an eval on recorded runs.'),
    min: z.number().optional().describe('At least this value.'),
    max: z.number().optional().describe('At most this value.'),
    label: text.optional().describe('This label, exactly.'),
  })
  .refine(({ name: _, ...bounds }) => isAnyWritten(bounds), 'says only a name; expected min, max or label too')
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    path: ['max'],
    message: 'is less than min',
  })
  .describe('Every score of this name fits; a run without one is unknown.')

const CompletionFeedback = z
  .strictObject({
    not: z.array(z.enum(taskFeedback)).min(1).optional().describe('None of these; a run without feedback has none.'),
    any: z.array(z.enum(taskFeedback)).min(1).optional().describe('One of these; a run without feedback is unknown.'),
  })
  .refine(isAnyWritten, 'names nothing; expected not or any')
  .describe('What users said of the run.')

const Completed = z
  .strictObject({
    status: z.literal('ok').optional().describe('The root span did not fail; not asked for unless it is written.'),
    step: text.optional().describe('This step was reached, and did not fail the last time.'),
    without_step: text.optional().describe('This step was not reached.'),
    score: CompletionScore.optional(),
    feedback: CompletionFeedback.optional(),
  })
  .refine(isAnyWritten, 'names no condition; expected status, step, without_step, score or feedback')
  .describe('When a run is a completed task: all that is named here must hold. By default, status: ok.')

/** `workflow`: the one workflow under pilot, and what one good trace of it looks like. */
export const Workflow = z.strictObject({
  name: text.describe('The one workflow of this pilot.'),
  entry: text.optional().describe('Where a request comes in, such as POST /chat.'),
  destination: text.optional().describe('Where the output goes, such as the reply to the customer.'),
  existing_logs: z.array(text).optional().describe('Logs, traces, metrics and feedback that exist without the tool.'),
  context_sources: z.array(text).optional().describe('Where context comes from: indexes, databases, other APIs.'),
  match: Match,
  volume: Volume.prefault({ min: 500, max: 2000 }),
  completed: Completed.optional(),
  map: z.array(Step).optional().describe('The steps of one good trace.'),
})
