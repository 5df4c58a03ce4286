import type { Criterion } from '../core/criterion.js'
import { type CanaryResult, verdictCounts } from '../core/probes/privacy.js'
import { exampleLine } from './examples.js'

/** Planted canaries that were found where they were declared to be removed, in the platform's export or in this pilot; 0 is wanted. */
export const canaryLeaks: Criterion = {
  id: 'canary-leaks',
  title: 'Leaked canaries',
  line: 'production safety',
  unit: 'count',
  defaultTarget: { comparison: '==', value: 0 },
  mustByDefault: false,
  query: "pilot probe privacy list --json | jq '.runs'",
  measure({ probes: { privacy } }) {
    if (privacy === undefined)
      return { measured: false, reason: 'No canaries were looked for.', next: 'pilot probe privacy plant' }
    const { canaries, requests, unread, set } = privacy.result
    const counts = verdictCounts(privacy.result)
    const n = canaries.length - counts['not measured']
    const next = 'pilot probe privacy verify <export>'
    const hidden = unread.filter(({ place }) => place === 'export')
    const missing = counts['not measured']
    if (counts.leaked === 0 && missing > 0)
      return {
        measured: false,
        reason: `The requests of ${missing} of ${canaries.length} canaries are seen in no export.`,
        next,
      }
    if (counts.leaked === 0 && hidden.length > 0)
      return { measured: false, reason: `${hidden.length} exports could not be searched to their end.`, next }
    return {
      measured: true,
      value: counts.leaked,
      unit: 'count',
      n,
      x: counts.leaked,
      whole: true,
      note: noteOf(counts),
      evidence: [
        `canaries of set ${set} that were declared to be removed and stand somewhere in full; n is those whose request is seen in an export`,
        `requests seen: ${requests.arrived} of ${requests.planted}`,
        ...canaries
          .filter(({ verdict }) => verdict === 'leaked')
          .slice(0, 10)
          .map(leakLine),
        // Files beside the pilot, such as an archive: of what they hold nothing is said.
        ...exampleLine(
          `not searched to their end: ${unread.length}`,
          unread.map(({ path }) => path),
        ),
      ],
    }
  },
}

function noteOf(counts: Record<CanaryResult['verdict'], number>): string | undefined {
  const parts = [
    counts['not measured'] > 0 ? `${counts['not measured']} not measured` : undefined,
    counts['less removed'] > 0 ? `${counts['less removed']} less removed than declared` : undefined,
    counts['more removed'] > 0 ? `${counts['more removed']} more removed than declared` : undefined,
  ]
  return parts.filter((part) => part !== undefined).join(', ') || undefined
}

/** Says where a value stands, never the value. */
function leakLine({ id, declared, finds }: CanaryResult): string {
  const places = finds.slice(0, 3).map(({ file, line, encoding }) => {
    return `${file}${line === undefined ? '' : `:${line}`} (${encoding})`
  })
  return `${id}, declared ${declared}: ${places.join(', ')}`
}
