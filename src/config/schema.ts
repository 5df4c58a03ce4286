import { z } from 'zod'
import type { phaseIds } from '../core/plan-phases.js'
import { Capture, field } from './sections/capture.js'
import { Costs } from './sections/costs.js'
import { Criteria } from './sections/criteria.js'
import { Drills } from './sections/drills.js'
import { Evals, Judges } from './sections/evals.js'
import { Inputs } from './sections/inputs.js'
import { Pilot } from './sections/pilot.js'
import { Prices } from './sections/prices.js'
import { Probes } from './sections/probes.js'
import { Prompts } from './sections/prompts.js'
import { Review } from './sections/review.js'
import { Security } from './sections/security.js'
import { duration, range, text } from './sections/values.js'
import { Workflow } from './sections/workflow.js'

const Question = z.strictObject({
  question: text.describe('What cannot be answered quickly today.'),
  fields: z.array(field).min(1).describe('The fields that answer it; capture.required must ask for each.'),
})

const Coverage = z
  .strictObject({
    late_after: duration
      .prefault('5m')
      .describe('How far a trace may begin from the time of its request: 5m, 30s, 250ms, 1h.'),
  })
  .transform(({ late_after }) => ({ lateAfterMs: late_after }))

const Plan = z
  .strictObject({
    criteria: range.optional().describe('Days for criteria, workflow and map: 1..2.'),
    tracing: range.optional().describe('Days for tracing, prompt metadata, cost and latency: 3..5.'),
    evals: range.optional().describe('Days for evals, prompt versions and drills: 8..14.'),
    release: range.optional().describe('Days for release workflow, access and overhead: 15..21.'),
    decision: range.optional().describe('Days for scorecard and decision: 22..28.'),
  } satisfies Record<(typeof phaseIds)[number], z.ZodType>)
  .describe('Days of the pilot per phase, 1 is pilot.start; by default four weeks, squeezed into a shorter window.')

/**
 * pilot.yaml. Keys keep the names they have in the file; values that are written as text come out parsed: targets, ranges as
 * `{min, max}`, `coverage.late_after` as `lateAfterMs`.
 */
export const Config = z
  .strictObject({
    version: z.literal(1).describe('Version of this file format: 1.'),
    pilot: Pilot.describe('What is judged, by whom, in which window.'),
    questions: z.array(Question).optional().describe("The team's own production questions."),
    workflow: Workflow.describe('The one workflow under pilot.'),
    capture: Capture.prefault({}).describe('What is kept of each span, and under which names.'),
    inputs: Inputs.prefault({}).describe("How the application's own logs name their columns."),
    coverage: Coverage.prefault({}).describe('How requests are joined to traces.'),
    prices: Prices.prefault([]).describe('Model prices that go before the built-in table.'),
    prompts: Prompts.prefault({}).describe('What the tests of prompt versions are held against.'),
    evals: Evals.prefault({}).describe('Suites of checks, and what a release may lose.'),
    judges: Judges.default([]).describe('Models that judge outputs.'),
    drills: Drills.prefault({}).describe('Debugging drills against the clock.'),
    costs: Costs.prefault({}).describe('What the platforms themselves cost, and what that is set against.'),
    probes: Probes.prefault({}).describe('Active tests of what the platform does to the application.'),
    criteria: Criteria.describe('The criteria of this pilot, with targets fixed before the data.'),
    security: Security.prefault({}).describe('The security review.'),
    review: Review.prefault({}).describe('The meeting that decides, and what follows from it.'),
    plan: Plan.prefault({}),
  })
  .superRefine(({ pilot, costs }, context) => {
    const known = [...pilot.candidates.map(({ id }) => id), pilot.baseline]
    for (const [index, { id }] of costs.platforms.entries())
      if (!known.includes(id))
        context.addIssue({
          code: 'custom',
          path: ['costs', 'platforms', index, 'id'],
          message: `is no platform of this pilot; expected ${known.filter((each) => each !== undefined).join(', ')}`,
        })
  })
  .superRefine(({ pilot, plan }, context) => {
    const days = (Date.parse(pilot.end) - Date.parse(pilot.start)) / 86_400_000 + 1
    for (const [phase, range] of Object.entries(plan))
      if (range !== undefined && (range.min < 1 || range.max > days))
        context.addIssue({
          code: 'custom',
          path: ['plan', phase],
          message: `lies outside the window, which has days 1..${days}`,
        })
  })

/** A pilot.yaml that was found right. */
export type Config = z.output<typeof Config>
