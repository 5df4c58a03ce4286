import type { Deployment } from '../deployment.js'
import type { TextDiff, VersionSide } from '../prompts/diff-sides.js'
import type { DistinctText, Drift } from '../prompts/drift.js'
import type { PromptTimeline, TimelineVersion, VersionEval } from '../prompts/timeline.js'
import type { SeenVersion } from '../prompts/version-tally.js'
import type { Names } from './names.js'
import { each, none, only } from './sight.js'

/** What `pilot prompts list` shows of one platform. */
export interface PromptList {
  /** Of the workflow in the window. */
  runs: number
  /** Runs with an answer that names no prompt. */
  unnamed: { runs: number; examples: string[] }
  prompts: PromptTimeline[]
}

/** A list without ids of runs, and without who deployed or reviewed and what was written about it. */
export function listForProduct<T extends PromptList & { platform: string; role: 'candidate' | 'baseline' }>(
  { platform, role, runs, unnamed, prompts }: T,
  names: Names,
) {
  return { platform, role, runs, unnamed: bareRuns(unnamed), prompts: prompts.map(timelineSight(names)) }
}

const bareRuns = ({ runs }: { runs: number }) => ({ runs, examples: [] })

function timelineSight(names: Names): (prompt: PromptTimeline) => PromptTimeline {
  return only<PromptTimeline>({
    name: (name) => names.of('prompt', name),
    runs: 'shown',
    versions: each(versionSight(names)),
    unversioned: bareRuns,
    neverSeen: each(deploymentSight(names)),
  })
}

function versionSight(names: Names): (version: TimelineVersion) => TimelineVersion {
  return only<TimelineVersion>({
    seen: seenSight(names),
    traffic: 'shown',
    drift: only<Drift>({
      sort: 'shown',
      compared: 'shown',
      without: 'shown',
      texts: each(only<DistinctText>({ hash: digest, runs: 'shown', firstMs: 'shown', examples: none })),
      state: 'shown',
    }),
    sameTextAs: each((version) => names.of('version', version)),
    evals: each(
      only<VersionEval>({
        prompt: (prompt) => names.ofPrompt(prompt),
        suite: (suite) => names.of('suite', suite),
        run: (run) => names.of('eval run', run),
        rate: 'shown',
      }),
    ),
    deployments: each(deploymentSight(names)),
    deployedHashes: none,
  })
}

function seenSight(names: Names): (seen: SeenVersion) => SeenVersion {
  return only<SeenVersion>({
    name: (name) => names.of('prompt', name),
    version: (version) => names.of('version', version),
    runs: 'shown',
    firstMs: 'shown',
    lastMs: 'shown',
    latencyMs: 'shown',
    costUsd: 'shown',
    errors: 'shown',
    callErrors: 'shown',
    thumbsDown: 'shown',
    scores: (scores) => renamed(scores, 'score', names),
    models: (models) => renamed(models, 'model', names),
    tools: (tools) => renamed(tools, 'tool', names),
    releases: (releases) => renamed(releases, 'release', names),
    texts: () => ({ add: () => undefined, items: none }),
    lastText: 'hidden',
  })
}

/** Counts by name, under names that may be shown. */
function renamed<T>(counts: ReadonlyMap<string, T>, sort: string, names: Names): Map<string, T> {
  return new Map([...counts].map(([name, count]) => [names.of(sort, name), count]))
}

/** A hash that pilot made of a text; whatever else stands there is somebody's. */
function digest(hash: string): string {
  return /^[0-9a-f]{8,64}$/.test(hash) ? hash : 'a text'
}

/** A deployment without who did or reviewed it, and without what was written about it. */
export function deploymentSight(names: Names): (deployment: Deployment) => Deployment {
  return only<Deployment>({
    kind: 'shown',
    name: (name) => names.of('prompt', name),
    version: (version) => names.of('version', version),
    timeMs: 'shown',
    environment: (environment) => names.of('environment', environment),
    action: 'shown',
    by: 'hidden',
    reviewedBy: 'hidden',
    evidence: 'hidden',
    contentHash: 'hidden',
  })
}

/** What differs between two versions: lines are counted, and none of them is there. */
export function diffForProduct<T extends { platform: string; a: VersionSide; b: VersionSide; text: TextDiff }>(
  { platform, a, b, text }: T,
  names: Names,
) {
  const side = sideSight(names)
  const lines = 'lines' in text ? text.lines.map(({ sign }) => ({ sign, text: '' })) : undefined
  return { platform, a: side(a), b: side(b), text: lines === undefined ? { why: whyNoDiff(a, b) } : { lines } }
}

function whyNoDiff({ text: a }: VersionSide, { text: b }: VersionSide): string {
  if (a === undefined || b === undefined) return 'one of them has neither a template nor a system message'
  return a.sort === b.sort ? 'more than 2,000 lines differ' : 'one has a template, the other a system message'
}

function sideSight(names: Names): (side: VersionSide) => VersionSide {
  return only<VersionSide>({
    label: (label) => names.ofPrompt(label),
    runs: 'shown',
    read: 'shown',
    text: ({ sort, hash }) => ({ sort, hash: digest(hash), text: '' }),
    texts: 'shown',
    variables: (variables) => renamed(variables, 'variable', names),
    settings: (settings) => new Map([...settings].map(([name, values]) => settingOf(name, values, names))),
    models: (models) => renamed(models, 'model', names),
    tools: (tools) => renamed(tools, 'tool', names),
  })
}

/** A setting of a model by the names that all of them have, and its values where they are numbers. */
function settingOf(name: string, values: ReadonlyMap<string, number>, names: Names) {
  const shown = commonSettings.has(name) ? name : names.of('setting', name)
  const seen = [...values].map(([value, runs]) => [/^-?\d{1,12}(\.\d{1,12})?$/.test(value) ? value : 'not shown', runs])
  return [shown, new Map(seen as [string, number][])] as const // each a value and its runs
}

const commonSettings = new Set(
  'temperature top_p top_k max_tokens max_output_tokens seed n frequency_penalty presence_penalty'.split(' '),
)
