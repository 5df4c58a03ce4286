import type { Json } from '../../core/span.js'
import { addSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { readRowScores } from './judgements.js'
import { readRow } from './row.js'

/** True for a snapshot of the SDK's own tests: spans nested in each other, without ids and times. */
export function isTree({ span_tree: tree }: JsonObject): boolean {
  return Array.isArray(tree) && isObject(tree[0]) && Array.isArray(tree[0].children)
}

/**
 * The spans of a snapshot. Each tree is a trace; its id is made of its content, so that the same snapshot is the same trace, and
 * the id of a span is its place in the tree.
 */
export function readTree({ span_tree: tree }: JsonObject, keys: KeyPaths, reading: Reading): void {
  if (!Array.isArray(tree)) return
  const taken = new Map<string, number>()
  for (const [index, root] of tree.entries()) {
    const id = fingerprint(JSON.stringify(root))
    const times = taken.get(id) ?? 0
    taken.set(id, times + 1)
    const traceId = times === 0 ? id : `${id}-${times}`
    readBranch({ branch: root, traceId, path: '0', parentId: undefined, at: `span_tree.${index}.` }, keys, reading)
  }
}

interface Branch {
  branch: Json
  traceId: string
  path: string
  parentId: string | undefined
  at: string
}

/** Depth is bounded by the record's. */
function readBranch({ branch, traceId, path, parentId, at }: Branch, keys: KeyPaths, reading: Reading): void {
  if (!isObject(branch)) {
    reading.problems.push(`${at.slice(0, -1)}: expected an object`)
    return
  }
  const place = { traceId, spanId: path, parentId, versions: 0, at }
  addSpan(reading, readRow(branch, place, reading), keys, at)
  readRowScores(branch, { traceId, spanId: path }, false, reading, at)
  const children = Array.isArray(branch.children) ? branch.children : []
  for (const [index, child] of children.entries())
    readBranch(
      { branch: child, traceId, path: `${path}.${index}`, parentId: path, at: `${at}children.${index}.` },
      keys,
      reading,
    )
}

/** 64 bits of a text in hex: two rounds of FNV-1a over its UTF-16, from different starts. No secret, only a name. */
function fingerprint(text: string): string {
  let [low, high] = [0x811c9dc5, 0x050c5d1f]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ (code + index), 0x01000193)
  }
  return [low, high].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
