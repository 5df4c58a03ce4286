import { z } from 'zod'
import { day, id, text } from './values.js'

const Candidate = z.strictObject({
  id: id.describe('The id used by --platform and in every report, such as promptlayer.'),
  name: text.optional().describe('How reports call it, if not by its id.'),
})

/** `pilot`: who judges which platforms, and when. */
export const Pilot = z
  .strictObject({
    name: text.describe('The name of this pilot, as reports print it.'),
    owner: text.describe('Who answers for the decision: a name or an address.'),
    start: day.describe('First day of the window, UTC, such as 2026-03-02.'),
    end: day.describe('Last day of the window, UTC, included; two to four weeks after the start.'),
    candidates: z.array(Candidate).min(1).describe('The visibility tools under pilot, side by side.'),
    baseline: id.optional().describe('The id of what the team has today; measured as well, never decided on.'),
  })
  .superRefine(({ start, end, candidates, baseline }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (start > end) fault(['end'], 'lies before start')
    const ids = candidates.map((candidate) => candidate.id)
    for (const [index, name] of ids.entries()) {
      if (ids.indexOf(name) < index) fault(['candidates', index, 'id'], 'names the same candidate as an earlier one')
      if (name === baseline) fault(['candidates', index, 'id'], 'is the baseline too; a platform is one or the other')
    }
  })
