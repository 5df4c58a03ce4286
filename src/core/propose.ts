import { type ObservedStep, observedSteps } from './map/suggest.js'
import type { Json, Span } from './span.js'

/** Fields whose attribute differs from one application to the next, with names that say which it is (letters only). */
const keyNames = {
  tenant: /^(tenant|customer|organi[sz]ation|org|account|workspace)(id|name)?$/,
  user: /^(end)?user(id)?$/,
  session: /^(session|conversation|thread|chat)(id)?$/,
  request: /^((http)?x?request|correlation|x?correlation)(id)?$/,
  release: /^(release|(service|app|application)version|(git)?(commit)?sha|(git)?commit|revision|deployment(id)?)$/,
} as const satisfies Record<string, RegExp>
type KeyField = keyof typeof keyNames

/** What pilot.yaml may say of a workflow, with how many traces speak for it. */
export interface Proposal {
  /** All traces that were looked at, and those that `match` selects. */
  traces: number
  matched: number
  match: { root: string; service?: string; environment?: string }
  keys: ProposedKey[]
  map: ObservedStep[]
  /** Epoch milliseconds of the first and last start; undefined where no span has one. */
  startMs: number | undefined
  endMs: number | undefined
}

interface ProposedKey {
  field: KeyField
  /** Attribute paths that have it in more traces than are found without configuration, best first. */
  paths: { path: string; traces: number }[]
  /** Traces in which it is found without configuration. */
  byConvention: number
}

/** A step in fewer traces is an exception, or has an id in its name. */
const minShare = 0.1
const maxPaths = 2

/** What the spans of a real export say of the workflow in them; undefined where no span is a root. */
export function proposeWorkflow(spans: readonly Span[]): Proposal | undefined {
  const all = [...grouped(spans, ({ traceId }) => traceId).values()].flatMap((trace): Run[] => {
    const root = trace.find(({ parentId }) => parentId === undefined)
    return root ? [{ root, spans: trace }] : []
  })
  const alike = largestFirst(grouped(all, ({ root }) => JSON.stringify([root.name, root.service, root.environment])))
  // A probe or a page view may be more frequent; the workflow is where the work is. Sorting keeps the order of equals.
  const [runs] = alike.sort((a, b) => b.filter(hasWork).length - a.filter(hasWork).length)
  if (runs === undefined) return undefined
  const { name, service, environment } = runs[0]!.root // a group has at least one
  const starts = spans.flatMap(({ startMs }) => startMs ?? []).sort((a, b) => a - b)
  return {
    traces: all.length,
    matched: runs.length,
    match: { root: name, ...(service && { service }), ...(environment && { environment }) },
    keys: proposeKeys(runs),
    map: proposeMap(runs),
    startMs: starts[0],
    endMs: starts.at(-1),
  }
}

interface Run {
  root: Span
  spans: Span[]
}

function hasWork({ spans }: Run): boolean {
  return spans.some(({ kind }) => kind !== 'other')
}

function proposeKeys(runs: readonly Run[]): ProposedKey[] {
  const traces = new Map<string, number>()
  for (const { spans } of runs) {
    const paths = new Set(
      spans.flatMap(({ content }) => [...pathsIn(content.attributes), ...pathsIn(content.resource)]),
    )
    for (const path of paths) traces.set(path, (traces.get(path) ?? 0) + 1)
  }
  const fields = Object.keys(keyNames) as KeyField[] // the keys of the literal above
  return fields.map((field) => {
    const byConvention = runs.filter(({ spans }) => spans.some((span) => span[field] !== undefined)).length
    const paths = [...traces]
      .filter(([path, count]) => count > byConvention && isNamed(path, keyNames[field]))
      .sort((a, b) => b[1] - a[1])
      .slice(0, maxPaths)
    return { field, paths: paths.map(([path, count]) => ({ path, traces: count })), byConvention }
  })
}

/** The last part of a path, or the last two (`customer.id`), in letters only, is such a name. */
function isNamed(path: string, name: RegExp): boolean {
  const parts = path.toLowerCase().split('.').slice(-2)
  return [parts.at(-1)!, parts.join('')].some((part) => name.test(part.replaceAll(/[^a-z]/g, '')))
}

/** Paths of all texts and numbers, also inside objects and JSON texts, down to three levels. */
function pathsIn(value: Json | undefined, prefix = '', depth = 0): string[] {
  if (typeof value === 'string' && depth > 0 && value.startsWith('{')) return pathsIn(parsed(value), prefix, depth)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return value === undefined || value === null || value === '' ? [] : [prefix]
  if (depth === 3) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key.length > 200 ? [] : pathsIn(inner, prefix === '' ? key : `${prefix}.${key}`, depth + 1),
  )
}

function parsed(text: string): Json | undefined {
  if (text.length > 10_000) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    // Text that only looks like JSON names no path.
    return undefined
  }
}

function proposeMap(runs: readonly Run[]): ObservedStep[] {
  const steps = observedSteps()
  for (const { spans } of runs) steps.add(spans)
  return steps.result(minShare)
}

/** `Map.groupBy`, which Node 20 does not have. */
function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

function largestFirst<T>(groups: Map<string, T[]>): T[][] {
  return [...groups.values()].sort((a, b) => b.length - a.length)
}
