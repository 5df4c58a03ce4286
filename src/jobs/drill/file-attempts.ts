import type { Readable } from 'node:stream'
import { type AttemptEvent, foldAttempts } from '../../core/drill/attempt.js'
import { judgeAttempt } from '../../core/drill/judge-attempt.js'
import { questions } from '../../core/drill/questions.js'
import { assembleDrillReport, type DrillReport } from '../../core/drill/report.js'
import { exitCodes, PilotError } from '../../core/errors.js'
import type { LineProblem } from '../../core/ingest-report.js'
import { seededRandom } from '../../core/seeded-random.js'
import { readAttempt } from '../../formats/attempts.js'
import { placeInFile, readFileRows } from '../read-rows.js'

const timeboxMs = 30 * 60_000

/** The report of the attempts in a file that state whether they were diagnoses, with no pilot around it; the baseline is the arm of that name, else the first. */
export async function reportFile(
  path: string,
  world: { stdin: Readable; cwd: string },
): Promise<{ report: DrillReport; problems: LineProblem[] }> {
  const place = placeInFile()
  const events: AttemptEvent[] = []
  const problems: LineProblem[] = []
  for await (const entry of readFileRows(path, world)) {
    const event = 'problem' in entry ? entry.problem : readAttempt(entry.row, {}, place)
    if (typeof event === 'string') problems.push({ line: entry.line, message: event })
    else events.push(event)
  }
  if (events.length === 0)
    throw new PilotError(`${path} holds no attempt: ${problems[0]?.message ?? 'it is empty'}.`, {
      hint: 'Columns: arm, minutes, diagnosed (yes or no); 90+ minutes is an attempt that the time-box ended.',
      exitCode: exitCodes.io,
    })
  const attempts = foldAttempts(events).map((attempt) => ({
    ...judgeAttempt(attempt, questions, new Map(), timeboxMs),
    ...(attempt.incident !== undefined && { item: attempt.incident }),
  }))
  const arms = [...new Set(events.map(({ arm }) => arm))]
  const baseline = arms.includes('baseline') ? 'baseline' : arms[0]
  const report = assembleDrillReport({
    attempts,
    arms: arms.map((platform) => ({ platform, role: platform === baseline ? 'baseline' : 'candidate' })),
    questions: questions.map(({ id }) => id),
    limitMinutes: 10,
    test: 'log-rank',
    random: seededRandom(1),
  })
  return { report, problems }
}
