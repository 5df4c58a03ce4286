import { type AddCommand, examples } from '../command.js'
import { parseCount } from '../count.js'
import { runKey, runNew, runReport } from '../drill.js'
import { runStart } from '../drill-start.js'

export const drill: AddCommand = (program, run) => {
  const group = program
    .command('drill')
    .summary('timed questions on incidents, baseline against candidate')
    .description(
      'The stopwatch of the pilot: engineers get a bad production request and answer what happened, with the tool under pilot or with what the team has today. A wrong answer is no diagnosis, however fast.',
    )
    .addHelpText('after', examples('pilot drill new', 'pilot drill key', 'pilot drill report'))

  group
    .command('new')
    .summary('pick 5 to 10 incidents')
    .description(
      'Picks bad production requests by a stated, seeded rule: errors, complaints, failed evals, fallbacks, retries, outliers, spread over causes and tenants. Or takes those you name.',
    )
    .option('--id <id...>', 'these requests or traces, by id or its beginning')
    .option('--complaint <text...>', 'what somebody complained of: the run is found by its words, or named by --id')
    .option('--count <n>', 'how many, instead of drills.incidents', parseCount)
    .option('--seed <n>', 'of the choice among equals', parseCount, 1)
    .option('--include <origin...>', 'also runs that are no production: replay, synthetic, not-logged')
    .option('--engineers <aliases>', 'who takes part, e1,e2,e3: makes the order exactly counterbalanced')
    .option('--out <file>', 'write a pack for colleagues: complaints and questions, no answers and no key')
    .addHelpText(
      'after',
      examples(
        'pilot drill new',
        'pilot drill new --engineers e1,e2 --out week2.json',
        'pilot drill new --id req-0037 --complaint "The bot quoted another article."',
      ),
    )
    .action(run(runNew))

  group
    .command('key')
    .summary('what is right, and what a person has to confirm')
    .description(
      'For the lead, never for who takes part: the right answers as the traces tell them. The cause is for a person to confirm.',
    )
    .argument('[incident]', 'confirm answers of this incident')
    .option('--cause <cause>', 'where the fault lay: prompt, retrieval, model, tool logic or requirements')
    .option(
      '--answer <id=value...>',
      'the right answer to a question of your own, or to one that the traces answer wrongly',
    )
    .option('--by <alias>', 'who confirms it; one word, no name')
    .option('--note <text>', 'how it is known')
    .option('--drill <id>', 'of this drill; else of the last one')
    .addHelpText('after', examples('pilot drill key', 'pilot drill key i1 --cause "tool logic" --by lead'))
    .action(run(runKey))

  group
    .command('start')
    .summary('answer, against the clock')
    .description(
      'One incident at a time, the clock visible. /pause, /skip, /back, /giveup and /quit at any question; after a crash the same command goes on where you were. Nobody meets an incident twice. Without a terminal: --form, then --answers.',
    )
    .option('--engineer <alias>', 'who you are: one word, the same each time, no name')
    .option('--arm <id>', 'only incidents that you meet on this platform; baseline is what the team has today')
    .option('--drill <id>', 'this drill; else the last one')
    .option('--pack <file>', 'a pack from the lead, on a machine without the store')
    .option('--form', 'print a form to fill in beside a watch of your own')
    .option('--answers <file>', 'take in a form that was filled in')
    .addHelpText(
      'after',
      examples(
        'pilot drill start --engineer e1',
        'pilot drill start --engineer e1 --form',
        'pilot drill start --engineer e1 --arm baseline',
      ),
    )
    .action(run(runStart))

  group
    .command('report')
    .summary('time to diagnose per arm, and whether the answers were right')
    .description(
      'Kaplan-Meier medians with intervals, the share under the target, the test between arms that was fixed before the data, accuracy per question, agreement on the cause, learning over the weeks. Holds no aliases.',
    )
    .option('--file <file>', 'of attempts in a file (JSONL or CSV), with no pilot around it')
    .addHelpText('after', examples('pilot drill report', "pilot drill report --json | jq '.arms[0].median'"))
    .action(run(runReport))
}
