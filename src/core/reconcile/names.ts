import { groupModels, type ModelNames, nameOfGroup } from './model-groups.js'
import type { Cell } from './tallies.js'

/** What lines and units of one model have in common, whatever either side calls it. */
export interface ModelGroup extends ModelNames {
  /** Undefined for what names no model. */
  name: string | undefined
}

/** Which group a name belongs to. */
export interface Grouping {
  groups: ModelGroup[]
  /** True where no line of the bill names a model: then all is one group. */
  ignoresModels: boolean
  ofBilled(name: string | undefined): ModelGroup
  ofTraced(name: string | undefined): ModelGroup
}

/** Groups what both sides name. Without a model is a group of its own, and only one with itself where the bill names none at all. */
export function groupNames(billed: readonly Cell<unknown>[], traced: readonly Cell<unknown>[]): Grouping {
  const names = (cells: readonly Cell<unknown>[]) => cells.flatMap(({ model }) => model ?? [])
  const nameless: ModelGroup = { name: undefined, billed: [], traced: [], isInferred: false }
  if (names(billed).length === 0 && billed.length > 0)
    return { groups: [nameless], ignoresModels: true, ofBilled: () => nameless, ofTraced: () => nameless }
  const groups = groupModels(names(billed), names(traced)).map((group) => ({ ...group, name: nameOfGroup(group) }))
  const byBilled = new Map(groups.flatMap((group) => group.billed.map((name) => [name, group] as const)))
  const byTraced = new Map(groups.flatMap((group) => group.traced.map((name) => [name, group] as const)))
  const others = { ...nameless, name: '(others)' }
  const find = (map: Map<string, ModelGroup>) => (name: string | undefined) =>
    name === undefined ? nameless : (map.get(name) ?? others)
  return { groups, ignoresModels: false, ofBilled: find(byBilled), ofTraced: find(byTraced) }
}
