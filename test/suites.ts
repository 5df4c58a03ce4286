import { readRunResults, readRuns } from '../src/store/evals.js'
import { jsonLines, stored } from './project.js'

/** `evals` with the suite `answers`: its checks, and what else it says, each on its line. */
export function suiteOf(checks: string, ...more: string[]): string {
  const lines = more.length === 0 ? ['dataset: cases.jsonl'] : more
  return `evals:\n  suites:\n    - id: answers\n${lines.map((line) => `      ${line}\n`).join('')}      checks: [${checks}]\n`
}

/** The dataset of that suite. */
export const cases = (...rows: object[]) => ({ 'cases.jsonl': jsonLines(rows) })

/** Outcome and reason of each result of a run, the last unless named: `case check`, or `case#repeat check` from the second on. */
export function resultsOf(folder: string, run?: string): Record<string, string> {
  return stored(folder, (db) => {
    const id = run ?? readRuns(db).at(-1)!.id
    return Object.fromEntries(
      readRunResults(db, id).map(({ caseId, repeat, check, outcome, reason }) => [
        `${caseId}${repeat > 1 ? `#${repeat}` : ''} ${check}`,
        `${outcome}: ${reason}`,
      ]),
    )
  })
}

/** The outcomes alone. */
export function outcomesOf(folder: string, run?: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(resultsOf(folder, run)).map(([place, text]) => [place, text.slice(0, text.indexOf(':'))]),
  )
}
