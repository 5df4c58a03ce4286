import type { LoadedConfig } from '../../config/load.js'
import { PilotError } from '../../core/errors.js'
import { compareIndependent, type IndependentComparison } from '../../core/eval/compare-independent.js'
import { compareRuns, type RunComparison, type WholeRun } from '../../core/eval/compare-runs.js'
import type { EvalRun } from '../../core/eval/run.js'
import { seededRandom } from '../../core/seeded-random.js'
import { saveRun } from '../../store/evals.js'
import { readCertificates } from '../../store/judges.js'
import type { Store } from '../../store/open.js'
import { workspaceOf } from '../workspace.js'
import { findPair, openRun } from './find-run.js'

export interface StoredComparison {
  /** Undefined for other cases: then `independent` holds. */
  paired: RunComparison | undefined
  independent: IndependentComparison[] | undefined
  a: EvalRun
  b: EvalRun
  margin: number
  /** What its reader has to know: what was forced, what is not whole. */
  notes: string[]
}

export interface CompareOptions {
  margin: number | undefined
  check: string | undefined
  isIndependent: boolean
  isForced: boolean
  seed: number
  nowMs: number
}

/** Compares two runs of the store. Throws `PilotError` (exit 2) where they are not comparable; forcing it is recorded with B. */
export function compareStored(
  loaded: LoadedConfig,
  [namedA, namedB]: readonly [string, string],
  options: CompareOptions,
): StoredComparison {
  const db = workspaceOf(loaded).open(options.isForced ? 'write' : 'read')
  try {
    const [a, b] = findPair(db, [namedA, namedB]).map((run) => openRun(db, run)) as [WholeRun, WholeRun] // two in, two out
    return compareOpened(db, [a, b], { ...options, margin: options.margin ?? loaded.config.evals.margin })
  } finally {
    db.close()
  }
}

/** Compares two whole runs that stand in `db`; forcing it is recorded there. */
export function compareOpened(
  db: Store,
  [a, b]: readonly [WholeRun, WholeRun],
  options: CompareOptions & { margin: number },
): StoredComparison {
  if (a.run.id === b.run.id)
    throw new PilotError(`${a.run.id} would be compared with itself.`, { hint: 'pilot eval list names all runs.' })
  const { margin, check, isIndependent, isForced } = options
  const faults = isIndependent ? checkFaults(a, b) : [...caseFaults(a, b), ...checkFaults(a, b)]
  if (faults.length > 0 && !isForced)
    throw new PilotError(`${a.run.id} and ${b.run.id} are not comparable: ${faults.join('; ')}.`, {
      hint: 'Run the same suite for both. --independent compares other cases, --force what they share; it is recorded.',
    })
  if (faults.length > 0) recordForce(db, [a.run, b.run], faults)
  const parts = {
    ...{ margin, check },
    certificates: readCertificates(db),
    nowMs: options.nowMs,
    random: seededRandom(options.seed),
  }
  const notes = [...faults.map((fault) => `forced, although ${fault}`), ...[a, b].flatMap(({ run }) => partNote(run))]
  const both = { a: a.run, b: b.run, margin, notes }
  if (isIndependent) return { ...both, paired: undefined, independent: some(compareIndependent(a, b, parts), check) }
  const paired = compareRuns(a, withoutChanged(b, a), parts)
  some(paired.checks, check)
  return { ...both, paired, independent: undefined }
}

function recordForce(db: Store, [a, b]: readonly [EvalRun, EvalRun], faults: readonly string[]): void {
  const note = `compared with ${a.id} by --force, although ${faults.join('; ')}`
  if (!b.notes.includes(note)) saveRun(db, { ...b, notes: [...b.notes, note] })
}

/** A case that has the same id and another input is another case. */
function withoutChanged(run: WholeRun, { cases }: WholeRun): WholeRun {
  const hashes = new Map(cases.map(({ id, hash }) => [id, hash]))
  const changed = new Set(
    run.cases.filter(({ id, hash }) => hashes.has(id) && hashes.get(id) !== hash).map(({ id }) => id),
  )
  return changed.size === 0 ? run : { ...run, results: run.results.filter(({ caseId }) => !changed.has(caseId)) }
}

function some<Compared>(checks: Compared[], wanted: string | undefined): Compared[] {
  if (checks.length > 0) return checks
  throw new PilotError(
    wanted === undefined ? 'The runs have no check in common.' : `The runs have no check ${wanted} in common.`,
    { hint: 'pilot eval show names the checks of a run.' },
  )
}

function partNote({ id, finishedMs }: EvalRun): string[] {
  return finishedMs === undefined ? [`${id} was cut off and is not whole`] : []
}

function caseFaults(a: WholeRun, b: WholeRun): string[] {
  if (a.run.casesHash === b.run.casesHash) return []
  const ofA = new Map(a.cases.map(({ id, hash }) => [id, hash]))
  const ofB = new Map(b.cases.map(({ id, hash }) => [id, hash]))
  const changed = [...ofB].filter(([id, hash]) => ofA.has(id) && ofA.get(id) !== hash).length
  const [onlyA, onlyB] = [
    a.cases.filter(({ id }) => !ofB.has(id)).length,
    b.cases.filter(({ id }) => !ofA.has(id)).length,
  ]
  const parts = [
    ...(onlyA > 0 ? [`${onlyA} only in ${a.run.id}`] : []),
    ...(onlyB > 0 ? [`${onlyB} only in ${b.run.id}`] : []),
    ...(changed > 0 ? [`${changed} with other inputs or reference`] : []),
  ]
  return [`the cases differ (${parts.join(', ') || 'in their ids'})`]
}

function checkFaults(a: WholeRun, b: WholeRun): string[] {
  const hashes = new Map(a.run.checks.map(({ id, hash }) => [id, hash]))
  const differing = b.run.checks.filter(({ id, hash }) => hashes.has(id) && hashes.get(id) !== hash).map(({ id }) => id)
  const inB = new Set(b.run.checks.map(({ id }) => id))
  const dropped = a.run.checks.filter(({ id, gate }) => gate && !inB.has(id)).map(({ id }) => id)
  return [
    ...(differing.length === 0 ? [] : [`the settings of ${differing.join(', ')} differ`]),
    ...(dropped.length === 0 ? [] : [`${b.run.id} has no check ${dropped.join(', ')}`]),
  ]
}
