import { z } from 'zod'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { counted } from './counted.js'
import { listed, quoted } from './text.js'

export const avoidsTool = defineCheck({
  name: 'avoids-tool',
  summary: 'none of some tools is called, with or without success',
  settings: z.strictObject({ tools: z.array(z.string().min(1)).min(1).describe('The names of the tools.') }),
  prepare({ tools }) {
    const names = [...new Set(tools)]
    return ({ output }) => {
      if (output.tools === undefined) return unscored('the tool calls are unknown')
      const calls = output.tools
      const found = names
        .map((name) => ({ name, n: calls.filter((call) => call.name === name).length }))
        .filter(({ n }) => n > 0)
      return found.length === 0
        ? verdictOf(true, `no call of ${listed(names.map(quoted))}`)
        : verdictOf(false, listed(found.map(({ name, n }) => `${quoted(name)}: ${counted(n, 'call')}`)))
    }
  },
})
