import { z } from 'zod'
import { PilotError } from '../core/errors.js'
import type { ToolUse } from '../core/eval/case.js'
import { type CheckResult, unscored, verdictOf } from '../core/eval/result.js'
import { isObject } from '../core/json.js'
import type { Json } from '../core/span.js'
import { defineCheck, type Item } from './check.js'
import { jsonOf } from './json-of.js'
import { isSameJson } from './same-json.js'
import { quoted } from './text.js'
import { type WantedCall, wantedCalls } from './tools.js'

export const toolArguments = defineCheck({
  name: 'tool-arguments',
  summary: 'a tool is called with these arguments; others may stand beside them',
  settings: z.strictObject({
    tool: z.string().min(1).optional().describe("The name of the tool; those of the case's reference, if left out."),
    arguments: z
      .record(z.string(), z.json())
      .optional()
      .describe(
        'Argument: its value, as JSON; if left out, those of the reference: {tool, arguments}, or {tools: [{name, arguments}]}.',
      ),
  }),
  prepare({ tool, arguments: given }) {
    if (tool === undefined && given !== undefined)
      throw new PilotError('tool-arguments: arguments without a tool.', { hint: 'Set tool to the name of the tool.' })
    return (item) => {
      if (item.output.tools === undefined) return unscored('the tool calls are unknown')
      const fixed = tool !== undefined && given !== undefined ? [{ name: tool, arguments: given }] : undefined
      const wanted = fixed ?? fromReference(item, tool)
      return Array.isArray(wanted) ? judgeCalls(item.output.tools, wanted) : wanted
    }
  },
})

function fromReference({ case: { reference } }: Item, tool: string | undefined): WantedCall[] | CheckResult {
  if (reference === undefined || reference === null) return unscored('the case has no reference')
  const calls = wantedCalls(reference)
  if (calls === undefined) return unscored('the reference names no tool with arguments')
  const wanted = tool === undefined ? calls : calls.filter(({ name }) => name === tool)
  if (wanted.length > 0) return wanted
  return unscored(tool === undefined ? 'the reference names no tool' : `the reference has no call of ${quoted(tool)}`)
}

/** Fails at the first call that is missing; what cannot be known decides only where nothing fails. */
function judgeCalls(calls: readonly ToolUse[], wanted: readonly WantedCall[]): CheckResult {
  const results = wanted.map((each) => judgeCall(calls, each))
  const found = results.find(({ outcome }) => outcome === 'fail') ?? results.find(({ outcome }) => outcome !== 'pass')
  if (found) return found
  return results.length === 1 ? results[0]! : verdictOf(true, `all ${results.length} calls with their arguments`)
}

function judgeCall(calls: readonly ToolUse[], wanted: WantedCall): CheckResult {
  const name = quoted(wanted.name)
  const own = calls.filter((call) => call.name === wanted.name)
  if (own.length === 0) return verdictOf(false, `no call of ${name}`)
  const faults = own.map((call) => faultsOf(call, wanted))
  const right = faults.findIndex((fault) => fault?.length === 0)
  if (right !== -1) return verdictOf(true, `call ${right + 1} of ${name} has these arguments`)
  if (faults.includes(undefined)) return unscored(`arguments of ${name} are unknown`)
  const [nearest] = faults.filter((fault) => fault !== undefined).sort((a, b) => a.length - b.length)
  return verdictOf(false, `no call of ${name} has these arguments; nearest: ${nearest?.[0]}`)
}

/** How a call differs, one text per argument; undefined where its arguments are unknown and some are wanted. */
function faultsOf(call: ToolUse, wanted: WantedCall): string[] | undefined {
  const entries = Object.entries(wanted.arguments)
  if (entries.length === 0) return []
  if (call.arguments === undefined) return undefined
  const got = jsonOf(call.arguments)
  return entries.flatMap(([key, value]) => {
    const there = isObject(got) && Object.hasOwn(got, key) ? got[key] : undefined
    if (there !== undefined && isSameJson(there, value)) return []
    return [`${quoted(key)} is ${there === undefined ? 'missing' : shown(there)}, expected ${shown(value)}`]
  })
}

function shown(value: Json): string {
  if (typeof value === 'string') return quoted(value)
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
