import type { Json } from '../../core/span.js'
import { isObject } from '../json.js'
import type { Leaf } from './draft.js'

/** One item of a flattened list: what follows the item's index → its leaf. */
export type Slot = Map<string, Leaf>

/** Most items that one flattened list may have; more stay plain attributes. Indices may be sparse, gaps cost nothing. */
export const maxSlots = 1000

/**
 * The items of a flattened list, `0.role`, `0.content`, `2.role` …, in numeric order. Only leaves that start with `prefix`
 * count. Linear in the number of leaves; an index is a key of a Map, never the length of a list.
 */
export function slotsOf(leaves: Iterable<Leaf>, prefix = ''): Slot[] {
  let slots: Map<number, Slot> | undefined
  for (const [rest, key, value] of leaves) {
    if (!rest.startsWith(prefix)) continue
    const end = rest.indexOf('.', prefix.length)
    const index = readIndex(rest, prefix.length, end < 0 ? rest.length : end)
    if (index === undefined) continue
    slots ??= new Map()
    let slot = slots.get(index)
    if (slot === undefined) {
      if (slots.size === maxSlots) continue
      slot = new Map()
      slots.set(index, slot)
    }
    const name = end < 0 ? '' : rest.slice(end + 1)
    slot.set(name, [name, key, value])
  }
  if (slots === undefined) return []
  return [...slots].sort(([a], [b]) => a - b).map(([, slot]) => slot)
}

function readIndex(text: string, start: number, end: number): number | undefined {
  if (end === start || end - start > 15) return undefined
  let index = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return undefined
    index = index * 10 + digit
  }
  return index
}

/** A list of objects as if it had been flattened (Phoenix writes `[{"message.role": …}]`), lists of objects inside included. */
export function leavesOfList(list: Json | undefined, key = '', prefix = ''): Leaf[] {
  if (!Array.isArray(list)) return []
  return list.slice(0, maxSlots).flatMap((item, index) => {
    if (!isObject(item)) return [[`${prefix}${index}`, `${key}.${index}`, item] as const]
    return Object.entries(item).flatMap(([name, value]) => {
      const rest = `${prefix}${index}.${name}`
      const nested = Array.isArray(value) && value.length > 0 && value.every(isObject)
      return nested ? leavesOfList(value, key, `${rest}.`) : [[rest, `${key}.${rest}`, value] as const]
    })
  })
}

/** True when every leaf landed in a field, so that the list itself need not be kept. */
export function isSpent(leaves: Leaf[], used: Set<string>): boolean {
  return leaves.every((leaf) => leaf[2] === null || used.has(leaf[1]))
}

/** The value under one of `names`, whose attribute then counts as used. */
export function take(slot: Slot, used: Set<string>, ...names: string[]): Json | undefined {
  for (const name of names) {
    const leaf = slot.get(name)
    if (leaf === undefined || leaf[2] === null) continue
    used.add(leaf[1])
    return leaf[2]
  }
  return undefined
}
