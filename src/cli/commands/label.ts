import type { Command } from 'commander'
import { type AddCommand, examples } from '../command.js'
import { parseCount } from '../count.js'
import { runAdjudicate, runForm, runReport, runStart } from '../label.js'

export const label: AddCommand = (program, run) => {
  const group = program
    .command('label')
    .summary("people's judgements of outputs, and how far they agree")
    .description(
      'What a judge is measured against: people label outputs, each alone and in an order of their own, and see nothing of what made an output or of what others say.',
    )
    .addHelpText('after', examples('pilot label start --by a1 --name helpful --sample 50', 'pilot label report'))

  withItems(group.command('start').summary('label outputs, one at a time'))
    .description(
      'Shows one output at a time. A choice by its number or beginning, a note after a colon; s skips, b goes back, u is for what you cannot tell, q ends. Each label is on the disk before the next output is shown; the same command goes on where you stopped.',
    )
    .option('--choices <list>', 'what may be said, with commas', 'pass,fail')
    .addHelpText(
      'after',
      examples(
        'pilot label start --by a1 --name helpful --sample 50',
        'pilot label start --by a1 --name tone --choices friendly,neutral,rude --show inputs,output,documents',
      ),
    )
    .action(run(runStart))

  withItems(group.command('form').summary('a form to label elsewhere'))
    .description(
      'Writes a CSV file with a row for each output that you have not labelled: fill in its value, and a note where there is one. Rows that stay empty are no labels.',
    )
    .requiredOption('--out <file>', 'the file to write')
    .addHelpText(
      'after',
      examples(
        'pilot label form --by a1 --name helpful --sample 50 --out helpful.csv',
        'pilot label form --by a2 --name grounded --show inputs,output,documents --out grounded.csv',
      ),
    )
    .action(run(runForm))

  group
    .command('report')
    .summary('how far annotators agree, and what the labels say')
    .description(
      "Per question: agreement, Cohen's kappa and Gwet's AC1 of each two annotators with intervals, Krippendorff's alpha over all, the share of each final label, and the items on which they differ. Annotators are numbered, not named.",
    )
    .option('--name <question>', 'of this question alone')
    .option('--file <file>', 'of labels in a file (JSONL or CSV), with no pilot around it')
    .option('--aliases', 'show the aliases of annotators')
    .addHelpText('after', examples('pilot label report', "pilot label report --json | jq '.questions'"))
    .action(run(runReport))

  group
    .command('adjudicate')
    .summary('settle what annotators differ on')
    .description(
      'Shows each output on which annotators differ with the labels that it got, not whose they are, and asks for the one that counts.',
    )
    .requiredOption('--name <question>', 'the question')
    .option('--by <alias>', 'who settles it: one word, kept in the note')
    .option('--choices <list>', 'what may be said, with commas; else what annotators said')
    .option('--notes', 'show what annotators noted, too')
    .option('--show <list>', shownHelp, 'inputs,output')
    .addHelpText(
      'after',
      examples('pilot label adjudicate --name helpful', 'pilot label adjudicate --name helpful --by lead --notes'),
    )
    .action(run(runAdjudicate))
}

const shownHelp = 'what is shown of an output, with commas: inputs, output, documents'

/** The options that choose what is labelled. */
function withItems(command: Command): Command {
  return command
    .requiredOption('--by <alias>', 'who you are: one word, the same each time, no name')
    .requiredOption('--name <question>', 'what is asked of each output: one word')
    .option('--run <id>', 'the outputs of this eval run; else the recorded runs of the workflow')
    .option('--sample <n>', 'so many of them, the same for everybody', parseCount)
    .option('--seed <n>', 'of the sample, and of the order of each annotator', parseCount, 1)
    .option('--show <list>', shownHelp, 'inputs,output')
}
