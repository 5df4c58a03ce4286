import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { measure, type PlatformOption, platformOption } from '../measure.js'

export const capture: AddCommand = (program, run) => {
  program
    .command('capture')
    .summary('required fields per kind of span; loose metadata keys')
    .description(
      'The share of spans that carry each field of capture.required, with its interval, and metadata keys that are spelled in several ways, differ inside a run, or have too many values.',
    )
    .option(...platformOption)
    .addHelpText('after', examples('pilot capture', "pilot capture --json | jq '.platforms[0].capture'"))
    .action(run(runCapture))
}

async function runCapture(context: Context, options: PlatformOption): Promise<number> {
  const { formatCapture } = await import('../../reports/capture.js')
  const { readEvidence } = await import('../../jobs/evidence.js')
  return measure(context, options, {
    read: readEvidence,
    json: ({ tally: { runs, capture, metadata, states, promptMapped, unmapped, promptVersions } }) => ({
      ...{ runs, capture, metadata, states, promptMapped, unmapped, promptVersions },
    }),
    text: ({ tally }) => formatCapture(tally, context),
    next: 'pilot cost',
  })
}
