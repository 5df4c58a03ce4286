import type { Criterion } from '../core/criterion.js'
import { durationText } from '../core/duration.js'
import { type RecordedTests, sinceText } from '../core/prompts/recorded.js'
import { exampleLine } from './examples.js'
import { measureShare } from './share.js'

/** Share of traces that run the old version again after a rollback. */
export const promptRollback: Criterion = {
  id: 'prompt-rollback',
  title: 'Rollback seen in traces',
  line: 'prompt management',
  unit: 'share',
  defaultTarget: { comparison: '==', value: 1 },
  mustByDefault: false,
  query: "pilot prompts tests --dry-run --json | jq '.platforms[].tests'",
  measure({ rollbacks: { withinMs, rollbacks, shown, unknown, examples }, promptTests }) {
    const within = durationText(withinMs)
    const recorded = promptTests && recordedText(promptTests)
    return measureShare(shown, {
      counted: 'runs after a rollback show the version gone back to',
      none:
        rollbacks === 0
          ? 'No rollback of a prompt is stored.'
          : `No run that names its prompt version came later than ${within} after a rollback.`,
      next: rollbacks === 0 ? 'pilot ingest <deployments> --as deployments' : 'pilot prompts tests',
      ...(recorded !== undefined && { note: recorded }),
      evidence: [
        `rule: runs that begin later than ${within} after a rollback, before the next change, and name their prompt version`,
        `rollbacks: ${rollbacks}; runs after them without a version, not counted: ${unknown}`,
        `test rollback-reflected: ${recorded ?? 'not recorded: pilot prompts tests'}`,
        ...exampleLine('another version', examples),
      ],
    })
  },
}

/** `recorded 2026-03-20 as passed by lead; 412 runs since`. */
function recordedText({ record: { results, timeMs, by }, since }: RecordedTests): string {
  const status = results.find(({ test }) => test === 'rollback-reflected')?.status ?? 'not measured'
  const who = by === undefined ? '' : ` by ${by}`
  return `recorded ${new Date(timeMs).toISOString().slice(0, 10)} as ${status}${who}; ${sinceText(since)}`
}
