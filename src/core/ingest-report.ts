/** `line` is 1-based; 0 where the problem is not one line's. */
export interface LineProblem {
  line: number
  message: string
}

export interface Tally {
  added: number
  updated: number
  unchanged: number
}

/** What became of one file; the shape of `pilot ingest --json`. */
export interface FileReport {
  path: string
  format: string | null
  platform: string
  /** `refused`: nothing of it was kept. */
  state: 'reading' | 'complete' | 'incomplete' | 'refused'
  records: number
  /** Spans, and what the other kinds of file hold in their place. */
  spans: Tally
  /** Rows about whole traces, which are no spans. */
  traceRows: Tally
  requests: Tally
  /** Lines of a bill. */
  billing: Tally
  deployments: Tally
  /** Events of attempts at drills; one that was timed by hand is one. */
  attempts: Tally
  labels: Tally
  logEntries: Tally
  scores: number
  feedback: number
  skipped: Record<string, number>
  problems: LineProblem[]
  /** Problems beyond the first thousand are counted only. */
  problemsOmitted: number
  /** A last line that is still being written: 1, and the next run completes it. */
  pending: number
  /** Records in which invalid UTF-8 was replaced. */
  replacedUtf8: number
  /** Names of prompts, and deletions of records, that the file tells. */
  promptNames: number
  deletions: number
  /** Spans and rows that were left out, since what they are of was purged. */
  purged: number
  /** Traces, requests … that had been purged and were let in again. */
  restored: number
  /** Keys that the format is not known to have, with the line where each was first seen; kept as attributes. */
  unexpected: { key: string; records: number; line: number }[]
  /** Privacy rule → values it changed. */
  redacted: Record<string, number>
  /** Why the file was refused or is incomplete, and what to do. */
  error: { message: string; hint: string | null } | null
}

/** The report of a file of which nothing was read yet. */
export function emptyReport(path: string, platform: string): FileReport {
  const none = () => ({ added: 0, updated: 0, unchanged: 0 })
  return {
    path,
    format: null,
    platform,
    state: 'reading',
    records: 0,
    spans: none(),
    traceRows: none(),
    requests: none(),
    billing: none(),
    deployments: none(),
    attempts: none(),
    labels: none(),
    logEntries: none(),
    scores: 0,
    feedback: 0,
    skipped: Object.create(null),
    problems: [],
    problemsOmitted: 0,
    pending: 0,
    replacedUtf8: 0,
    promptNames: 0,
    deletions: 0,
    purged: 0,
    restored: 0,
    unexpected: [],
    redacted: {},
    error: null,
  }
}

/** Notes a problem; the list stays short enough to keep, the count stays right. */
export function addProblem(report: FileReport, line: number, message: string): void {
  if (report.problems.length < 1000) report.problems.push({ line, message })
  else report.problemsOmitted += 1
}

/** Most keys that are listed; an export whose keys are data has one in each record. */
const mostKeys = 50

/** Notes a key that the format is not known to have. */
export function addUnexpected(report: FileReport, key: string, records: number, line: number): void {
  const entry = report.unexpected.find((each) => each.key === key)
  if (entry) entry.records += records
  else if (report.unexpected.length < mostKeys) report.unexpected.push({ key, records, line })
}

/** Adds to a report what became of more of the same source. */
export function addReport(report: FileReport, more: FileReport): void {
  for (const what of ['spans', 'traceRows'] as const)
    for (const outcome of ['added', 'updated', 'unchanged'] as const) report[what][outcome] += more[what][outcome]
  for (const what of ['records', 'scores', 'feedback', 'promptNames', 'deletions', 'purged', 'restored'] as const)
    report[what] += more[what]
  for (const what of ['skipped', 'redacted'] as const)
    for (const [name, times] of Object.entries(more[what])) report[what][name] = (report[what][name] ?? 0) + times
  for (const { line, message } of more.problems) addProblem(report, line, message)
  report.problemsOmitted += more.problemsOmitted
  for (const { key, records, line } of more.unexpected) addUnexpected(report, key, records, line)
}
