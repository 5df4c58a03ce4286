import type { Readable } from 'node:stream'
import { type Case, originTrace } from '../../core/eval/case.js'
import { referenceChange } from '../../core/eval/compare.js'
import type { CheckedDataset } from '../../core/eval/dataset.js'
import { normalInputs } from '../../core/eval/normal-inputs.js'
import { mcnemarPower, settlingCases } from '../../core/stats/mcnemar.js'
import { datasetChange, readDatasetLock } from './dataset-lock.js'
import { hashOf } from './hash.js'
import { readCases } from './load-cases.js'

/** Looks through a dataset, whatever its lock says; the difference is part of what is found. */
export async function checkDataset(path: string, world: { stdin: Readable; cwd: string }): Promise<CheckedDataset> {
  const { cases, problems, hash } = await readCases(path, world)
  const lock = path === '-' ? undefined : readDatasetLock(path, world.cwd)
  const sizes = counted(cases.flatMap(({ cluster }) => (cluster === undefined ? [] : [cluster])))
  return {
    path,
    cases: cases.length,
    hash,
    frozen: lock && { ms: lock.frozenMs, isSame: lock.hash === hash, change: datasetChange(lock, cases) },
    references: cases.filter(({ reference }) => reference !== undefined).length,
    outputs: cases.filter(({ output }) => output?.value !== undefined).length,
    tags: counted(cases.flatMap(({ tags }) => tags)),
    clusters: {
      count: sizes.length,
      cases: sizes.reduce((sum, { cases: size }) => sum + size, 0),
      largest: sizes[0]?.cases ?? 0,
    },
    origins: counted(cases.map((each) => (originTrace(each) ? 'traces' : (each.origin ?? 'not stated')))),
    duplicates: duplicatesOf(cases),
    problems,
    power: {
      ...referenceChange,
      chance: mcnemarPower({ n: cases.length, ...referenceChange }),
      settling: settlingCases(referenceChange),
    },
  }
}

/** Names with how many cases have them, the most frequent first. */
function counted(names: readonly string[]): { name: string; cases: number }[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, cases]) => ({ name, cases }))
    .sort((a, b) => b.cases - a.cases || (a.name < b.name ? -1 : 1))
}

function duplicatesOf(cases: readonly Case[]): { id: string; sameAs: string }[] {
  const first = new Map<string, string>()
  return cases.flatMap(({ id, inputs }) => {
    if (inputs === undefined) return []
    const key = hashOf(normalInputs(inputs))
    const sameAs = first.get(key)
    if (sameAs !== undefined) return [{ id, sameAs }]
    first.set(key, id)
    return []
  })
}
