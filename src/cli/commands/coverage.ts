import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { measure, type PlatformOption, platformOption } from '../measure.js'

export const coverage: AddCommand = (program, run) => {
  program
    .command('coverage')
    .summary('requests of the application against traces')
    .description(
      'Joins the application’s own request log to traces by trace id or request id: present, missing, outside workflow.match, several traces for one request, traced at another time. Production, replayed and synthetic requests stand apart.',
    )
    .option(...platformOption)
    .addHelpText('after', examples('pilot coverage', "pilot coverage --json | jq '.platforms[0].coverage.production'"))
    .action(run(runCoverage))
}

async function runCoverage(context: Context, options: PlatformOption): Promise<number> {
  const { formatCoverage } = await import('../../reports/coverage.js')
  const { wilson } = await import('../../core/stats/proportion.js')
  const { readEvidence } = await import('../../jobs/evidence.js')
  return measure(context, options, {
    read: readEvidence,
    json: ({ coverage, unjoinable }) => ({
      coverage: coverage ?? null,
      reason: unjoinable ?? null,
      interval:
        coverage && !unjoinable && coverage.production.requests > 0
          ? wilson(coverage.production.present, coverage.production.requests)
          : null,
    }),
    text: (evidence) => formatCoverage(evidence, context),
    next: 'pilot capture',
  })
}
