import { templates } from '../../config/templates/index.js'
import type { InitResult } from '../../jobs/init.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { screenOf } from '../screen.js'

interface Options {
  yes?: boolean
  template?: string
  platform?: string
  from?: string
  force?: boolean
}

export const init: AddCommand = (program, run) => {
  program
    .command('init')
    .summary('write pilot.yaml')
    .description(
      'Asks what the pilot is about, or takes a template as it is, and writes pilot.yaml, .pilot/schema.json for the editor, and a .gitignore for .pilot/. With --from, match, keys and map are proposed from a real export, each with its evidence.',
    )
    .option('-y, --yes', 'ask nothing')
    .option('--template <name>', `one of ${templates.map(({ name }) => name).join(', ')}`)
    .option('--platform <id>', 'the tool under pilot, as --platform of other commands will name it')
    .option('--from <file>', 'a real export of traces; nothing of it is stored')
    .option('--force', 'replace a pilot.yaml that is there')
    .addHelpText(
      'after',
      examples(
        'pilot init',
        'pilot init --yes --template rag',
        'pilot init --yes --platform lantern --from traces.jsonl',
      ),
    )
    .action(run(runInit))
}

async function runInit(context: Context, { from, ...options }: Options): Promise<number> {
  const job = await import('../../jobs/init.js')
  const { readSpans } = await import('../../jobs/read-spans.js')
  const { io } = context
  const result = await job.runInit(
    { ...options, ...(from !== undefined && { from: { label: from, spans: readSpans(from, io) } }) },
    { cwd: io.cwd, env: io.env, stdin: io.stdin, prompts: screenOf(io.stderr), nowMs: io.nowMs },
  )
  if (context.options.json) context.printJson(initJson(result))
  else await print(context, result)
  return 0
}

function initJson({ written, template, observed }: InitResult) {
  return {
    schemaVersion: 1,
    written,
    template,
    proposed: observed ? { from: observed.from, ...observed.proposal } : null,
  }
}

async function print(context: Context, { written, template, observed }: InitResult): Promise<void> {
  context.print(`Wrote ${written.join(', ')}.`)
  if (observed === undefined) {
    context.remark(`The names in it come from the template ${template}: put yours there.`)
  } else {
    const { formatProposal } = await import('../../reports/init.js')
    context.print(`\n${formatProposal(observed.from, observed.proposal, context)}`)
  }
  context.remark('Next: edit pilot.yaml, then pilot check')
}
