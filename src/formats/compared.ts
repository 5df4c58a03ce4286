import type { Json } from '../core/span.js'
import { missing } from './requests.js'
import { type Row, textCell, valueAt } from './row.js'

const caseNames = ['case', 'case_id', 'id', 'item'] as const

/** A result of one version on one case, as a file for a comparison states it. */
export interface VersionResult {
  caseId: string
  version: 'a' | 'b'
  /** 0–1, undefined where there is no run. */
  value: number | undefined
  /** Whether it was said as a pass or fail, or is 0 or 1. */
  isBinary: boolean
  /** False in rows that hold both versions: two rows of a case are repeats there too. */
  isRun: boolean
  cluster: string | undefined
  /** What was asked of the output, where the row says it. */
  check: string | undefined
}

/** The results of a row {case, a, b} (two) or {case, run, version, pass or score} (one), or what is wrong with it. */
export function readCompared(row: Row): VersionResult[] | string {
  const caseId = textCell(row, 'case', {}, caseNames)
  if (caseId === undefined) return missing('case', {}, caseNames)
  const cluster = textCell(row, 'cluster', {}, ['cluster'])
  const check = textCell(row, 'check', {}, ['check', 'metric'])
  const results: VersionResult[] = []
  const add = (version: 'a' | 'b', name: string, isRun: boolean): string | undefined => {
    const value = readValue(row, name)
    if (typeof value === 'string') return value
    results.push({ caseId, version, ...value, isRun, cluster, check })
    return undefined
  }
  const has = (name: string) => Object.hasOwn(row, name)
  if (has('a') || has('b')) return add('a', 'a', false) ?? add('b', 'b', false) ?? results
  const version = textCell(row, 'version', {}, ['version'])?.trim().toLowerCase()
  if (version !== 'a' && version !== 'b')
    return version === undefined ? 'neither a and b, nor a version' : 'version: expected A or B'
  const name = ['pass', 'score'].find(has)
  return name === undefined ? 'neither pass nor score' : (add(version, name, true) ?? results)
}

const words: Readonly<Record<string, number>> = {
  true: 1,
  pass: 1,
  passed: 1,
  yes: 1,
  false: 0,
  fail: 0,
  failed: 0,
  no: 0,
}
const noRun: ReadonlySet<string> = new Set(['', 'null', 'none', 'na', 'n/a', 'nan', 'error'])

function readValue(row: Row, name: string): Pick<VersionResult, 'value' | 'isBinary'> | string {
  const given: Json = valueAt(row, name) ?? null
  const text = typeof given === 'string' ? given.trim().toLowerCase() : given
  if (text === null || (typeof text === 'string' && noRun.has(text))) return { value: undefined, isBinary: true }
  if (typeof text === 'boolean') return { value: text ? 1 : 0, isBinary: true }
  if (typeof text === 'string' && Object.hasOwn(words, text)) return { value: words[text], isBinary: true }
  const number = typeof text === 'number' ? text : typeof text === 'string' ? Number(text) : Number.NaN
  if (!(number >= 0 && number <= 1)) return `${name}: expected true, false, a number from 0 to 1, or null`
  return { value: number, isBinary: number === 0 || number === 1 }
}
