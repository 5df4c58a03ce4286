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
  requests: Tally
  deployments: Tally
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
    requests: none(),
    deployments: none(),
    scores: 0,
    feedback: 0,
    skipped: Object.create(null),
    problems: [],
    problemsOmitted: 0,
    pending: 0,
    replacedUtf8: 0,
    redacted: {},
    error: null,
  }
}

/** Notes a problem; the list stays short enough to keep, the count stays right. */
export function addProblem(report: FileReport, line: number, message: string): void {
  if (report.problems.length < 1000) report.problems.push({ line, message })
  else report.problemsOmitted += 1
}
