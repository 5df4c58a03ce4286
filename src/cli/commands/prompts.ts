import { Option } from 'commander'
import { type AddCommand, examples } from '../command.js'
import { platformOption } from '../measure.js'
import { runTests } from '../prompt-tests.js'
import { runBlame, runDiff, runList } from '../prompt-versions.js'
import { runPromote } from '../prompts.js'

export const prompts: AddCommand = (program, run) => {
  const group = program
    .command('prompts')
    .summary('versions: timeline, drift, diff, blame, tests of deployments')
    .description(
      'Which versions of a prompt ran when, what they cost and how they fared; what differs between two; which one made an output; whether deployments and rollbacks show in traces; and what lets a version go live in the next environment. Without a subcommand: list.',
    )
    .addHelpText(
      'after',
      examples(
        'pilot prompts',
        'pilot prompts diff support-answer@7 support-answer@8',
        'pilot prompts blame 47d87f7f',
        'pilot prompts promote support-answer@8 --to dev',
      ),
    )

  group
    .command('list', { isDefault: true })
    .summary('each version on a timeline: traffic, latency, cost, errors, feedback, evals, drift')
    .description(
      'Per platform and prompt: when each version was first and last seen, its share of the runs, median latency, cost per run, error rate, thumbs down, scores and evals, when it was deployed, and whether its label always stood for the same text: by the template, or, as weaker evidence, by the system message. The texts of at most 1,000 runs a version are compared.',
    )
    .argument('[prompt]', 'of this prompt only')
    .option(...platformOption)
    .addHelpText(
      'after',
      examples(
        'pilot prompts list',
        "pilot prompts list support-answer --json | jq '.platforms[0].prompts[0].versions'",
      ),
    )
    .action(run(runList))

  group
    .command('diff')
    .summary('what differs between two versions: text, variables, settings, models, tools')
    .description(
      'The template of two versions line by line, or their system messages where no template is recorded; names of variables, model settings, models asked and tools called. Of the text that most runs of a version have.',
    )
    .argument('<a>', 'a version: NAME@VERSION')
    .argument('<b>', 'the other')
    .option(...platformOption)
    .addHelpText(
      'after',
      examples(
        'pilot prompts diff support-answer@7 support-answer@8',
        'pilot prompts diff support-answer@7 support-answer@8 --audience product',
      ),
    )
    .action(run(runDiff))

  group
    .command('blame')
    .summary('which version, text, release and deployment made an output, or what is missing')
    .description(
      'Of the model call that answered last: the prompt and its version, the hash of its text, the release, and the deployment that was live when the run began, with who did it and the evidence. What the trace does not say is named.',
    )
    .argument('<trace>', 'the trace, by its id or the beginning of it')
    .option(...platformOption)
    .addHelpText('after', examples('pilot prompts blame 47d87f7f', 'pilot prompts blame 47d87f7f --json'))
    .action(run(runBlame))

  group
    .command('tests')
    .summary('the four tests: deploy seen, versions compared, rollback seen, reviewed before')
    .description(
      'version-visible: a new version shows in traces in time, or in the first run after that. versions-compared: two versions ran on the same inputs, in eval runs or in traces. rollback-reflected: after a rollback every run shows the old version. reviewed-before-production: each version had a review, and a whole eval run that was begun before. Each passed, failed or is not measured; exits 1 where one failed. What they came to is recorded, the same evidence once.',
    )
    .option(...platformOption)
    .option('--within <duration>', 'how soon a deployment has to be seen; prompts.within of pilot.yaml, if left out')
    .option('--by <alias>', 'who runs them, by an alias; never a name or an address')
    .option('--dry-run', 'record nothing')
    .addOption(
      new Option('--history', 'what was recorded before, and nothing else').conflicts(['within', 'by', 'dryRun']),
    )
    .addHelpText(
      'after',
      examples(
        'pilot prompts tests --by lead',
        "pilot prompts tests --within 1h --dry-run --json | jq '.platforms[0].tests'",
        'pilot prompts tests --history',
      ),
    )
    .action(run(runTests))

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
