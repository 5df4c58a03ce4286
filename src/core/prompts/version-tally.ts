import type { Sample, Share } from '../evidence.js'
import { entryOf } from '../keys.js'
import { modelOf, type Run } from '../run.js'
import { addCase, addValue, emptySample, emptyShare } from '../sample.js'
import { runValue, startOf } from '../select.js'
import { stepName } from '../step.js'
import { hasField, type TraceSpan } from '../trace.js'
import { evenSample } from './even-sample.js'

/** A span that holds the text of a prompt version, and the run that it is of. */
export interface TextPlace {
  traceId: string
  spanId: string
  rootId: string
  startMs: number | undefined
}

/** One version of a prompt, over the runs in which a span names it. */
export interface SeenVersion {
  name: string
  version: string
  runs: number
  /** When the first and the last of these runs began, epoch milliseconds; undefined where no run has a start. */
  firstMs: number | undefined
  lastMs: number | undefined
  /** Of whole runs. */
  latencyMs: Sample
  costUsd: Sample
  errors: Share
  /** Of the model calls made with it: those that failed. */
  callErrors: Share
  /** Of thumbs given to its runs: those that were down. */
  thumbsDown: Share
  /** Of scores with a number, by name. */
  scores: Map<string, Sample>
  /** Models that were asked, with calls; tools that were called, with runs. */
  models: Map<string, number>
  tools: Map<string, number>
  releases: Map<string, number>
  texts: { add(place: TextPlace): void; items(): readonly TextPlace[] }
  /** Of the run that began last; undefined where no run has a start. */
  lastText: TextPlace | undefined
}

/** What was said of a run. */
export interface Said {
  /** Each true where it was down. */
  thumbs: readonly boolean[]
  scores: readonly { name: string; value: number }[]
}

/** Runs with an answer of a prompt whose version is not stated. */
interface Unversioned {
  name: string
  runs: number
  examples: string[]
}

export type VersionTally = ReturnType<ReturnType<typeof versionTally>['result']>

/** How many runs of a version have their text read later, at most: enough to meet a text that one run in 300 has. */
const textsPerVersion = 1000

/** Counts prompt versions over runs that are added one by one. */
export function versionTally() {
  const versions = new Map<string, SeenVersion>()
  const unversioned = new Map<string, Unversioned>()
  const unnamed: Omit<Unversioned, 'name'> = { runs: 0, examples: [] }
  /** Runs by prompt, each once however many versions it has. */
  const runsOf = new Map<string, number>()
  let runs = 0
  return {
    add(run: Run, said: Said): void {
      runs += 1
      const found = spansByVersion(run)
      for (const spans of found.values()) addRun(versions, run, { spans, said })
      const bare = run.calls.filter(({ status, promptVersion }) => status !== 'error' && !promptVersion)
      for (const name of new Set(bare.map(({ promptName }) => promptName)))
        addExample(name ? entryOf(unversioned, name, emptyUnversioned) : unnamed, run.trace.traceId)
      const names = [...found.values(), ...bare.map((span) => [span])].flatMap(([span]) => span?.promptName || [])
      for (const name of new Set(names)) runsOf.set(name, (runsOf.get(name) ?? 0) + 1)
    },
    result: () => ({ runs, runsOf, versions: [...versions.values()], unversioned: [...unversioned.values()], unnamed }),
  }
}

/** The spans of a run that name a version of a prompt, of whatever kind. */
function spansByVersion({ trace }: Run): Map<string, TraceSpan[]> {
  const found = new Map<string, TraceSpan[]>()
  for (const span of trace.spans) {
    if (!span.promptName || !span.promptVersion) continue
    const key = JSON.stringify([span.promptName, span.promptVersion])
    const spans = found.get(key)
    if (spans === undefined) found.set(key, [span])
    else spans.push(span)
  }
  return found
}

function addRun(
  versions: Map<string, SeenVersion>,
  run: Run,
  { spans, said }: { spans: readonly TraceSpan[]; said: Said },
): void {
  const [first] = spans
  if (!first?.promptName || !first.promptVersion) return
  const { promptName: name, promptVersion: version } = first
  const key = JSON.stringify([name, version])
  const seen = entryOf(versions, key, (kept) =>
    emptyVersion(kept === key ? { name, version } : { name: kept, version: '' }),
  )
  seen.runs += 1
  addValue(seen.latencyMs, run.latencyMs)
  addValue(seen.costUsd, run.cost.total)
  addCase(seen.errors, run.root.status === 'error')
  const isCall = new Set(run.calls)
  for (const span of spans) {
    if (!isCall.has(span)) continue
    addCase(seen.callErrors, span.status === 'error')
    addOne(seen.models, modelOf(span))
  }
  for (const isDown of said.thumbs) addCase(seen.thumbsDown, isDown)
  for (const score of said.scores) addValue(entryOf(seen.scores, score.name, emptySample), score.value)
  const tools = run.trace.spans.filter(({ kind }) => kind === 'tool')
  for (const tool of new Set(tools.map(stepName))) addOne(seen.tools, tool)
  addOne(seen.releases, runValue(run.trace, run.root, 'release'))
  addPlace(
    seen,
    run,
    spans.find((span) => hasField(span, 'template')) ?? spans.find((span) => isCall.has(span)) ?? first,
  )
}

/** Remembers where its text stands: in a span with the template, else in a model call, whose messages may hold it. */
function addPlace(seen: SeenVersion, { trace, root }: Run, { spanId }: TraceSpan): void {
  const startMs = startOf(trace)
  const place = { traceId: trace.traceId, spanId, rootId: root.spanId, startMs }
  seen.texts.add(place)
  if (startMs === undefined) return
  if (seen.lastMs === undefined || startMs >= seen.lastMs) seen.lastText = place
  seen.firstMs = Math.min(seen.firstMs ?? startMs, startMs)
  seen.lastMs = Math.max(seen.lastMs ?? startMs, startMs)
}

function addOne(counts: Map<string, number>, key: string | undefined): void {
  if (key) counts.set(key, (counts.get(key) ?? 0) + 1)
}

function addExample(entry: { runs: number; examples: string[] }, traceId: string): void {
  entry.runs += 1
  if (entry.examples.length < 10) entry.examples.push(traceId)
}

const emptyUnversioned = (name: string): Unversioned => ({ name, runs: 0, examples: [] })

function emptyVersion(label: Pick<SeenVersion, 'name' | 'version'>): SeenVersion {
  return {
    ...label,
    runs: 0,
    firstMs: undefined,
    lastMs: undefined,
    latencyMs: emptySample(),
    costUsd: emptySample(),
    errors: emptyShare(),
    callErrors: emptyShare(),
    thumbsDown: emptyShare(),
    scores: new Map(),
    models: new Map(),
    tools: new Map(),
    releases: new Map(),
    texts: evenSample(textsPerVersion),
    lastText: undefined,
  }
}
