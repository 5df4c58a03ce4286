import { familyOf } from '../model-name.js'

/** The names of one model on the bill and in the traces; one of the lists may be empty. */
export interface ModelNames {
  billed: string[]
  traced: string[]
  /** True where names that differ are taken for one model. */
  isInferred: boolean
}

/**
 * Which names mean one model: equal ones; and, of those that are left, names of one family (vendor prefix, dated version,
 * spelling) where there is only one model they can be. Where a family has several models that both sides name, what is left
 * of it stays alone.
 */
export function groupModels(billed: Iterable<string>, traced: Iterable<string>): ModelNames[] {
  const families = new Map<string, { billed: Set<string>; traced: Set<string> }>()
  const put = (side: 'billed' | 'traced', name: string) => {
    const key = spelling(name)
    const family = families.get(key) ?? { billed: new Set(), traced: new Set() }
    family[side].add(name)
    families.set(key, family)
  }
  for (const name of billed) put('billed', name)
  for (const name of traced) put('traced', name)
  return [...families.values()].flatMap((family) => {
    const both = [...family.billed].filter((name) => family.traced.has(name))
    const isOneSided = family.billed.size === 0 || family.traced.size === 0
    if (both.length > 1 || isOneSided) return apart(family)
    const [all, allTraced] = [[...family.billed].sort(), [...family.traced].sort()]
    return [{ billed: all, traced: allTraced, isInferred: all.length > 1 || allTraced.length > 1 || both.length === 0 }]
  })
}

/** Each name by itself. */
function apart({ billed, traced }: { billed: Set<string>; traced: Set<string> }): ModelNames[] {
  return [...new Set([...billed, ...traced])].map((name) => ({
    billed: billed.has(name) ? [name] : [],
    traced: traced.has(name) ? [name] : [],
    isInferred: false,
  }))
}

/** `Claude Haiku 4.5`, `anthropic/claude-haiku-4.5` and `claude-haiku-4-5-20251001` are spelled alike; `:free` is a plan. */
function spelling(name: string): string {
  if (name.length > 200) return name
  const dashed = name
    .trim()
    .toLowerCase()
    .replace(/:[a-z]+$/, '')
    .replaceAll(/[\s_]/g, '-')
  return familyOf(dashed).replaceAll('.', '-')
}

/** What a group is called: the name that both sides use, else the bill's. */
export function nameOfGroup({ billed, traced }: ModelNames): string {
  const both = billed.find((name) => traced.includes(name))
  return both ?? billed[0] ?? traced[0] ?? ''
}
