import { type AttemptOutcome, foldAttempts } from '../../core/drill/attempt.js'
import type { DrillPack } from '../../core/drill/pack.js'
import type { Question } from '../../core/drill/questions.js'
import { commandOf, parseAnswer, parseTools } from '../../core/drill/typed-answer.js'
import { otherTools } from '../../core/other-tools.js'
import type { Asker } from './asker.js'
import { type AttemptRun, type DrillTask, openAttempt } from './attempt-run.js'
import { clockText } from './clock.js'
import type { Journal } from './journal.js'

export interface Session {
  pack: DrillPack
  engineer: string
  /** Those that are open, in the order in which they are worked. */
  tasks: readonly DrillTask[]
  journal: Journal
  asker: Asker
  /** Prints lines of untrusted text above the prompt. */
  say(...lines: string[]): void
  nowMs(): number
  /** Called when an attempt has ended, and stands in the journal. */
  onEnd(): Promise<void>
}

/** How a session ended; `left` counts the incidents that are still open. */
export interface SessionEnd {
  ended: number
  left: number
  /** By Ctrl-C or Ctrl-D. */
  wasInterrupted: boolean
}

/** Works through the open incidents of an engineer, one at a time, each against the clock. Whatever was answered stands in the journal. */
export async function runSession(session: Session): Promise<SessionEnd> {
  const { tasks, journal, asker, say, pack } = session
  const attempts = foldAttempts(journal.events)
  const attemptAt = ({ incident }: DrillTask) => attempts.find((attempt) => attempt.incident === incident)
  for (const [index, task] of tasks.entries()) {
    const unfinished = attemptAt(task)
    const stop = (wasInterrupted: boolean): SessionEnd => ({ ended: index, left: tasks.length - index, wasInterrupted })
    say(
      '',
      `Incident ${task.incident}, ${index + 1} of ${tasks.length}, on ${task.arm}. Time-box ${clockText(pack.timeboxMs)}.`,
    )
    const start =
      unfinished === undefined ? 'Enter starts the clock' : `Enter goes on at ${clockText(unfinished.elapsedMs)}`
    const typed = await asker.ask(() => `${start}, /quit ends: `)
    if (typeof typed === 'string') return stop(true)
    if (commandOf(typed.line) === 'quit') return stop(false)
    const run = openAttempt(session, task, unfinished)
    say(...task.complaint.map((line) => `  ${line}`))
    const outcome = await askAll(session, run)
    if (outcome === 'closed' || outcome === 'left' || !(await finish(session, run, outcome)))
      return stop(outcome !== 'left')
    await session.onEnd()
  }
  return { ended: tasks.length, left: 0, wasInterrupted: false }
}

/** Asks from the first open question on, until all are answered, the time is up, or the engineer gives up or leaves. */
async function askAll(session: Session, run: AttemptRun): Promise<AttemptOutcome | 'closed' | 'left'> {
  const { pack, asker, say } = session
  const firstOpen = pack.questions.findIndex(({ id }) => !run.answers.has(id))
  let place = firstOpen === -1 ? pack.questions.length : firstOpen
  while (place < pack.questions.length) {
    const question = pack.questions[place]! // the loop ends before the last
    const prompt = () => promptOf(question, `${place + 1}/${pack.questions.length}`, run.clock.elapsedMs())
    const typed = await asker.ask(prompt, { onSecond: run.tick, isTimeUp: () => run.leftMs() <= 0 })
    if (typed === 'closed') return leave(run, 'closed')
    if (typed === 'time up' || run.leftMs() <= 0) {
      say('', 'The time-box is over. What you answered is kept.')
      return 'time-box'
    }
    const command = commandOf(typed.line)
    if (command === 'give up') return 'gave up'
    if (command === 'quit') return leave(run, 'left')
    if (command === 'pause' && !(await pause(asker, run))) return 'closed'
    if (command === 'back') place = Math.max(0, place - 1)
    if (command === 'help') say(...help)
    const answer = command === 'skip' ? [] : command === undefined ? parseAnswer(question, typed.line) : undefined
    if (typeof answer === 'string') say(`  ${answer}`)
    else if (answer !== undefined) {
      run.answers.set(question.id, answer)
      run.note({ event: 'answer', question: question.id, answer })
      place += 1
    }
  }
  return 'answered'
}

const help = [
  '  /skip: you cannot tell. /back: the question before. /pause: stops the clock.',
  '  /giveup: ends the incident. /quit, Ctrl-C: ends for now; the same command goes on where you are.',
]

function promptOf({ text, choices = [] }: Question, place: string, elapsedMs: number): string {
  const listed = choices.map((choice, index) => `${index + 1} ${choice}`).join(', ')
  return `[${clockText(elapsedMs)}] ${place} ${text}${listed === '' ? '' : ` (${listed})`} `
}

function leave<How extends 'closed' | 'left' | 'paused'>(run: AttemptRun, how: How): How {
  run.clock.stop()
  run.note({ event: 'pause' })
  return how
}

/** False if the engineer left for good while the clock stood. */
async function pause(asker: Asker, run: AttemptRun): Promise<boolean> {
  leave(run, 'paused')
  const typed = await asker.ask(() => `Paused at ${clockText(run.clock.elapsedMs())}. Enter goes on: `)
  if (typed === 'closed') return false
  run.clock.start()
  run.note({ event: 'resume' })
  return true
}

/** The clock stands; which other tools were needed is asked outside of it. False if the engineer left instead: then it is asked again. */
async function finish({ asker, say }: Session, run: AttemptRun, outcome: AttemptOutcome): Promise<boolean> {
  run.clock.stop()
  const listed = otherTools.map((tool, index) => `${index + 1} ${tool}`).join(', ')
  for (;;) {
    const typed = await asker.ask(
      () =>
        `Stopped at ${clockText(run.clock.elapsedMs())}. Which other tools did you have to open (${listed}; Enter for none)? `,
    )
    if (typeof typed === 'string') {
      // Whoever gives up and leaves has given up: only an answered attempt can still say more.
      if (outcome !== 'answered') run.note({ event: 'end', outcome })
      return false
    }
    const tools = parseTools(typed.line)
    if (typeof tools === 'string') {
      say(`  ${tools}`)
      continue
    }
    run.note({ event: 'tools', tools })
    run.note({ event: 'end', outcome })
    return true
  }
}
