import { z } from 'zod'
import { day, id, text } from './values.js'

const SignOff = z.strictObject({
  reviewer: text.describe('Who signed: a name or an address.'),
  date: day.describe('The day of the sign-off, UTC; before the first production data.'),
  evidence: text.describe('Where it is written down: a ticket, a document.'),
})

const Question = z.strictObject({
  id: id
    .optional()
    .describe(
      'What pilot log security names it by; one of the usual questions, or the words of the question, if left out.',
    ),
  question: text.describe('What security asked.'),
  answer: text.optional().describe('The answer; an open question, if left out.'),
  evidence: text.optional().describe('Where the answer is proven: a document, a contract, a probe.'),
  reviewer: text.optional().describe('Who accepted the answer.'),
  date: day.optional().describe('The day of the answer, UTC.'),
  until: day.optional().describe('The last day on which the answer is valid, UTC.'),
})

/** `security`: the sign-off that comes before production data, and the questions of the review. */
export const Security = z.strictObject({
  sign_off: SignOff.optional().describe('Who allowed production data to flow, and when.'),
  questions: z
    .array(Question)
    .optional()
    .describe(
      "The team's own questions, and answers about every candidate; pilot log security records answers about one.",
    ),
})
