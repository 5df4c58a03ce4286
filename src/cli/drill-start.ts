import { exitCodes, PilotError } from '../core/errors.js'
import type { StartedDrill } from '../jobs/drill/start.js'
import type { Context } from './context.js'
import { screenOf } from './screen.js'

interface StartOptions {
  engineer?: string
  arm?: string
  drill?: string
  pack?: string
  form?: boolean
  answers?: string
}

/** `pilot drill start`. */
export async function runStart(context: Context, options: StartOptions): Promise<number> {
  const { startDrill } = await import('../jobs/drill/start.js')
  const { io } = context
  const isTerminal = io.stdin.isTTY === true && io.stderr.isTTY === true
  const byFile = options.form === true || options.answers !== undefined
  if (!isTerminal && !byFile)
    throw new PilotError('A drill needs a terminal.', {
      hint: 'Without one: pilot drill start --engineer e1 --form > answers.yaml, then --answers answers.yaml.',
    })
  if (options.engineer === undefined)
    throw new PilotError('Who are you? --engineer is missing.', {
      hint: 'One word such as e1, the same each time; never a name or an address.',
    })
  const { engineer, arm, drill, pack } = options
  const started = await startDrill(context.loadConfig, { engineer, arm, drill, pack }, io)
  if (options.form) return printForm(context, started)
  return options.answers === undefined ? runInTerminal(context, started) : takeFile(context, started, options.answers)
}

async function printForm(context: Context, started: StartedDrill): Promise<number> {
  const { formOf } = await import('../jobs/drill/answers-file.js')
  context.print(formOf(started))
  context.remark(`Fill it in, then: pilot drill start --engineer ${started.engineer} --answers FILE`)
  return 0
}

async function takeFile(context: Context, started: StartedDrill, path: string): Promise<number> {
  const { takeAnswers } = await import('../jobs/drill/answers-file.js')
  const { taken, left } = takeAnswers(path, started, context.io)
  await started.store()
  if (context.options.json)
    context.printJson({ schemaVersion: 1, drill: started.pack.drill, taken, left, journal: started.toSend ?? null })
  else context.print(`Attempts taken in: ${taken}. Incidents left: ${left}.`)
  context.remark(nextOf(started, left))
  return 0
}

async function runInTerminal(context: Context, started: StartedDrill): Promise<number> {
  const { createAsker } = await import('../jobs/drill/asker.js')
  const { runSession } = await import('../jobs/drill/session.js')
  const { openTasks } = await import('../jobs/drill/start.js')
  const { visible } = await import('../reports/text.js')
  const { io } = context
  const tasks = openTasks(started)
  const output = screenOf(io.stderr)
  const asker = createAsker({ input: io.stdin, output, isPlain: io.env.TERM === 'dumb' })
  try {
    const end = await runSession({
      ...started,
      tasks,
      asker,
      say: (...lines) => void output.write(lines.map((line) => `${visible(line)}\n`).join('')),
      nowMs: io.nowMs,
      onEnd: started.store,
    })
    // An attempt that was left open, too.
    await started.store()
    context.print(`Incidents done: ${end.ended}. Left: ${end.left}.`)
    context.remark(nextOf(started, end.left))
    return end.wasInterrupted ? exitCodes.interrupted : 0
  } finally {
    asker.close()
  }
}

function nextOf({ toSend, engineer }: StartedDrill, left: number): string {
  if (left > 0) return `Next: the same command goes on where you are (engineer ${engineer})`
  return toSend === undefined
    ? 'Next: pilot drill report'
    : `Next: send ${toSend} to the lead, who runs pilot ingest --as attempts on it`
}
