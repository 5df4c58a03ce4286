import { createHash } from 'node:crypto'
import { PilotError } from '../../core/errors.js'
import type { Scorecard } from '../../core/scorecard.js'
import { type CardOptions, readCard, writeOut } from '../card.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

interface Options extends CardOptions {
  markdown?: boolean
  html?: boolean
  explain?: string | boolean
}

export const scorecard: AddCommand = (program, run) => {
  program
    .command('scorecard')
    .summary('the review: every line, its evidence, and adopt, extend or reject')
    .description(
      'Judges each criterion by its whole interval against the target fixed before the data; what was not measured says so, with the command that would measure it. Exits 1 if a candidate is rejected once the pilot is over.',
    )
    .option('--markdown', 'as Markdown, for the minutes')
    .option('--html', 'as one self-contained page with charts, for the room')
    .option('--explain [criterion]', 'print the evidence behind one criterion, or behind all')
    .option('-o, --output <file>', 'write it to a file')
    .addHelpText(
      'after',
      examples(
        'pilot scorecard',
        'pilot scorecard --explain trace-coverage',
        'pilot scorecard --html -o scorecard.html',
        'pilot scorecard --audience product --markdown',
      ),
    )
    .action(run(runScorecard))
}

async function runScorecard(context: Context, options: Options): Promise<number> {
  const forms = [options.markdown, options.html, context.options.json, options.explain !== undefined]
  if (forms.filter(Boolean).length > 1)
    throw new PilotError('--markdown, --html, --json and --explain are one or the other.', {
      hint: 'pilot scorecard --html -o scorecard.html',
    })
  const card = await readCard(context)
  await writeOut(context, await textOf(card, context, options), options.output)
  return card.exitCode
}

async function textOf(card: Scorecard, context: Context, options: Options): Promise<string> {
  if (options.explain !== undefined) {
    const { formatExplanation } = await import('../../reports/scorecard-explain.js')
    return formatExplanation(card, context, typeof options.explain === 'string' ? options.explain : undefined)
  }
  if (context.options.json) return (await import('../../reports/scorecard-json.js')).formatScorecardJson(card)
  if (options.html) return htmlOf(card)
  if (options.markdown) return (await import('../../reports/scorecard-markdown.js')).formatScorecardMarkdown(card)
  return (await import('../../reports/scorecard-terminal.js')).formatScorecard(card, context)
}

async function htmlOf(card: Scorecard): Promise<string> {
  const { formatScorecardHtml } = await import('../../reports/html/page.js')
  return formatScorecardHtml(card, (text) => createHash('sha256').update(text).digest('base64'))
}
