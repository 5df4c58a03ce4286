import { exitCodes } from '../../core/errors.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

export const check: AddCommand = (program, run) => {
  program
    .command('check')
    .summary('config problems, and the mistakes that pilots make')
    .description(
      'Reads pilot.yaml, and what was ingested so far: made-up requests only, no evals, metadata that nothing can be grouped by, privacy rules after the data, several workflows at once. Exits 1 if the verdict could not be trusted, 2 if pilot.yaml is wrong.',
    )
    .addHelpText(
      'after',
      examples('pilot check', 'pilot check --json | jq \'.findings[] | select(.severity == "error")\''),
    )
    .action(run(runCheck))
}

async function runCheck(context: Context): Promise<number> {
  const loaded = await context.loadConfig()
  const { readFacts } = await import('../../jobs/facts.js')
  const { checkPilot } = await import('../../core/mistakes.js')
  const lines = checkPilot(loaded.config, readFacts(loaded, context.io.nowMs()))
  if (context.options.json) {
    context.printJson({ schemaVersion: 1, findings: lines.map((line) => ({ ...line, next: line.next ?? null })) })
  } else {
    const { formatCheck } = await import('../../reports/check.js')
    context.print(formatCheck(lines, context))
    context.remark('Next: pilot status')
  }
  return lines.some(({ severity }) => severity === 'error') ? exitCodes.verdict : exitCodes.ok
}
