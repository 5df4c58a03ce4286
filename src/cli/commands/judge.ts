import { Option } from 'commander'
import { samplings } from '../../core/eval/corrected-rate.js'
import { type AddCommand, examples } from '../command.js'
import { parseCount } from '../count.js'
import { runCertificates, runValidate } from '../judge.js'

export const judge: AddCommand = (program, run) => {
  const group = program
    .command('judge')
    .summary('models that judge, checked against people')
    .description(
      'A model may judge outputs; whether it judges as people do has to be shown. Without a valid certificate it reports, and holds no release.',
    )
    .addHelpText('after', examples('pilot judge list', 'pilot judge list --json'))

  group
    .command('validate')
    .summary('measure a judge against labels, and certify it')
    .description(
      'Agreement with people: TPR, TNR, kappa and AC1 with intervals, beside what the commonest label alone would get and what people agree on among themselves; position, length, answers asked again; and the pass rate corrected for its errors.',
    )
    .argument('[judge]', 'a judge of pilot.yaml: it is asked about every labelled output of the run')
    .option(
      '--file <file>',
      'of labels and verdicts in a file (JSONL or CSV), with no pilot around it: item, human, judge; null is a verdict that could not be read; judge_swapped, human_2, slice, length where there are any',
    )
    .option('--run <run>', 'outputs of this eval run; the last one with labels, if left out')
    .option('--name <question>', 'the labels to go by; else those that carry the name of the judge')
    .option('--positive <label>', 'the label that TPR is about; the first in sort order, if left out')
    .addOption(
      new Option('--check <check>', 'the kind of check that it is certified for')
        .choices(['rubric', 'grounded-judge'])
        .default('rubric'),
    )
    .option('--repeat <n>', 'ask this often about the first 50 items, for its consistency', parseCount, 1)
    .option('--all', 'also judge the outputs that nobody labelled: their pass rate is then corrected for its errors')
    .addOption(
      new Option('--sampling <how>', 'how the labelled items were drawn: decides how the pass rate is corrected')
        .choices(samplings)
        .default('stratified'),
    )
    .option('--yes', 'send the outputs to an endpoint that pilot.yaml does not name')
    .addHelpText(
      'after',
      examples(
        'pilot judge validate --file judged.jsonl',
        'pilot judge validate --file judged.csv --positive pass --json | jq .certificate',
      ),
    )
    .action(run(runValidate))

  group
    .command('list')
    .summary('the judges of pilot.yaml, and their certificates')
    .description('Which judges may hold a release, until when, and why others may not.')
    .addHelpText('after', examples('pilot judge list', 'pilot judge list --json'))
    .action(run(runCertificates))
}
