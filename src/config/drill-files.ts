import { z } from 'zod'
import { attemptOutcomes } from '../core/drill/attempt.js'
import { otherTools } from '../core/other-tools.js'
import { id, text } from './sections/values.js'

const Question = z.strictObject({
  id,
  text,
  form: z.enum(['text', 'one', 'many']),
  choices: z.array(text).optional(),
  required: z.boolean(),
})

/** A drill as engineers get it, as `pilot drill new --out` writes it. */
export const DrillPackFile = z.strictObject({
  pilot: z.literal('drill-pack'),
  version: z.literal(1),
  drill: id,
  arms: z.array(id).min(1),
  baseline: id.optional(),
  seed: z.number().int(),
  timeboxMs: z.number().positive(),
  engineers: z.array(text),
  questions: z.array(Question).min(1),
  incidents: z.array(z.strictObject({ id, complaint: z.array(z.string()) })).min(1),
})

const answer = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))])
  .nullable()
  .transform((given) => (given === null ? [] : Array.isArray(given) ? given.map(String) : [String(given)]))

/** Attempts that were timed by hand, as `pilot drill start --form` lays them out. */
export const AnswersFile = z.strictObject({
  drill: id.optional(),
  engineer: text,
  attempts: z.array(
    z.strictObject({
      incident: id,
      arm: id.optional(),
      complaint: z.array(z.string()).optional(),
      minutes: z.number().positive().max(100_000).nullable(),
      outcome: z.enum(attemptOutcomes).default('answered'),
      answers: z.record(z.string(), answer).default({}),
      tools: z.array(z.enum(otherTools)).nullable().default([]),
    }),
  ),
})
export type AnswersFile = z.output<typeof AnswersFile>
