import type { Command } from 'commander'
import { activities, logKinds } from '../../core/log-entry.js'
import { otherTools } from '../../core/other-tools.js'
import { accessRights } from '../../core/security/worksheet.js'
import { type AddCommand, examples, type Run } from '../command.js'
import { outFile, runEffort, runList, runRemove, runTask, runUsage } from '../log-run.js'
import { runAccess, runSecurity } from '../log-security.js'

export const log: AddCommand = (program, run) => {
  const command = program
    .command('log')
    .summary('what only a person can tell: hours, tasks, use, security')
    .description(
      'Records what no export holds. With a pilot.yaml, entries go into its store; without one, or with --out FILE, into a file for whoever leads the pilot: pilot ingest --as log FILE. Engineers go by aliases, never by names.',
    )
    .addHelpText('after', examples('pilot log list', 'pilot log effort --hours 6.5 --activity instrument'))
  for (const add of [effort, task, usage, security, access, list, remove]) add(command, run)
}

function entryOptions(command: Command): Command {
  return placeOptions(command).option('--date <day>', 'the day it was, UTC, such as 2026-03-05; today, if left out')
}

function placeOptions(command: Command): Command {
  return command
    .option('--platform <id>', 'the candidate (or baseline) it is about; needed where pilot.yaml names several')
    .option('--out <file>', `append it to this file instead of the store; without a pilot.yaml: ${outFile}`)
}

function effort(log: Command, run: Run): void {
  entryOptions(log.command('effort'))
    .summary('hours spent, or what git says of them')
    .description(
      `Hours until the traces were good enough to measure, by activity: ${activities.join(', ')}. Or, with --git, what stands between two revisions: commits without merges, files, lines, and when the first commit was made.`,
    )
    .option('--hours <amount>', 'hours such as 6.5, or minutes such as 90m')
    .option('--activity <activity>', `what they went into: ${activities.join(', ')}`)
    .option('--engineer <alias>', 'an alias such as e1, never a name or an address')
    .option('--note <text>', 'a few words; the privacy rules apply to them')
    .option('--git <rev1..rev2>', 'the commits that are in rev2 and not in rev1, instead of hours')
    .option('--repo <dir>', 'with --git: the repository; this folder, if left out')
    .option('--path <glob>', "with --git: only these files, such as 'src/tracing/**'")
    .addHelpText(
      'after',
      examples(
        'pilot log effort --hours 6.5 --activity instrument --engineer e1',
        "pilot log effort --hours 90m --activity privacy --date 2026-03-02 --note 'rules for the user ids'",
      ),
    )
    .action(run(runEffort))
}

function task(log: Command, run: Run): void {
  entryOptions(log.command('task'))
    .summary('a task script that somebody tried')
    .description(
      'One task script, tried once with the platform: whether it got done, how long it took, and what else was needed. --list prints the scripts of all personas.',
    )
    .argument('[task-id]', 'which task; --list shows them')
    .option('--list', 'print the task scripts')
    .option('--engineer <alias>', 'who tried it: an alias such as e1, never a name or an address')
    .option('--done', 'it got done')
    .option('--not-done', 'it did not get done')
    .option('--minutes <n>', 'how long it took')
    .option('--needed-help', 'somebody else had to help')
    .option('--needed-raw-text', 'raw text of a user had to be read')
    .option(
      '--opened <tools>',
      `other tools that had to be opened, with commas: ${otherTools.join(', ')}; none, if left out`,
    )
    .option('--note <text>', 'a few words; the privacy rules apply to them')
    .addHelpText(
      'after',
      examples(
        'pilot log task --list',
        'pilot log task on-call-spike --engineer e1 --done --minutes 12 --opened logs,warehouse',
        'pilot log task product-feedback --engineer e4 --not-done --minutes 30 --needed-help',
      ),
    )
    .action(run(runTask))
}

function usage(log: Command, run: Run): void {
  entryOptions(log.command('usage'))
    .summary('who used the platform, when, for what')
    .description(
      'One use of the platform in the course of work. It does not count as adoption by itself: tasks and drills do.',
    )
    .option('--engineer <alias>', 'who used it: an alias such as e1, never a name or an address')
    .option('--minutes <n>', 'how long')
    .option('--for <text>', 'what for; the privacy rules apply to it')
    .addHelpText(
      'after',
      examples(
        'pilot log usage --engineer e2 --minutes 20',
        "pilot log usage --engineer e2 --date 2026-03-02 --for 'looked up a refund complaint'",
      ),
    )
    .action(run(runUsage))
}

function security(log: Command, run: Run): void {
  placeOptions(log.command('security'))
    .summary('the security review: its questions, with answer and evidence')
    .description(
      'The worksheet of the security review, per platform; with a question, its answers so far; with --answer, a new one, which takes the place of the last. A question is answered when it has an answer, evidence and who accepted it; else it is open. The questions of security.questions in pilot.yaml are among them.',
    )
    .argument('[question]', 'id of a question, such as retention')
    .option('--answer <text>', 'the answer; the privacy rules apply to it')
    .option('--evidence <place>', 'where it is proven: an address, a document, a probe')
    .option('--by <alias>', 'who accepted it: an alias such as s1, never a name or an address')
    .option('--until <day>', 'the last day on which it is valid, UTC; without end, if left out')
    .addHelpText(
      'after',
      examples(
        'pilot log security',
        "pilot log security retention --answer '30 days' --evidence 'contract, annex 2' --by s1",
        "pilot log security --json | jq '.platforms[].open'",
      ),
    )
    .action(run(runSecurity))
}

function access(log: Command, run: Run): void {
  placeOptions(log.command('access'))
    .summary('what a role may do on the platform')
    .description(
      `One cell of the roles and their rights, which pilot log security prints: ${accessRights.join(', ')}. Who may see raw prompts is answered by it.`,
    )
    .option('--role <role>', 'a role of the platform or the team, such as support')
    .option('--right <right>', `one of ${accessRights.join(', ')}`)
    .option('--allowed <answer>', 'yes or no')
    .option('--evidence <place>', 'where it is proven: an address, a document, a probe')
    .option('--by <alias>', 'who looked: an alias such as s1, never a name or an address')
    .addHelpText(
      'after',
      examples(
        "pilot log access --role support --right raw-prompts --allowed no --evidence 'settings of 2 March' --by s1",
        'pilot log access --role engineer --right raw-prompts --allowed yes',
      ),
    )
    .action(run(runAccess))
}

function list(log: Command, run: Run): void {
  log
    .command('list')
    .summary('the entries, and what they add up to')
    .description('Entries in order of time with their ids; then hours by activity and tasks by persona, per platform.')
    .option('--kind <kind>', `of this kind only: ${logKinds.join(', ')}`)
    .addHelpText('after', examples('pilot log list', "pilot log list --kind task --json | jq '.personas'"))
    .action(run(runList))
}

function remove(log: Command, run: Run): void {
  log
    .command('remove')
    .summary('take an entry out')
    .description('Takes one entry out of the store. The beginning of its id is enough if no other id begins so.')
    .argument('<id>', 'id of the entry, or its beginning; pilot log list shows the ids')
    .addHelpText('after', examples('pilot log remove 3f9a', 'pilot log remove 3f9a0c11d2'))
    .action(run(runRemove))
}
