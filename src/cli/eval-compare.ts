import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { PilotError } from '../core/errors.js'
import type { Comparison } from '../core/eval/compare.js'
import type { StoredComparison } from '../jobs/eval/compare-stored.js'
import { visible } from '../reports/text.js'
import type { Context } from './context.js'
import { type OutputOptions, printsText, refuseJunit, writeComparisonOutputs } from './eval-outputs.js'

interface CompareOptions extends OutputOptions {
  file?: string
  margin?: number
  check?: string
  independent?: boolean
  force?: boolean
  seed: number
}

/** `pilot eval compare`. */
export async function runCompare(
  context: Context,
  a: string | undefined,
  b: string | undefined,
  options: CompareOptions,
): Promise<number> {
  if (options.file !== undefined) {
    refuseBeside(options.file, [a, b], options)
    return compareOfFile(context, options.file, options)
  }
  if (a === undefined || b === undefined)
    throw new PilotError('A comparison needs two runs, or a file.', {
      hint: 'pilot eval compare A B, with ids that pilot eval list shows; or pilot eval compare --file FILE',
    })
  const isText = printsText(context, options)
  refuseJunit(context, options)
  const all = await comparisonOf(context, [a, b], options)
  const names = await context.namesForProduct()
  const { comparisonForProduct } = await import('../jobs/audience/evals.js')
  const compared = names === undefined ? all : comparisonForProduct(all, names)
  const { verdictOfRuns } = await import('../reports/gate-verdicts.js')
  const verdict = verdictOfRuns(compared)
  if (context.options.json) {
    const { independentJson, runComparisonJson, runHead } = await import('../reports/eval-json.js')
    context.printJson({
      schemaVersion: 1,
      a: runHead(compared.a),
      b: runHead(compared.b),
      margin: compared.margin,
      notes: compared.notes,
      ...(compared.paired === undefined
        ? { verdict, independent: independentJson(compared.independent ?? []) }
        : runComparisonJson(compared.paired)),
    })
  } else if (isText) {
    const { formatComparedRuns } = await import('../reports/compare-runs.js')
    context.print(formatComparedRuns(compared, context))
  }
  await writeComparisonOutputs(context, compared, options)
  return verdict === 'safe' ? 0 : 1
}

async function comparisonOf(
  context: Context,
  names: readonly [string, string],
  options: CompareOptions,
): Promise<StoredComparison> {
  const how = {
    margin: options.margin,
    check: options.check,
    isIndependent: options.independent === true,
    isForced: options.force === true,
    seed: options.seed,
    nowMs: context.io.nowMs(),
  }
  if (!names.every((name) => existsSync(resolve(context.io.cwd, name)))) {
    const { compareStored } = await import('../jobs/eval/compare-stored.js')
    return compareStored(await context.loadConfig(), names, how)
  }
  const { compareFiles } = await import('../jobs/eval/compare-files.js')
  const { compared, problems } = await compareFiles(names, how, context.io)
  for (const [path, { line, message }] of problems) context.warn(`problem ${path}:${line}: ${visible(message)}`)
  return compared
}

/** One file holds both versions: what is about runs must not be taken for heeded. */
function refuseBeside(file: string, runs: readonly (string | undefined)[], options: CompareOptions): void {
  const { junit, markdown, github, independent, force } = options
  if (junit !== undefined || markdown !== undefined || github)
    throw new PilotError('--junit, --markdown and --github are about runs, not about --file.', { hint: ofTwoFiles })
  if (independent || force || runs.some((run) => run !== undefined))
    throw new PilotError(`--file ${file} holds both versions: no runs, --independent or --force beside it.`, {
      hint: ofTwoFiles,
    })
}

const ofTwoFiles = 'pilot eval compare A.jsonl B.jsonl takes the results of each version from a file of its own.'

async function compareOfFile(context: Context, file: string, options: CompareOptions): Promise<number> {
  const { margin, seed, check } = options
  const { compareFile } = await import('../jobs/eval/compare-file.js')
  const read = await compareFile(file, { margin, seed, check, world: context.io })
  const { comparedForProduct } = await import('../core/audience/evals.js')
  const compared =
    context.audience === 'product' ? { ...read, comparison: comparedForProduct(read.comparison), problems: [] } : read
  const { comparison, problems, ifLost, isRepeated } = compared
  for (const { line, message } of problems) context.warn(`problem ${file}:${line}: ${message}`)
  if (context.options.json) {
    const { fileComparisonJson } = await import('../reports/compare-json.js')
    context.printJson(fileComparisonJson(compared))
  } else {
    const { formatComparison } = await import('../reports/compare.js')
    context.print(formatComparison(comparison, context))
    if (isRepeated) context.remark('Some cases have several rows, which are taken for repeats and averaged.')
    if (ifLost !== comparison.nonInferiority)
      context.remark(`If each case that B has no result of had failed: ${ifLost}.`)
  }
  return exitCodeOf(comparison)
}

/** With a margin only what is safe passes; without one, whatever is no regression. */
function exitCodeOf({ nonInferiority, verdict }: Comparison): number {
  if (nonInferiority !== undefined) return nonInferiority === 'safe' ? 0 : 1
  return verdict === 'regression' ? 1 : 0
}
