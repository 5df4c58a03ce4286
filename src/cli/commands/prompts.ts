import { type AddCommand, examples } from '../command.js'
import { runPromote } from '../prompts.js'

export const prompts: AddCommand = (program, run) => {
  const group = program
    .command('prompts')
    .summary('versions of a prompt, gone live on evidence')
    .description('Versions of a prompt, and what lets one go live in the next environment.')
    .addHelpText(
      'after',
      examples(
        'pilot prompts promote support-answer@8 --to dev',
        'pilot prompts promote support-answer@8 --to dev --json',
      ),
    )

  group
    .command('promote')
    .summary('a version goes live in the next environment, or what is missing')
    .description(
      'Records that a version went live, where it is live in the environment before, every required suite has run on it, and none shows it worse than the version that is live there. Else it exits 1, names what is missing, and records nothing. It deploys nothing itself.',
    )
    .argument('<prompt>', 'the version: NAME@VERSION')
    .requiredOption('--to <environment>', 'one of evals.promotion.environments')
    .option('--by <alias>', 'who decides, by an alias; never a name or an address')
    .option('--force <reason>', 'although something is missing; the reason is recorded')
    .option('--dry-run', 'only say what would be decided')
    .addHelpText(
      'after',
      examples(
        'pilot prompts promote support-answer@8 --to dev --by lead',
        'pilot prompts promote support-answer@8 --to production --force "stops a leak" --dry-run',
      ),
    )
    .action(run(runPromote))
}
