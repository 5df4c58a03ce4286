import { resolve } from 'node:path'
import type { Scorecard } from '../../core/scorecard.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

interface Options {
  markdown?: boolean
  explain?: string | boolean
  output?: string
}

export const scorecard: AddCommand = (program, run) => {
  program
    .command('scorecard')
    .summary('the review: every line, its evidence, and adopt, extend or reject')
    .description(
      'Judges each criterion by its whole interval against the target fixed before the data; what was not measured says so, with the command that would measure it. Exits 1 if a candidate is rejected once the pilot is over.',
    )
    .option('--markdown', 'as Markdown, for the minutes')
    .option('--explain [criterion]', 'print the evidence behind one criterion, or behind all')
    .option('-o, --output <file>', 'write it to a file')
    .addHelpText(
      'after',
      examples(
        'pilot scorecard',
        'pilot scorecard --explain trace-coverage',
        'pilot scorecard --markdown -o review.md',
      ),
    )
    .action(run(runScorecard))
}

async function runScorecard(context: Context, options: Options): Promise<number> {
  const { readScorecard } = await import('../../jobs/scorecard.js')
  const card = readScorecard(await context.loadConfig(), context.io.nowMs())
  const text = await textOf(card, context, options)
  if (options.output === undefined) context.print(text)
  else {
    const { writeAtomically } = await import('../../config/atomic-write.js')
    writeAtomically(resolve(context.io.cwd, options.output), text, 0o600)
    context.remark(`Wrote ${options.output}.`)
  }
  return card.exitCode
}

async function textOf(card: Scorecard, context: Context, options: Options): Promise<string> {
  if (options.explain !== undefined) {
    const { formatExplanation } = await import('../../reports/scorecard-explain.js')
    return formatExplanation(card, context, typeof options.explain === 'string' ? options.explain : undefined)
  }
  if (context.options.json) return (await import('../../reports/scorecard-json.js')).formatScorecardJson(card)
  if (options.markdown) return (await import('../../reports/scorecard-markdown.js')).formatScorecardMarkdown(card)
  return (await import('../../reports/scorecard-terminal.js')).formatScorecard(card, context)
}
