import { resolve } from 'node:path'
import { PilotError } from '../core/errors.js'
import type { StrataBy } from '../core/eval/stratify.js'
import type { LineProblem } from '../core/ingest-report.js'
import type { Context } from './context.js'
import { parseOrigins } from './run-origins.js'
import { readTraceFilter } from './trace-filter.js'

interface FromTracesOptions {
  platform?: string
  prompt?: string
  release?: string
  tenant?: string
  failed?: boolean
  feedback?: string
  since?: string
  until?: string
  include?: string[]
  sample?: number
  by?: StrataBy
  seed: number
  out?: string
}

/** `pilot dataset from-traces`. */
export async function runFromTraces(context: Context, options: FromTracesOptions): Promise<number> {
  const { failed, include, sample, by, seed, ...flags } = options
  if (by !== undefined && sample === undefined)
    throw new PilotError('--by spreads a sample.', { hint: `Say how many: --sample 50 --by ${by}` })
  const typed = { ...flags, ...(failed && { status: 'error' }), limit: '1' }
  const { filter, feedback } = readTraceFilter(typed, context.io.nowMs())
  const { makeDataset } = await import('../jobs/eval/make-dataset.js')
  const { caseRow } = await import('../formats/case-row.js')
  const { formatJsonLines } = await import('../reports/json.js')
  const { formatMadeDataset } = await import('../reports/dataset.js')
  const loaded = await context.loadConfig()
  const made = await makeDataset(loaded, { filter, feedback, include: parseOrigins(include), by, sample, seed })
  const { cases, ...how } = made
  const rows = cases.map(caseRow)
  const out = options.out === '-' ? undefined : options.out
  if (out !== undefined) {
    const { writeAtomically } = await import('../config/atomic-write.js')
    writeAtomically(resolve(context.io.cwd, out), formatJsonLines(rows), 0o600)
  }
  const written = { ...how, out: out ?? null, cases: cases.length, sample: sample ?? null }
  if (context.options.json) context.printJson({ schemaVersion: 1, ...written, ...(out === undefined && { rows }) })
  else if (out === undefined) {
    context.print(formatJsonLines(rows))
    context.remark(formatMadeDataset({ ...made, sample, out }, context))
  } else context.print(formatMadeDataset({ ...made, sample, out }, context))
  if (out !== undefined) context.remark(`Next: pilot dataset check ${out}`)
  return 0
}

/** `pilot dataset check`. */
export async function runCheck(context: Context, file: string): Promise<number> {
  const { checkDataset } = await import('../jobs/eval/check-dataset.js')
  const { checkedDatasetJson, formatCheckedDataset } = await import('../reports/dataset.js')
  const checked = await checkDataset(file, context.io)
  warn(context, file, checked.problems)
  if (context.options.json) context.printJson(checkedDatasetJson(checked))
  else context.print(formatCheckedDataset(checked, context))
  if (file !== '-' && checked.frozen?.isSame !== true) context.remark(`Next: pilot dataset freeze ${file}`)
  return checked.problems.length > 0 || checked.frozen?.isSame === false ? 1 : 0
}

/** `pilot dataset freeze`. */
export async function runFreeze(context: Context, file: string): Promise<number> {
  const { freezeDataset } = await import('../jobs/eval/freeze-dataset.js')
  const { formatFrozenDataset, frozenDatasetJson } = await import('../reports/dataset.js')
  const frozen = await freezeDataset(file, context.io, context.io.nowMs())
  warn(context, file, frozen.problems)
  if (context.options.json) context.printJson(frozenDatasetJson(frozen))
  else context.print(formatFrozenDataset(frozen))
  return 0
}

function warn(context: Context, file: string, problems: readonly LineProblem[]): void {
  for (const { line, message } of problems) context.warn(`problem ${line > 0 ? `${file}:${line}` : file}: ${message}`)
}
