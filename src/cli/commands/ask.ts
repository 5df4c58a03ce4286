import { runAsk } from '../ask.js'
import { type AddCommand, examples } from '../command.js'

export const ask: AddCommand = (program, run) => {
  program
    .command('ask')
    .summary('production questions: answered, or the attribute that is missing')
    .description(
      "Seven questions that a visibility tool is bought for, and the team's own (questions: of pilot.yaml). Each is a query over every run: answerable where the interval of the share of runs that answer it lies at or above 95 %, else partly, or not, with the attribute that is missing and how often. With a question: the answer over all runs; with --trace: of one run, and where it was read.",
    )
    .argument('[question]', 'its number (own-1 … of the own ones) or name, such as prompt-version; all, if left out')
    .option('--trace <id>', 'of this run: its trace id, or the beginning of it')
    .option('--platform <id>', 'of this platform only')
    .option('--record <answer>', 'what a person says of a platform without exports: yes, partly or no')
    .option('--evidence <text>', 'with --record: where it can be seen; the privacy rules apply to it')
    .option('--by <alias>', 'with --record: who says so, by an alias such as e1; never a name or an address')
    .addHelpText('after', examples('pilot ask', 'pilot ask 1 --trace 47d87f7f', 'pilot ask cost-per-task'))
    .action(run(runAsk))
}
