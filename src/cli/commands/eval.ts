import { InvalidArgumentError } from 'commander'
import { type AddCommand, examples } from '../command.js'
import { parseCount } from '../count.js'
import { runEval, runList, runShow } from '../eval.js'
import { runCompare } from '../eval-compare.js'
import { parseShare } from '../share.js'

export const evaluate: AddCommand = (program, run) => {
  const group = program
    .command('eval')
    .summary('suites of checks, and two versions compared')
    .description(
      'Checks outputs, those of the store without any key, and compares two versions case by case, so that a change can be stopped on evidence.',
    )
    .addHelpText('after', examples('pilot eval list', 'pilot eval compare --file results.jsonl --margin 5%'))

  group
    .command('run')
    .summary('check every case of a suite')
    .description(
      'Makes or looks up an output for each case of a suite and checks it. A run that was cut off goes on where it was; no case is paid for twice. Or takes in what another runner found.',
    )
    .argument('[suite]', 'a suite of pilot.yaml; all of them, if left out')
    .argument('[file]', 'with --import: the results')
    .option('--platform <id>', 'recorded outputs of this platform')
    .option('--prompt <name@version>', 'recorded outputs of this prompt version; a command or endpoint is told it')
    .option('--release <release>', 'recorded outputs of this release; a command or endpoint is told it')
    .option('--repeat <n>', 'outputs per case, instead of what the suite says', parseCount)
    .option('--budget <usd>', 'stop when this much has been spent', parseUsd)
    .option('--fresh', 'begin anew, although a run of the same was cut off')
    .option('--retry-errors', 'do again what ended in an error')
    .option('--yes', 'send cases to an endpoint that pilot.yaml does not name')
    .option(
      '--import <format>',
      'take in results of another runner from a file: promptfoo, deepeval, inspect … or rows, auto; scores of the store: scores',
    )
    .option(
      '--pass-from <score>',
      'with --import: the score from which on a result passes that does not say',
      Number,
      1,
    )
    .option('--junit <file>', 'also write the results as JUnit XML')
    .option('--markdown <file>', 'also write them as Markdown; - is standard output')
    .option('--github', 'also print annotations for GitHub Actions, and the job summary')
    .addHelpText('after', examples('pilot eval run', 'pilot eval run answers --prompt support-answer@7'))
    .action(run(runEval))

  group
    .command('list')
    .summary('the suites of pilot.yaml, and every run')
    .description('Which suites there are, what ran, when, of what, and how it came out.')
    .addHelpText('after', examples('pilot eval list', 'pilot eval list --json'))
    .action(run(runList))

  group
    .command('show')
    .summary('one run: rates per check, repeats, what failed')
    .description(
      'Pass rates with intervals, errors as best and worst case, scores, slices by tag, pass@k and pass^k of repeats, and the cases that failed with their reasons.',
    )
    .argument('[run]', 'a run by its id; the last one, if left out')
    .option('--check <id>', 'of this check only')
    .option('--cases', 'every case that did not pass, not the first of them only')
    .option('--junit <file>', 'also write the results as JUnit XML')
    .option('--markdown <file>', 'also write them as Markdown; - is standard output')
    .option('--github', 'also print annotations for GitHub Actions, and the job summary')
    .addHelpText('after', examples('pilot eval show', 'pilot eval show --cases'))
    .action(run(runShow))

  group
    .command('compare')
    .summary('B against A, case by case')
    .description(
      "Exact McNemar with Tango's interval for passes, paired t for scores and repeats, over clusters where cases share one. With a margin: safe, regressed or inconclusive, and exit 1 unless safe. Without one exit 1 for a regression.",
    )
    .argument(
      '[a]',
      'the version of today: a run by its id, a prompt version name@version, or a file with the results of any runner',
    )
    .argument('[b]', 'the proposed version')
    .option(
      '--file <file>',
      'both versions in one file, with no pilot around it: rows {case, a, b} or {case, run, version: A or B, pass or score} (JSONL or CSV); true, pass, yes, 1 or a number from 0 to 1; null is no run; cluster where cases share something',
    )
    .option('--margin <share>', 'what B may lose at most, such as 5%; with runs: evals.margin, if left out', parseShare)
    .option('--check <id>', 'of this check only')
    .option('--independent', 'other cases, such as production against offline: unpaired, and weaker')
    .option('--force', 'although the cases or checks differ: on what they share, and it says so')
    .option('--seed <n>', 'of the resampling tests', parseCount, 1)
    .option('--junit <file>', 'also write the verdicts as JUnit XML')
    .option(
      '--markdown <file>',
      'also write them as Markdown, the body of a pull-request comment; - is standard output',
    )
    .option('--github', 'also print annotations for GitHub Actions, and the job summary')
    .addHelpText(
      'after',
      examples('pilot eval compare answers-1 answers-2', 'pilot eval compare --file results.jsonl --margin 5% --json'),
    )
    .action(run(runCompare))
}

function parseUsd(written: string): number {
  const usd = Number(written.replace(/^\$/, ''))
  if (usd > 0 && usd < 1e6) return usd
  throw new InvalidArgumentError('Expected US dollars such as 2.50.')
}
