import { z } from 'zod'
import { day, text } from './values.js'

const SignOff = z.strictObject({
  reviewer: text.describe('Who signed: a name or an address.'),
  date: day.describe('The day of the sign-off, UTC; before the first production data.'),
  evidence: text.describe('Where it is written down: a ticket, a document.'),
})

const Question = z.strictObject({
  question: text.describe('What security asked.'),
  answer: text.optional().describe('The answer; an open question, if left out.'),
  evidence: text.optional().describe('Where the answer is proven: a document, a contract, a probe.'),
  reviewer: text.optional().describe('Who accepted the answer.'),
})

/** `security`: the sign-off that comes before production data, and the questions of the review. */
export const Security = z.strictObject({
  sign_off: SignOff.optional().describe('Who allowed production data to flow, and when.'),
  questions: z.array(Question).optional().describe('The questions of the review; one without an answer is open.'),
})
