import { z } from 'zod'
import { keyFields, questions } from '../../core/drill/questions.js'
import { duration, id, range, text } from './values.js'

const Question = z.strictObject({
  id: id.describe('How it is called in answers and reports.'),
  question: text.describe('What is asked of each incident.'),
  choices: z.array(text).min(2).optional().describe('What may be answered; free text, if left out.'),
  many: z.boolean().default(false).describe('Whether several of the choices may be right.'),
  required: z.boolean().default(false).describe('Whether a diagnosis needs it right.'),
  field: z
    .enum(keyFields)
    .optional()
    .describe('The field of the trace that answers it; without it a person confirms the answer.'),
})

const asked = questions.map((question) => question.id)

/** `drills`: timed questions on incidents. */
export const Drills = z
  .strictObject({
    incidents: range
      .prefault('5..10')
      .describe('How many incidents a drill has: as many as there are up to the second.'),
    timebox: duration.prefault('30m').describe('When an attempt ends without a diagnosis: 30m, 1h.'),
    engineers: z.number().int().min(1).max(10_000).optional().describe('Engineers in the team, for team-adoption.'),
    test: z
      .enum(['log-rank', 'sign-flip'])
      .default('log-rank')
      .describe(
        'How arms are compared, fixed before the data: log-rank on all attempts, or sign-flip on the log times of incidents that were met on both arms.',
      ),
    required: z
      .array(z.enum(asked))
      .default(questions.filter((question) => question.required).map((question) => question.id))
      .describe(`Which of ${asked.join(', ')} a diagnosis needs right; the cause always.`),
    questions: z.array(Question).default([]).describe("The team's own questions, beside the seven."),
    fail_below: z
      .record(text, z.number())
      .default({})
      .describe(
        'Name of a score: the number below which it is a failed eval. Without a bound, labels such as fail tell.',
      ),
    fail_above: z
      .record(text, z.number())
      .default({})
      .describe('Name of a score of which less is better: the number above which it is a failed eval.'),
  })
  .superRefine(({ incidents, required, questions: own }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (incidents.min < 1 || incidents.max > 100) fault(['incidents'], 'lies outside 1..100')
    if (!required.includes('cause')) fault(['required'], 'leaves out cause, without which nothing is diagnosed')
    const ids = [...asked, ...own.map((question) => question.id)]
    for (const [index, question] of own.entries())
      if (ids.indexOf(question.id) < asked.length + index)
        fault(['questions', index, 'id'], 'names the same question as an earlier one')
  })
