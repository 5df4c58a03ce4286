import type { Criterion } from '../core/criterion.js'
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
  query: "pilot prompts tests --json | jq '.platforms[].tests'",
  measure({ rollbacks: { rollbacks, shown, unknown, examples } }) {
    return measureShare(shown, {
      counted: 'runs after a rollback show the version gone back to',
      none:
        rollbacks === 0
          ? 'No rollback of a prompt is stored.'
          : 'No run that names its prompt version came later than 15 minutes after a rollback.',
      next: rollbacks === 0 ? 'pilot ingest <deployments> --as deployments' : 'pilot prompts tests',
      evidence: [
        'rule: runs that begin later than 15 minutes after a rollback, before the next change, and name their prompt version',
        `rollbacks: ${rollbacks}; runs after them without a version, not counted: ${unknown}`,
        ...exampleLine('another version', examples),
      ],
    })
  },
}
