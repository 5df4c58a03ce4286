import { Command, CommanderError } from 'commander'
import { exitCodes, PilotError } from '../core/errors.js'
import { storeFailure } from '../store/failure.js'
import { addAudiences, requireForm, withoutQuotes } from './audience.js'
import type { AddCommand, Run } from './command.js'
import { ask } from './commands/ask.js'
import { capture } from './commands/capture.js'
import { check } from './commands/check.js'
import { cost } from './commands/cost.js'
import { coverage } from './commands/coverage.js'
import { data } from './commands/data.js'
import { dataset } from './commands/dataset.js'
import { demo } from './commands/demo.js'
import { drill } from './commands/drill.js'
import { evaluate } from './commands/eval.js'
import { exportAll } from './commands/export.js'
import { ingest } from './commands/ingest.js'
import { init } from './commands/init.js'
import { judge } from './commands/judge.js'
import { label } from './commands/label.js'
import { latency } from './commands/latency.js'
import { lock } from './commands/lock.js'
import { log } from './commands/log.js'
import { map } from './commands/map.js'
import { probe } from './commands/probe.js'
import { prompts } from './commands/prompts.js'
import { purge } from './commands/purge.js'
import { receive } from './commands/receive.js'
import { releases } from './commands/releases.js'
import { review } from './commands/review.js'
import { scan } from './commands/scan.js'
import { scorecard } from './commands/scorecard.js'
import { status } from './commands/status.js'
import { trace } from './commands/trace.js'
import { traces } from './commands/traces.js'
import { createContext, type GlobalOptions } from './context.js'
import { colorLevel, type Io } from './io.js'
import { version } from './version.js'

const groups: readonly [title: string, commands: readonly AddCommand[]][] = [
  ['Set up', [init, lock, check, status, demo]],
  ['Data', [ingest, receive, data, traces, trace, exportAll, scan, purge]],
  ['Measure', [ask, map, coverage, capture, cost, latency, releases]],
  ['Test', [dataset, evaluate, label, judge, prompts, drill, probe]],
  ['Record', [log]],
  ['Decide', [scorecard, review]],
]

const exitCodeHelp = `
Exit codes: 0 ok · 1 ran, a verdict is bad · 2 command line or pilot.yaml wrong · 3 cannot read or write · 70 a bug · 130 interrupted`

/** Runs one command line and returns its exit code. Never throws, never ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = exitCodes.ok
  const program = createProgram(io, (handler) => async (...words: unknown[]) => {
    // Commander hands over the arguments, then the command's own options, then the command.
    const command = words.pop() as Command
    words.pop()
    const options = command.optsWithGlobals<GlobalOptions & { file?: string }>()
    const context = createContext(io, options)
    requireForm(command, context.audience)
    exitCode = await withoutQuotes(context, options, () => handler(context, ...(words as never[]), options as never))
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    return report(error, io, !argv.includes('--no-color'))
  }
}

/** Every command, with what runs it. */
export function createProgram(io: Io, run: Run): Command {
  const program = new Command('pilot')
    .description(
      'Runs the pilot of an LLM visibility tool as an engineering experiment: criteria before the data,\nevidence from real exports, and a scorecard that ends in adopt, extend or reject.',
    )
    .version(version, '-v, --version')
    .option('--config <file>', 'the pilot.yaml to use (else PILOT_CONFIG, else the nearest at or above this folder)')
    .option('--json', 'print one JSON document instead of text')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'no hints and no progress')
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .configureHelp({ showGlobalOptions: true, helpWidth: io.stdout.columns ?? 100 })
    .showHelpAfterError('(add --help for what this command takes)')
  program.action(() => program.outputHelp())
  for (const [title, commands] of groups) {
    program.commandsGroup(`${title}:`)
    for (const add of commands) add(program, run)
  }
  addAudiences(program)
  return program
}

function report(thrown: unknown, io: Io, wantsColor: boolean): number {
  const isOfStore = thrown instanceof Error && thrown.name === 'SqliteError'
  const error = isOfStore ? storeFailure(thrown, 'The store', 'read') : thrown
  // Commander has printed its own message; its usage errors exit 1, which is our "verdict is bad".
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  const [red, reset] = colorLevel(io.stderr, io.env, wantsColor) ? ['\u001b[31m', '\u001b[39m'] : ['', '']
  if (error instanceof PilotError) {
    io.stderr.write(`${red}error${reset} ${error.message}\n${error.hint ? `${error.hint}\n` : ''}`)
    return error.exitCode
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.stderr.write(`${red}error${reset} This is a bug in pilot; please report it with these lines.\n${stack}\n`)
  return exitCodes.bug
}
