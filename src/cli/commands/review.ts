import { type CardOptions, readCard, writeOut } from '../card.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

export const review: AddCommand = (program, run) => {
  program
    .command('review')
    .summary('the minutes of the final review')
    .description(
      'Writes, in Markdown, what the meeting decides on: decisions with their reasons, all eight lines with evidence, waivers, amendments, sources. Attendees, owners and waivers stand in pilot.yaml under review.',
    )
    .option('-o, --output <file>', 'write it to a file')
    .addHelpText('after', examples('pilot review', 'pilot review -o minutes.md', 'pilot review --audience product'))
    .action(run(runReview))
}

async function runReview(context: Context, options: CardOptions): Promise<number> {
  const card = await readCard(context)
  const { formatReview } = await import('../../reports/review.js')
  const { formatScorecardJson } = await import('../../reports/scorecard-json.js')
  await writeOut(context, context.options.json ? formatScorecardJson(card) : formatReview(card), options.output)
  return card.exitCode
}
