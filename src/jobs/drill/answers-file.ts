import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { stringify } from 'yaml'
import { AnswersFile } from '../../config/drill-files.js'
import { parseYaml, readSmallFile } from '../../config/load.js'
import type { AttemptEvent } from '../../core/drill/attempt.js'
import type { Question } from '../../core/drill/questions.js'
import { parseAnswer } from '../../core/drill/typed-answer.js'
import { PilotError } from '../../core/errors.js'
import { otherTools } from '../../core/other-tools.js'
import { openTasks, type StartedDrill } from './start.js'

/** A form for the open incidents of an engineer, to be filled in with a watch beside it. */
export function formOf(started: StartedDrill): string {
  const { pack, engineer } = started
  const blank = Object.fromEntries(pack.questions.map(({ id }) => [id, null]))
  const attempts = openTasks(started).map(({ incident, arm, complaint }) => ({
    incident,
    arm,
    complaint,
    minutes: null,
    outcome: 'answered',
    answers: blank,
    tools: [],
  }))
  const asked = pack.questions.map(
    ({ id, text, choices }) => `#   ${id}: ${text}${choices === undefined ? '' : ` (${choices.join(' | ')})`}`,
  )
  return [
    `# Drill ${pack.drill}. Time each incident yourself: minutes from reading the complaint to the last answer.`,
    `# Time-box: ${pack.timeboxMs / 60_000} minutes. outcome: answered, gave up or time-box. An answer that you do not know stays empty.`,
    ...asked,
    `#   tools: which others you had to open (${otherTools.join(' | ')})`,
    '# Incidents whose minutes are left empty are left for later.',
    stringify({ drill: pack.drill, engineer, attempts }, { nullStr: '', aliasDuplicateObjects: false }),
  ].join('\n')
}

/** Notes the attempts of a filled form in the journal; says how many. Throws `PilotError` with everything that does not fit the drill, and then notes none. */
export function takeAnswers(
  path: string,
  started: StartedDrill,
  world: { cwd: string; nowMs(): number },
): { taken: number; left: number } {
  const hint = 'pilot drill start --form prints a form to fill in.'
  const file = parseYaml(readSmallFile(resolve(world.cwd, path), path), AnswersFile, { label: path, hint })
  const filled = file.attempts.filter(({ minutes }) => minutes !== null)
  const problems = problemsOf(file, filled, started)
  if (problems.length > 0) throw new PilotError(problems.map((problem) => `${path}: ${problem}`).join('\n'), { hint })
  const arms = new Map(started.tasks.map(({ incident, arm }) => [incident, arm]))
  for (const { incident, arm, minutes, outcome, answers, tools } of filled) {
    const event: AttemptEvent = {
      attempt: randomUUID(),
      seq: 0,
      event: 'stated',
      drill: started.pack.drill,
      incident,
      arm: arm ?? arms.get(incident)!, // problemsOf has looked it up
      engineer: started.engineer,
      atMs: world.nowMs(),
      elapsedMs: minutes! * 60_000, // filled
      outcome,
      answers: answersOf(answers, started.pack.questions),
      tools: tools ?? [],
    }
    started.journal.add(event)
  }
  return { taken: filled.length, left: openTasks(started).length }
}

function problemsOf(file: AnswersFile, filled: AnswersFile['attempts'], started: StartedDrill): string[] {
  const { pack, engineer, tasks } = started
  const open = new Set(openTasks(started).map(({ incident }) => incident))
  const of = [
    ...(file.drill !== undefined && file.drill !== pack.drill
      ? [`drill: is ${file.drill}, the drill here is ${pack.drill}`]
      : []),
    ...(file.engineer !== engineer ? [`engineer: is ${file.engineer}, --engineer says ${engineer}`] : []),
    ...(filled.length === 0 ? ['no attempt has its minutes'] : []),
  ]
  const each = filled.flatMap(({ incident, arm, answers }, index) => {
    const task = tasks.find((one) => one.incident === incident)
    const at = `attempts.${index}`
    if (task === undefined) return [`${at}.incident: ${incident} is not among those of ${engineer}`]
    if (!open.has(incident) || filled.findIndex((one) => one.incident === incident) < index)
      return [`${at}.incident: ${incident} was met before; nobody meets an incident twice`]
    if (arm !== undefined && arm !== task.arm) return [`${at}.arm: ${incident} is met on ${task.arm}, not on ${arm}`]
    return Object.entries(answers).flatMap(([id, answer]) => {
      const question = pack.questions.find((one) => one.id === id)
      if (question === undefined) return [`${at}.answers.${id}: no such question`]
      const parsed = answer.length === 0 ? [] : parseAnswer(question, answer.join(','))
      return typeof parsed === 'string' ? [`${at}.answers.${id}: ${parsed}`] : []
    })
  })
  return [...of, ...each]
}

function answersOf(answers: Record<string, string[]>, questions: readonly Question[]): Record<string, string[]> {
  const parsed = questions.flatMap((question) => {
    const given = Object.hasOwn(answers, question.id) ? answers[question.id]! : []
    const answer = given.length === 0 ? [] : parseAnswer(question, given.join(','))
    return typeof answer === 'string' || answer.length === 0 ? [] : [[question.id, answer] as const]
  })
  return Object.fromEntries(parsed)
}
