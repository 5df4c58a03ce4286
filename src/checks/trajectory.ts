import { z } from 'zod'
import { type CheckResult, unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck, type Item } from './check.js'
import { counted } from './counted.js'
import { listed, quoted } from './text.js'
import { wantedCalls } from './tools.js'

/** Match → how the calls differ from what is wanted, undefined where they do not. */
const differences = {
  'exact-order': differsInOrder,
  'same-multiset': differsInCounts,
  'contains-in-order': lacksInOrder,
  'only-allowed': isNotAllowed,
} satisfies Record<string, (got: readonly string[], wanted: readonly string[]) => string | undefined>

const matches = Object.keys(differences) as [keyof typeof differences] // the keys of the literal above

export const trajectory = defineCheck({
  name: 'trajectory',
  summary: 'the tools are called in the way that is expected',
  settings: z.strictObject({
    match: z
      .enum(matches)
      .describe(
        'exact-order: these calls and no others; same-multiset: in any order; contains-in-order: others may come between; only-allowed: no tool but these.',
      ),
    tools: z
      .array(z.string().min(1))
      .optional()
      .describe("The names of the tools; those of the case's reference (a list, or {tools: list}), if left out."),
  }),
  prepare({ match, tools }) {
    return (item) => {
      if (item.output.tools === undefined) return unscored('the tool calls are unknown')
      const wanted = tools ?? fromReference(item)
      if (!Array.isArray(wanted)) return wanted
      const got = item.output.tools.map(({ name }) => name)
      const difference = differences[match](got, wanted)
      return difference === undefined
        ? verdictOf(true, `${counted(got.length, 'call')} as expected`)
        : verdictOf(false, difference)
    }
  },
})

function fromReference({ case: { reference } }: Item): string[] | CheckResult {
  if (reference === undefined || reference === null) return unscored('the case has no reference')
  return wantedCalls(reference)?.map(({ name }) => name) ?? unscored('the reference is no list of tools')
}

function differsInOrder(got: readonly string[], wanted: readonly string[]): string | undefined {
  for (let at = 0; at < Math.max(got.length, wanted.length); at++)
    if (got[at] !== wanted[at])
      return `call ${at + 1} is ${nameOr(got[at], 'missing')}, expected ${nameOr(wanted[at], 'none')}`
  return undefined
}

function differsInCounts(got: readonly string[], wanted: readonly string[]): string | undefined {
  const [had, asked] = [countNames(got), countNames(wanted)]
  for (const name of new Set([...wanted, ...got])) {
    const [n, expected] = [had.get(name) ?? 0, asked.get(name) ?? 0]
    if (n !== expected) return `${quoted(name)}: ${counted(n, 'call')}, expected ${expected}`
  }
  return undefined
}

function lacksInOrder(got: readonly string[], wanted: readonly string[]): string | undefined {
  let next = 0
  for (const [at, name] of wanted.entries()) {
    const found = got.indexOf(name, next)
    if (found === -1) return `no call of ${quoted(name)}${at === 0 ? '' : ` after ${quoted(wanted[at - 1]!)}`}`
    next = found + 1
  }
  return undefined
}

function isNotAllowed(got: readonly string[], wanted: readonly string[]): string | undefined {
  const allowed = new Set(wanted)
  const at = got.findIndex((name) => !allowed.has(name))
  if (at === -1) return undefined
  return `call ${at + 1} is ${quoted(got[at]!)}, allowed: ${listed(wanted.map(quoted)) || 'none'}`
}

function nameOr(name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : quoted(name)
}

function countNames(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
