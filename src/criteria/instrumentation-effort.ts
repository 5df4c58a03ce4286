import type { Criterion } from '../core/criterion.js'
import type { GitWork } from '../core/log-entry.js'
import { daysToFirstTrace } from '../core/people.js'
import { plain } from './plain.js'

/** Engineering hours that were logged for the platform until its traces were good enough to measure. */
export const instrumentationEffort: Criterion = {
  id: 'instrumentation-effort',
  title: 'Hours to instrument',
  line: 'instrumentation effort',
  unit: 'hours',
  defaultTarget: { comparison: '<=', value: 40 },
  mustByDefault: false,
  query: "pilot log list --kind effort --json | jq '.effort'",
  measure({ people: { effort, firstTraceMs } }) {
    const git = effort.git.map((work) => gitLine(work, firstTraceMs))
    if (effort.entries === 0)
      return { measured: false, reason: 'Nobody has logged hours.', next: 'pilot log effort', evidence: git }
    const byActivity = effort.byActivity.map(({ activity, hours }) => `${activity} ${plain(hours)} h`)
    return {
      measured: true,
      value: effort.hours,
      unit: 'hours',
      n: effort.entries,
      evidence: [`${plain(effort.hours)} h in ${effort.entries} entries: ${byActivity.join(', ')}`, ...git],
    }
  },
}

function gitLine(work: GitWork, firstTraceMs: number | undefined): string {
  const days = daysToFirstTrace(work, firstTraceMs)
  const binary = work.binaryFiles === 0 ? '' : `, ${work.binaryFiles} of them binary`
  const delay =
    days === undefined
      ? 'days to the first trace unknown'
      : `${plain(days)} days from its first commit to the first trace`
  return `git ${work.from}..${work.to}: ${plain(work.commits)} commits, ${plain(work.files)} files${binary}, ${plain(work.linesAdded)} lines added, ${plain(work.linesRemoved)} removed; ${delay}`
}
