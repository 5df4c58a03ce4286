import type { WorkloadRun } from './outage.js'

/** How runtimes tell of an error that nobody caught. */
const uncaughtError =
  /unhandled ?(?:promise)? ?rejection|uncaught|triggerUncaughtException|^Node\.js v\d|^Traceback \(most recent call last\)|^panic:|^Exception in thread/i
/** Characters of a line: enough to name an error, and little of what it may quote. */
const most = 200
const dropped = /\bdropp(?:ed|ing) (\d{1,9}) (?:spans?|traces?|records?|events?|items?|messages?|logs?)\b/gi

/** What standard error tells: lines, an error that nobody caught, records that the SDK says to have dropped. */
export function signsOfTrouble(
  errors: string,
): Pick<WorkloadRun, 'errorLines' | 'uncaught' | 'lastError' | 'saidDropped'> {
  const lines = errors.split('\n').filter((line) => line.trim() !== '')
  const place = lines.findIndex((line) => uncaughtError.test(line))
  let saidDropped = 0
  for (const [, count] of errors.matchAll(dropped)) saidDropped += Number(count)
  return {
    errorLines: lines.length,
    uncaught: place === -1 ? undefined : (messageOf(lines) ?? lines[place])?.slice(0, most),
    lastError: lines.at(-1)?.slice(0, most) ?? '',
    saidDropped,
  }
}

/** The line that names the error: `TypeError: fetch failed`. */
function messageOf(lines: readonly string[]): string | undefined {
  return lines.find((line) => /^\s*(?:Uncaught )?[\w.]*(?:Error|Exception)(?: \[\w+\])?:/.test(line))?.trim()
}
