import { z } from 'zod'
import { PilotError } from '../core/errors.js'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { counted } from './counted.js'
import { listed, quoted } from './text.js'

/** `2` is at least two; a range such as `1..3` has both its ends. */
const times = z
  .union([z.string(), z.number()])
  .transform((written) => /^(\d{1,6})(?:\.\.(\d{1,6}))?$/.exec(String(written)))
  .refine(
    (match) => match !== null && Number(match[2] ?? match[1]) >= Number(match[1]),
    'expected a number such as 2, or a range such as 1..3',
  )
  .transform((match) => ({ min: Number(match?.[1]), max: Number(match?.[2] ?? Number.POSITIVE_INFINITY) }))

export const callsTool = defineCheck({
  name: 'calls-tool',
  summary: 'a tool is called, or each of several',
  settings: z.strictObject({
    tool: z.string().min(1).optional().describe('The name of the tool.'),
    tools: z.array(z.string().min(1)).min(1).optional().describe('Several tools; each has to be called.'),
    times: times.prefault(1).describe('How often each is called: 2 for at least two, or a range such as 1..3.'),
    ok: z.boolean().default(false).describe('Whether only calls without an error count.'),
  }),
  prepare({ tool, tools = [], times: { min, max }, ok }) {
    const names = [...new Set([...(tool === undefined ? [] : [tool]), ...tools])]
    if (names.length === 0) throw new PilotError('calls-tool: there is no tool.', { hint: 'Set tool or tools.' })
    const wanted = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
    return ({ output }) => {
      if (output.tools === undefined) return unscored('the tool calls are unknown')
      const good = output.tools.filter(({ isError }) => !ok || isError !== true)
      const found = names.map((name) => ({ name, n: good.filter((call) => call.name === name).length }))
      const wrong = found.filter(({ n }) => n < min || n > max)
      const shown = (wrong.length > 0 ? wrong : found).map(
        ({ name, n }) => `${quoted(name)}: ${counted(n, 'call')}${ok ? ' without error' : ''}`,
      )
      return verdictOf(wrong.length === 0, `${listed(shown)}; expected ${wanted}`)
    }
  },
})
