import type { Criterion } from '../core/criterion.js'
import { exampleLine } from './examples.js'
import { measureShare } from './share.js'

/** Share of production outputs that name the prompt and the version that made them. */
export const promptVersionMapped: Criterion = {
  id: 'prompt-version-mapped',
  title: 'Outputs with prompt version',
  line: 'prompt management',
  unit: 'share',
  defaultTarget: { comparison: '==', value: 1 },
  mustByDefault: true,
  query: "pilot capture --json | jq '.platforms[].promptMapped'",
  measure({ tally: { promptMapped, promptVersions, unmapped } }) {
    const [most] = unmapped
    return measureShare(promptMapped, {
      counted: 'outputs name their prompt and its version',
      none: 'No run has a model call that answered.',
      next: 'pilot capture',
      note:
        most &&
        `without: ${most.spans} in ${most.name}${unmapped.length > 1 ? ` and ${unmapped.length - 1} more` : ''}`,
      evidence: [
        'rule: model calls that answered, with prompt name and version on the call or above it',
        ...promptVersions.map(
          ({ name, version, spans, runs }) => `${name}@${version}: ${spans} outputs in ${runs} runs`,
        ),
        ...unmapped.flatMap(({ name, spans, examples }) =>
          exampleLine(`${name}: ${spans} without a version`, examples),
        ),
      ],
    })
  },
}
