import { relative, resolve } from 'node:path'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

interface Options {
  variant: string
  seed: string
}

export const demo: AddCommand = (program, run) => {
  program
    .command('demo')
    .summary('a complete small pilot, made here, run to its scorecard')
    .description(
      'Makes about 600 requests of a support agent with planted faults, runs the pilot’s commands on them, and compares the scorecard with what was planted. Exits 0 when they agree; the same seed makes the same data.',
    )
    .argument('[directory]', 'a new folder for it', 'pilot-demo')
    .option('--variant <decision>', 'extend, adopt or reject: the decision that the data lead to', 'extend')
    .option('--seed <n>', 'another seed, other data, the same answers', '1')
    .addHelpText('after', examples('pilot demo', 'pilot demo rejected --variant reject'))
    .action(run(runDemo))
}

async function runDemo(context: Context, directory: string, options: Options): Promise<number> {
  const { runDemoPilot } = await import('../../jobs/demo/run.js')
  const { io } = context
  const shown = relative(io.cwd, resolve(io.cwd, directory)) || '.'
  const { steps, card, unexpected } = await runDemoPilot(resolve(io.cwd, directory), options, {
    nowMs: io.nowMs(),
    stdin: io.stdin,
  })
  if (context.options.json) {
    context.printJson({ schemaVersion: 1, directory: shown, decision: card.decisions[0]?.decision ?? null, unexpected })
    return unexpected.length === 0 ? 0 : 1
  }
  context.remark(
    `A pilot of two weeks in March 2026, made in ${shown}. What follows is what these commands print there:`,
  )
  for (const { command, output } of steps) context.print(`\n${context.color.bold(`$ ${command}`)}\n${output}`)
  const { formatScorecard } = await import('../../reports/scorecard-terminal.js')
  context.print(`\n${context.color.bold('$ pilot scorecard')}\n${formatScorecard(card, context)}`)
  for (const difference of unexpected) context.warn(`error ${difference}`)
  context.remark(
    unexpected.length === 0
      ? `Every planted fault was found, and nothing else.\nNext: cd ${shown} && pilot scorecard --explain, pilot traces --status error, pilot cost --by tenant, pilot eval run`
      : 'The scorecard is not the expected one.',
  )
  return unexpected.length === 0 ? 0 : 1
}
