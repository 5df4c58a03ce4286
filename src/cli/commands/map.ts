import { type AddCommand, examples } from '../command.js'
import { runMap } from '../map.js'
import { platformOption } from '../measure.js'

export const map: AddCommand = (program, run) => {
  program
    .command('map')
    .summary('the declared map against the observed traces')
    .description(
      'Sets workflow.map against the runs in the window. A trace conforms when it has each declared step as often, under the parent, of the kind and with the models and prompt declared, and is one whole: one root, no orphan, every span ended, and the only trace of its request. Why others do not is counted. What is seen and not declared, retries that are not marked, tool calls without a result and steps without input or output are listed beside it.',
    )
    .option(...platformOption)
    .option('--suggest', 'print a map from the observed traces, as YAML: steps in at least 5 % of the runs')
    .option('--mermaid', 'print the map as a Mermaid flowchart, with counts and median latencies')
    .addHelpText(
      'after',
      examples(
        'pilot map',
        'pilot map --suggest',
        'pilot map --mermaid',
        "pilot map --json | jq '.platforms[0].conforming'",
      ),
    )
    .action(run(runMap))
}
