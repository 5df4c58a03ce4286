import type { RunTally } from './evidence.js'
import { entryOf } from './keys.js'
import type { Run } from './run.js'
import { addCase, emptyShare } from './sample.js'
import { stepName } from './step.js'

type PromptVersion = RunTally['promptVersions'][number]
type Unmapped = RunTally['unmapped'][number]

/** Which outputs can be traced to a prompt version, over runs that are added one by one. */
export function promptTally() {
  const promptMapped = emptyShare()
  const unmapped = new Map<string, Unmapped>()
  const versions = new Map<string, PromptVersion>()
  return {
    add(run: Run): void {
      // A call that failed has no output to explain.
      for (const call of run.calls.filter(({ status }) => status !== 'error')) {
        const isMapped = Boolean(call.promptName && call.promptVersion)
        addCase(promptMapped, isMapped)
        if (!isMapped) addUnmapped(entryOf(unmapped, stepName(call), emptyUnmapped), run.trace.traceId)
      }
      for (const version of versionsIn(run, versions)) version.runs += 1
    },
    result: () => ({
      promptMapped,
      unmapped: [...unmapped.values()].sort((a, b) => b.spans - a.spans).slice(0, 20),
      promptVersions: [...versions.values()].sort((a, b) => b.spans - a.spans),
    }),
  }
}

/** Counts every span with a prompt version, whatever its kind, and gives back the versions met in this run. */
function versionsIn({ trace }: Run, versions: Map<string, PromptVersion>): Set<PromptVersion> {
  const met = new Set<PromptVersion>()
  for (const { promptName: name, promptVersion: version } of trace.spans) {
    if (!name || !version) continue
    const key = JSON.stringify([name, version])
    const entry = entryOf(versions, key, (kept) => {
      return { ...(kept === key ? { name, version } : { name: kept, version: '' }), spans: 0, runs: 0 }
    })
    entry.spans += 1
    met.add(entry)
  }
  return met
}

function emptyUnmapped(name: string): Unmapped {
  return { name, spans: 0, examples: [] }
}

function addUnmapped(entry: Unmapped, traceId: string): void {
  entry.spans += 1
  if (entry.examples.length < 10 && entry.examples.at(-1) !== traceId) entry.examples.push(traceId)
}
