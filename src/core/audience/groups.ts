import type { Group } from '../evidence.js'
import { fewestRuns } from './audiences.js'
import type { Names } from './names.js'

/** Dimensions of which every value is somebody. */
const people = new Set(['tenant', 'user'])

/** Groups whose names may be shown; the rest is one group, and tenants and users are numbered by their runs. */
export function groupsForProduct(dimension: string, groups: readonly Group[], names: Names): Group[] {
  return people.has(dimension)
    ? numbered(dimension, groups)
    : folded(groups, ({ key }) => names.isShown(key) || isPromptShown(key, names), 'others')
}

function isPromptShown(key: string, names: Names): boolean {
  const at = key.lastIndexOf('@')
  return at > 0 && names.isShown(key.slice(0, at)) && names.isShown(key.slice(at + 1))
}

function numbered(dimension: string, groups: readonly Group[]): Group[] {
  const seen = numberedByRuns(
    dimension,
    groups.map((group) => ({ ...group, runs: group.errors.n })),
  ).map(({ runs: _, ...group }) => group)
  const small = groups.filter(({ errors }) => errors.n < fewestRuns)
  return [...seen, ...together(small, `groups of fewer than ${fewestRuns} runs`)]
}

/** Groups of tenants or users that are large enough, the most runs first, and called by their place: the same in every table. */
export function numberedByRuns<T extends { key: string; runs: number }>(dimension: string, groups: readonly T[]): T[] {
  return groups
    .filter(({ runs }) => runs >= fewestRuns)
    .sort((a, b) => b.runs - a.runs || (a.key < b.key ? -1 : 1))
    .map((group, place) => ({ ...group, key: `${dimension} ${place + 1}` }))
}

function folded(groups: readonly Group[], isShown: (group: Group) => boolean, key: string): Group[] {
  return [
    ...groups.filter(isShown),
    ...together(
      groups.filter((group) => !isShown(group)),
      key,
    ),
  ]
}

/** Groups as one; none while even together they have too few runs. */
function together(groups: readonly Group[], key: string): Group[] {
  const sum = sumOf(groups, key)
  return sum.errors.n >= fewestRuns ? [sum] : []
}

function sumOf(groups: readonly Group[], key: string): Group {
  const sum = (read: (group: Group) => number) => groups.reduce((total, group) => total + read(group), 0)
  const sample = (read: (group: Group) => Group['latencyMs']) => ({
    values: groups.flatMap((group) => read(group).values),
    unknown: sum((group) => read(group).unknown),
  })
  return {
    key,
    latencyMs: sample(({ latencyMs }) => latencyMs),
    costUsd: sample(({ costUsd }) => costUsd),
    errors: { x: sum(({ errors }) => errors.x), n: sum(({ errors }) => errors.n) },
    tokens: { input: sum(({ tokens }) => tokens.input), output: sum(({ tokens }) => tokens.output) },
  }
}
