import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { PilotError } from '../core/errors.js'
import type { Context } from './context.js'
import { askInTerminal, printEnd, requireTerminal, shownOf } from './label-session.js'

interface ItemOptions {
  by: string
  name: string
  run?: string
  sample?: number
  seed: number
  show: string
}

/** `pilot label start`. */
export async function runStart(context: Context, options: ItemOptions & { choices: string }): Promise<number> {
  requireTerminal(
    context,
    'Labelling',
    `Without one: pilot label form --by ${options.by} --name ${options.name} --out FILE`,
  )
  const { parseChoices } = await import('../core/label-answer.js')
  const { openLabelling } = await import('../jobs/label/open.js')
  const { formatLabelItem } = await import('../reports/label-item.js')
  const choices = parseChoices(options.choices)
  const shown = await shownOf(options.show)
  const work = await openLabelling(await context.loadConfig(), taskOf(options), context.io)
  remarkWithoutOutput(context, work.withoutOutput)
  const end = await askInTerminal(context, { ...work, name: options.name, choices }, (item, width) =>
    formatLabelItem(work.textsOf(item), shown, width),
  )
  return printEnd(context, options.name, { ...end, next: 'pilot label report' })
}

/** `pilot label form`. */
export async function runForm(context: Context, options: ItemOptions & { out: string }): Promise<number> {
  const { openLabelling } = await import('../jobs/label/open.js')
  const { labelForm } = await import('../reports/label-form.js')
  const { writeAtomically } = await import('../config/atomic-write.js')
  const { by, name, out } = options
  const shown = await shownOf(options.show)
  const path = resolve(context.io.cwd, out)
  if (existsSync(path))
    throw new PilotError(`--out: ${out} is there already, and may be filled in.`, {
      hint: `Take it in by pilot ingest --as labels ${out}, or name another file.`,
    })
  const work = await openLabelling(await context.loadConfig(), taskOf(options), context.io)
  const open = work.items.filter((item) => !work.before.has(item))
  const rows = open.map((item) => ({ item, texts: work.textsOf(item) }))
  work.close()
  if (rows.length > 0) writeAtomically(path, labelForm(rows, { by, name, shown }), 0o600)
  const { withoutOutput } = work
  const written = rows.length > 0 ? out : null
  if (context.options.json)
    context.printJson({ schemaVersion: 1, name, by, out: written, items: rows.length, withoutOutput })
  else if (written === null) context.print('Nothing is left to label, so no form was written.')
  else context.print(`Outputs in ${out}, their values empty: ${rows.length}.`)
  remarkWithoutOutput(context, withoutOutput)
  context.remark(
    written === null ? 'Next: pilot label report' : `Next, when it is filled in: pilot ingest --as labels ${out}`,
  )
  return 0
}

function taskOf({ by, name, run, sample, seed }: ItemOptions) {
  return { by, name, run, sample, seed }
}

function remarkWithoutOutput(context: Context, runs: number): void {
  if (runs > 0) context.remark(`Left out, since they hold no output: ${runs} runs.`)
}

/** `pilot label report`. */
export async function runReport(
  context: Context,
  { name, file, aliases = false }: { name?: string; file?: string; aliases?: boolean },
): Promise<number> {
  const { fileLabels, storedLabels } = await import('../jobs/label/report.js')
  const { requireAnswered } = await import('../jobs/label/adjudicate.js')
  const { assembleLabelReport } = await import('../core/label-report.js')
  const { formatLabelReport, labelReportJson } = await import('../reports/label.js')
  const { visible } = await import('../reports/text.js')
  const { labels, problems, unfilled } =
    file === undefined ? storedLabels(await context.loadConfig()) : await fileLabels(file, context.io)
  for (const { line, message } of problems) context.warn(`problem ${visible(`${file}:${line}: ${message}`)}`)
  if (name !== undefined) requireAnswered(labels, name)
  const { labelsForProduct } = await import('../core/audience/labels.js')
  const names = await context.namesForProduct()
  const all = assembleLabelReport(labels, name)
  const report = names === undefined ? all : labelsForProduct(names)(all)
  if (context.options.json) context.printJson(labelReportJson(report, aliases))
  else context.print(formatLabelReport(report, { ...context, withAliases: aliases }))
  if (unfilled > 0) context.remark(`Rows without a value yet: ${unfilled}.`)
  const open = report.questions.find(({ disagreements }) => disagreements.some(({ final }) => final === undefined))
  const alone = report.questions.find(({ shared }) => shared === 0)
  if (open !== undefined) context.remark(`Next: pilot label adjudicate --name ${visible(open.name)}`)
  else
    context.remark(`Next: ${alone || labels.length === 0 ? 'pilot label start, by somebody else' : 'pilot scorecard'}`)
  return 0
}

interface AdjudicateOptions {
  name: string
  by?: string
  choices?: string
  show: string
  notes?: boolean
}

/** `pilot label adjudicate`. */
export async function runAdjudicate(context: Context, options: AdjudicateOptions): Promise<number> {
  const { name, by, notes = false } = options
  requireTerminal(
    context,
    'Adjudicating',
    'Without one: a file with item, name, value, and by adjudicated; pilot ingest --as labels takes it in.',
  )
  const { parseChoices } = await import('../core/label-answer.js')
  const { openAdjudication } = await import('../jobs/label/adjudicate.js')
  const { requireAnnotator } = await import('../jobs/label/open.js')
  const { formatGivenLabels, formatLabelItem } = await import('../reports/label-item.js')
  if (by !== undefined) requireAnnotator(by)
  const shown = await shownOf(options.show)
  const choices = options.choices === undefined ? undefined : parseChoices(options.choices)
  const work = await openAdjudication(await context.loadConfig(), { name, by }, context.io)
  const end = await askInTerminal(context, { ...work, name, choices: choices ?? work.values }, (item, width) => [
    ...formatLabelItem(work.textsOf(item), shown, width),
    ...formatGivenLabels(work.disagreements.get(item)!, notes, width), // the items are its keys
  ])
  return printEnd(context, name, { ...end, next: 'pilot label report' })
}
