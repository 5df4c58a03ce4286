import type { ImportedCheck, ImportedRow } from '../../core/eval/imported.js'
import { isObject } from '../json.js'
import type { Row } from '../row.js'
import { firstOf, isNothing, known, numberOf, outcomeOf, tagsOf, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

const columns = {
  case: ['case', 'case_id', 'caseId', 'id', 'item'],
  repeat: ['repeat', 'run', 'trial'],
  check: ['check', 'metric'],
  pass: ['pass', 'passed', 'success', 'outcome'],
  score: ['score'],
  reason: ['reason'],
  run: ['run_name', 'version'],
} as const

const lists = ['rows', 'results', 'data'] as const

/** One row per case, repeat and check, from whatever wrote it. */
export const rows: EvalFormat = {
  name: 'rows',
  title:
    'Rows from any runner, as JSONL or CSV: case (or id, item), run (trial, repeat), check (metric), pass (passed, success: ' +
    'true, false, 1, 0, yes, no) or score, reason, version (run_name), tags, cluster, model, input, expected, output',
  containers: new Set(lists.map((list) => `/${list}`)),
  rows(record) {
    const list = lists.map((name) => record[name]).find(Array.isArray)
    return Array.isArray(list) && !detects(record) ? list : [record]
  },
  detects,
  read,
}

function detects(row: Row): boolean {
  const has = (names: readonly string[]) => names.some((name) => Object.hasOwn(row, name))
  return has(columns.case) && (has(columns.pass) || has(columns.score))
}

function read(row: Row): ImportedRow | string {
  const caseId = wordOf(firstOf(row, columns.case))
  if (caseId === undefined) return 'no case: expected a column case, id or item'
  const stated = firstOf(row, columns.repeat)
  const repeat = numberOf(stated)
  if (stated !== undefined && (repeat === undefined || !Number.isSafeInteger(repeat) || repeat < 0))
    return 'the run is no whole number: a name of a run goes into the column version'
  const check = readCheck(row)
  if (typeof check === 'string') return check
  const run = wordOf(firstOf(row, columns.run))
  const output = firstOf(row, ['output', 'response', 'answer'])
  return {
    run,
    target: wordOf(firstOf(row, ['target', 'model'])) ?? run,
    caseId,
    repeat,
    inputs: firstOf(row, ['inputs', 'input', 'question']),
    reference: firstOf(row, ['expected', 'reference']),
    tags: tagsOf(row.tags),
    cluster: wordOf(row.cluster),
    output: known({ value: output, failure: isObject(row.error) ? undefined : wordOf(row.error) }),
    checks: [check],
  }
}

function readCheck(row: Row): ImportedCheck | string {
  const check = wordOf(firstOf(row, columns.check)) ?? 'score'
  const reason = wordOf(firstOf(row, columns.reason))
  const [said, value] = [firstOf(row, columns.pass), firstOf(row, columns.score)]
  const [outcome, score] = [outcomeOf(said), numberOf(value)]
  if (!isNothing(said) && outcome === undefined) return 'pass is none of true, false, 1, 0, yes, no, pass, fail, error'
  if (!isNothing(value) && score === undefined) return 'the score is no number'
  return { check, outcome, score, threshold: numberOf(row.threshold), reason }
}
