import { Option } from 'commander'
import { strataBy } from '../../core/eval/stratify.js'
import { type AddCommand, examples } from '../command.js'
import { parseCount } from '../count.js'
import { runCheck, runFreeze, runFromTraces } from '../dataset.js'

export const dataset: AddCommand = (program, run) => {
  const group = program
    .command('dataset')
    .summary('cases to test on: made from traces, checked, frozen')
    .description(
      'A dataset is a file of cases: what goes in, what a right answer is, tags, and the output that was recorded. JSON lines, JSON, CSV or YAML.',
    )
    .addHelpText(
      'after',
      examples('pilot dataset from-traces --sample 50 --out cases.jsonl', 'pilot dataset check cases.jsonl'),
    )

  group
    .command('from-traces')
    .summary('cases from recorded runs')
    .description(
      'The runs of the workflow in the window as cases, with the output that was recorded, what was retrieved, tools and labels; one per input. The privacy rules of pilot.yaml go over the text once more.',
    )
    .option('--platform <id>', 'of this platform only')
    .option('--prompt <name[@version]>', 'in which this prompt (version) was used')
    .option('--release <release>', 'of this release')
    .option('--tenant <tenant>', 'of this tenant')
    .option('--failed', 'in which a span failed')
    .option('--feedback <kind>', 'with feedback: any, up, down, rating, edit, retry, escalation or comment')
    .option('--since <time>', 'begun at or after this time: 2026-03-02, 2026-03-02T10:00')
    .option('--until <time>', 'begun before this time')
    .option('--include <origin...>', 'also runs that are no production: replay, synthetic, not-logged')
    .option('--sample <n>', 'at most this many, at random', parseCount)
    .addOption(
      new Option('--by <field>', 'spread the sample over: one of each, the rest in proportion').choices(strataBy),
    )
    .option('--seed <n>', 'of the sample', parseCount, 1)
    .option('--out <file>', 'write JSON lines there, for its owner alone; else they are printed')
    .addHelpText(
      'after',
      examples(
        'pilot dataset from-traces --sample 50 --out cases.jsonl',
        'pilot dataset from-traces --sample 20 --by tenant --seed 7 --out cases.jsonl',
      ),
    )
    .action(run(runFromTraces))

  group
    .command('check')
    .summary('what is in a dataset, and what it can show')
    .description(
      'Cases, tags, clusters, references, duplicates, lines that are no cases, whether it is as it was frozen, and how large a change a comparison on it would see. Exits 1 where a line is bad or the lock differs.',
    )
    .argument('<file>', 'JSON lines, JSON, CSV or YAML; - is standard input')
    .addHelpText(
      'after',
      examples('pilot dataset check cases.jsonl', "pilot dataset check cases.jsonl --json | jq '.power.chance'"),
    )
    .action(run(runCheck))

  group
    .command('freeze')
    .summary('fix the cases, so that a later change is seen')
    .description(
      'Writes FILE.lock: the ids of all cases with a hash of what each asks and what is right. Evals refuse a dataset that differs from its lock; freeze again to accept what changed.',
    )
    .argument('<file>', 'JSON lines, JSON, CSV or YAML')
    .addHelpText(
      'after',
      examples('pilot dataset freeze cases.jsonl', "pilot dataset freeze cases.jsonl --json | jq '.hash'"),
    )
    .action(run(runFreeze))
}
