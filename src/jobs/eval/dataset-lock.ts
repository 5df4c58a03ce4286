import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodes, PilotError } from '../../core/errors.js'
import type { Case } from '../../core/eval/case.js'
import type { DatasetChange } from '../../core/eval/dataset.js'
import { hashOf } from './hash.js'

/** What a dataset was when it was frozen. */
export interface DatasetLock {
  hash: string
  /** Epoch milliseconds. */
  frozenMs: number
  /** Case id → hash of its inputs and reference. */
  cases: ReadonlyMap<string, string>
}

/** A hash of what a case asks and what is right: another makes another case of the same id. */
export function caseHash({ inputs, reference }: Pick<Case, 'inputs' | 'reference'>): string {
  return hashOf([inputs, reference])
}

/** A hash of the ids, inputs and references of all cases, in whatever order they stand. */
export function casesHash(cases: readonly Case[]): string {
  return hashOfCases(cases.map((each): [string, string] => [each.id, caseHash(each)]))
}

/** The same of ids with the hashes of their cases: the texts of a large dataset are longer than a string may be. */
export function hashOfCases(hashes: readonly (readonly [id: string, hash: string])[]): string {
  return hashOf([...hashes].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Where the lock of a dataset stands. */
export function lockPath(path: string): string {
  return `${path}.lock`
}

/** The lock beside a dataset; undefined where there is none. Throws `PilotError` (exit 2) for one that is damaged. */
export function readDatasetLock(path: string, cwd: string): DatasetLock | undefined {
  let text: string
  try {
    text = readFileSync(resolve(cwd, lockPath(path)), 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    throw new PilotError(`Cannot read ${lockPath(path)}: ${code}.`, { hint: 'Check the file.', exitCode: exitCodes.io })
  }
  const lock = parseLock(text)
  if (lock !== undefined) return lock
  throw new PilotError(`${lockPath(path)} is no lock of a dataset.`, {
    hint: `Take it from a copy, or remove it and freeze again: pilot dataset freeze ${path}`,
  })
}

/** The text of a lock. */
export function formatDatasetLock({ hash, frozenMs, cases }: DatasetLock): string {
  const sorted = [...cases].sort(([a], [b]) => (a < b ? -1 : 1))
  const lock = { schemaVersion: 1, hash, frozenAt: new Date(frozenMs).toISOString(), cases: Object.fromEntries(sorted) }
  return `${JSON.stringify(lock, null, 2)}\n`
}

function parseLock(text: string): DatasetLock | undefined {
  let value: { hash?: unknown; frozenAt?: unknown; cases?: unknown } | null
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  const { hash, frozenAt, cases } = value ?? {}
  if (typeof hash !== 'string' || typeof frozenAt !== 'string' || typeof cases !== 'object' || cases === null)
    return undefined
  const entries = Object.entries(cases)
  const frozenMs = Date.parse(frozenAt)
  if (Number.isNaN(frozenMs) || entries.some(([, each]) => typeof each !== 'string')) return undefined
  return { hash, frozenMs, cases: new Map(entries) }
}

/** What became of the cases since. */
export function datasetChange({ cases: frozen }: DatasetLock, cases: readonly Case[]): DatasetChange {
  const now = new Map(cases.map((each) => [each.id, caseHash(each)]))
  const ids = [...now.keys()]
  return {
    changed: ids.filter((id) => frozen.has(id) && frozen.get(id) !== now.get(id)).length,
    added: ids.filter((id) => !frozen.has(id)).length,
    removed: [...frozen.keys()].filter((id) => !now.has(id)).length,
  }
}
