import { type ImportedCheck, type ImportedRow, judgeImported } from '../../core/eval/imported.js'
import type { RunCase, RunCheck } from '../../core/eval/run.js'
import type { Json } from '../../core/span.js'
import { runWriter } from '../../store/evals.js'
import type { Store } from '../../store/open.js'
import { caseHash, hashOfCases } from './dataset-lock.js'
import { hashOf } from './hash.js'
import { type EditText, keptOutput, keptReason } from './imported-text.js'

interface HeldCase extends Omit<RunCase, 'id' | 'hash'> {
  inputs: Json | undefined
  reference: Json | undefined
  /** Check → the repeats that it has a result at. */
  repeats: Map<string, Set<number>>
  /** Checks of a row, as one text → the repeat that the last row of them was given. */
  next: Map<string, number>
}

interface HeldCheck {
  isPart: boolean
  thresholds: Set<number>
  /** A bare score was judged by `passFrom`. */
  usesPassFrom: boolean
  hasValue: boolean
  /** Results without a value, of what may be no check. */
  waiting: { caseId: string; repeat: number; stated: ImportedCheck }[]
}

export interface ImportOptions {
  /** The name of the runner. */
  importedFrom: string
  /** A bare score passes from here on. */
  passFrom: number
  applyText: EditText
}

/** What a run is made of once all its rows were read. */
export interface HeldRun {
  target: string
  cases: number
  casesHash: string
  checks: RunCheck[]
  firstRepeat: number
  lastRepeat: number
  results: number
  usesPassFrom: boolean
  problems: string[]
}

/**
 * Writes the rows of one run of another runner under the id `place` as they come; what is held in memory is the cases, no
 * outputs. Call it inside a transaction.
 */
export function createImportedRun(db: Store, place: string, { importedFrom, passFrom, applyText }: ImportOptions) {
  const writer = runWriter(db, place)
  const cases = new Map<string, HeldCase>()
  const checks = new Map<string, HeldCheck>()
  let target: string | undefined
  let results = 0
  let [firstRepeat, lastRepeat] = [Number.POSITIVE_INFINITY, 0]

  /** What was wrong with the row. */
  function add(row: ImportedRow): string[] {
    target ??= row.target
    const caseId = row.caseId ?? (row.inputs === undefined && row.reference === undefined ? undefined : caseHash(row))
    if (caseId === undefined) return row.checks.length === 0 ? [] : ['no case: it has neither an id nor inputs']
    if (row.repeat !== undefined && !(Number.isSafeInteger(row.repeat) && row.repeat >= 0))
      return [`case ${caseId} is at a repeat that is no whole number from 0 on: left out`]
    const held = cases.get(caseId) ?? newCase(row)
    if (row.checks.length > 0 && isOther(held, row))
      return [`case ${caseId} has other inputs or another reference here than before: left out`]
    cases.set(caseId, held)
    learn(held, row)
    if (row.checks.length === 0) return []
    const repeat = row.repeat ?? nextRepeat(held, row.checks)
    firstRepeat = Math.min(firstRepeat, repeat)
    lastRepeat = Math.max(lastRepeat, repeat)
    if (row.output) writer.output(caseId, repeat, keptOutput(row.output, applyText))
    return row.checks.flatMap((stated) => addResult({ caseId, held, repeat, stated }))
  }

  function learn(held: HeldCase, row: ImportedRow): void {
    held.inputs ??= row.inputs
    held.reference ??= row.reference
    held.tags = [...new Set([...held.tags, ...(row.tags ?? []).map(applyText)])]
    held.cluster ??= row.cluster === undefined ? undefined : applyText(row.cluster)
    held.trace ??= row.output?.trace
  }

  function addResult(at: { caseId: string; held: HeldCase; repeat: number; stated: ImportedCheck }): string[] {
    const { caseId, held, repeat, stated } = at
    const repeats = held.repeats.get(stated.check) ?? new Set()
    if (repeats.has(repeat))
      return [`a second result of check ${stated.check} for case ${caseId} at repeat ${repeat}: left out`]
    held.repeats.set(stated.check, repeats.add(repeat))
    const check = checks.get(stated.check) ?? newCheck(stated)
    checks.set(stated.check, check)
    if (stated.mayBeNone === true) check.waiting.push({ caseId, repeat, stated })
    else {
      check.hasValue = true
      check.usesPassFrom ||=
        stated.outcome === undefined && stated.score !== undefined && stated.threshold === undefined
      if (stated.threshold !== undefined) check.thresholds.add(stated.threshold)
      write(caseId, repeat, stated)
    }
    return []
  }

  function write(caseId: string, repeat: number, stated: ImportedCheck): void {
    const result = judgeImported(stated, passFrom)
    writer.result(caseId, repeat, stated.check, { ...result, reason: keptReason(result.reason, applyText) })
    results += 1
  }

  /** Ends the run: what waited for a value elsewhere is an error now, or no check at all. */
  function finish(): HeldRun {
    const problems: string[] = []
    for (const [name, check] of checks) {
      if (check.hasValue) for (const { caseId, repeat, stated } of check.waiting) write(caseId, repeat, stated)
      else {
        problems.push(`${name} has no value in any row: it is no check`)
        checks.delete(name)
      }
    }
    const hashes = [...cases].map(([id, held]): [string, string] => [id, caseHash(held)])
    for (const [id, hash] of hashes) {
      const { tags, cluster, trace } = cases.get(id)! // as it was listed above
      writer.case({ id, hash, tags, cluster, trace })
    }
    return {
      target: applyText(target ?? `imported from ${importedFrom}`),
      cases: cases.size,
      casesHash: hashOfCases(hashes),
      checks: [...checks].map(([id, check]) => ({ id, hash: hashOfCheck(id, check), gate: !check.isPart })),
      firstRepeat,
      lastRepeat,
      results,
      usesPassFrom: [...checks.values()].some(({ usesPassFrom }) => usesPassFrom),
      problems,
    }
  }

  /** Two results compare only where their scores were judged alike. */
  function hashOfCheck(check: string, { thresholds, usesPassFrom }: HeldCheck): string {
    return hashOf({
      importedFrom,
      check,
      ...(thresholds.size > 0 && { thresholds: [...thresholds].sort((a, b) => a - b) }),
      ...(usesPassFrom && { passFrom }),
    })
  }

  return { add, finish }
}

function newCase({ inputs, reference }: ImportedRow): HeldCase {
  return { inputs, reference, tags: [], repeats: new Map(), next: new Map() }
}

function newCheck({ isPart = false }: ImportedCheck): HeldCheck {
  return { isPart, thresholds: new Set(), usesPassFrom: false, hasValue: false, waiting: [] }
}

/** What is unknown on one side is no difference. */
function isOther(held: HeldCase, row: ImportedRow): boolean {
  return differ(held.inputs, row.inputs) || differ(held.reference, row.reference)
}

function differ(a: Json | undefined, b: Json | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b && hashOf(a) !== hashOf(b)
}

/** The first repeat at which none of these checks has a result, of those after the last that was given so. */
function nextRepeat(held: HeldCase, checks: readonly ImportedCheck[]): number {
  const key = checks.map(({ check }) => check).join('\n')
  let repeat = held.next.get(key) ?? 1
  while (checks.some(({ check }) => held.repeats.get(check)?.has(repeat))) repeat += 1
  held.next.set(key, repeat)
  return repeat
}
