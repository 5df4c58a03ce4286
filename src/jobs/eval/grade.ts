import type { Errand, Grade, Item } from '../../checks/check.js'
import { checks } from '../../checks/index.js'
import type { SuiteConfig } from '../../config/sections/evals.js'
import type { Case } from '../../core/eval/case.js'
import { type CheckResult, failedCheck, unscored } from '../../core/eval/result.js'
import type { RunCheck } from '../../core/eval/run.js'
import { runCommand } from '../../io/run-command.js'
import type { judgeAsker, Said } from './ask-judge.js'
import { hashOf } from './hash.js'
import { type Judge, judgeHashFor } from './judges.js'
import type { Produced } from './targets/target.js'

/** A check of a suite, made ready. */
export interface ReadyCheck {
  use: RunCheck
  grade: Grade
  /** Whether a result costs money or time: it asks a judge or runs a program. */
  isDear: boolean
}

/** Makes the checks of a suite ready. Throws `PilotError` for settings that cannot work. */
export async function readyChecks(suite: SuiteConfig, judges: ReadonlyMap<string, Judge>): Promise<ReadyCheck[]> {
  const specs = new Map([...judges].map(([id, { spec }]) => [id, spec]))
  const ready: ReadyCheck[] = []
  for (const { id, check: name, gate, settings } of suite.checks) {
    const check = checks.find((each) => each.name === name)! // the config was checked against the same list
    const judge = typeof settings.judge === 'string' ? judges.get(settings.judge) : undefined
    ready.push({
      use: {
        id,
        check: name,
        gate,
        hash: hashOf({ name, settings, judge: judge?.hash }),
        ...(judge && { judge: { id: judge.spec.id, hash: judgeHashFor(judge, name) } }),
      },
      grade: await check.prepare(settings, { judges: specs }),
      isDear: judge !== undefined || name === 'command',
    })
  }
  return ready
}

/** The judges that these checks ask, each once. */
export function askedJudges(ready: readonly ReadyCheck[], judges: ReadonlyMap<string, Judge>): Judge[] {
  const ids = new Set(ready.flatMap(({ use }) => use.judge?.id ?? []))
  return [...judges.values()].filter(({ spec }) => ids.has(spec.id))
}

type JudgeErrand = Extract<Errand, { kind: 'judge' }>
type Answered = Exclude<Said, { failure: string }>

interface GradeWorld {
  ask: ReturnType<typeof judgeAsker>
  judges: ReadonlyMap<string, Judge>
  cwd: string
  /** A judge's answers that nobody could use are not taken from those that were kept. */
  retriesErrors: boolean
  signal: AbortSignal
}

/** What every check says of what a case came to, and what asking cost each of them: undefined where that is unknown. */
export async function gradeOutput(
  ready: readonly ReadyCheck[],
  { given, produced }: { given: Case; produced: Produced },
  world: GradeWorld,
): Promise<{ results: Map<string, CheckResult>; judgingUsd: (number | undefined)[] }> {
  const results = new Map<string, CheckResult>()
  const judgingUsd: (number | undefined)[] = []
  for (const check of ready) {
    const { id } = check.use
    if ('failure' in produced) results.set(id, failedCheck(`no output: ${produced.failure}`))
    else if ('missing' in produced) results.set(id, unscored(produced.missing))
    else {
      const { result, costUsd } = await gradeItem(check, { case: given, output: produced.output }, world)
      results.set(id, result)
      judgingUsd.push(costUsd)
    }
  }
  return { results, judgingUsd }
}

interface Graded {
  result: CheckResult
  /** Undefined where nobody knows. */
  costUsd: number | undefined
}

/** What a check says of an output, after whatever it had to ask. */
async function gradeItem({ grade }: ReadyCheck, item: Item, world: GradeWorld): Promise<Graded> {
  const first = grade(item)
  if (!('kind' in first)) return { result: first, costUsd: 0 }
  if (first.kind === 'judge') return askedOfJudge(first, world)
  const { argv, input, timeoutMs, read } = first
  const ended = await runCommand(argv, { input, timeoutMs, cwd: world.cwd, signal: world.signal })
  return { result: 'failure' in ended ? failedCheck(ended.failure) : read(ended), costUsd: 0 }
}

/** What a judge says. One who does errors again would be given the same unusable answers for ever, so these are asked for anew. */
async function askedOfJudge(errand: JudgeErrand, world: GradeWorld): Promise<Graded> {
  const { keptAnswers, ...first } = await answersOf(errand, world)
  if (!world.retriesErrors || first.result.outcome !== 'error' || keptAnswers.length === 0) return first
  for (const { forget } of keptAnswers) forget()
  const { result, costUsd } = await answersOf(errand, world)
  return { result, costUsd: plus(first.costUsd, costUsd) }
}

async function answersOf(
  { judge: id, asks, read }: JudgeErrand,
  { ask, judges, signal }: GradeWorld,
): Promise<Graded & { keptAnswers: Answered[] }> {
  const judge = judges.get(id)
  if (judge === undefined) return { result: failedCheck(`there is no judge ${id}`), costUsd: 0, keptAnswers: [] }
  const answers: string[] = []
  const keptAnswers: Answered[] = []
  let costUsd: number | undefined = 0
  for (const messages of asks) {
    const said = await ask(judge, messages, 0, signal)
    if ('failure' in said)
      return { result: failedCheck(`the judge did not answer: ${said.failure}`), costUsd, keptAnswers: [] }
    costUsd = plus(costUsd, said.costUsd)
    answers.push(said.answer)
    if (said.isCached) keptAnswers.push(said)
  }
  return { result: read(answers), costUsd, keptAnswers }
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}
