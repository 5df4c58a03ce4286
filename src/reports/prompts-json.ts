import type { Share } from '../core/evidence.js'
import { hunksOf } from '../core/line-diff.js'
import type { Blame } from '../core/prompts/blame.js'
import type { VersionSide } from '../core/prompts/diff-sides.js'
import type { PromptTimeline, TimelineVersion } from '../core/prompts/timeline.js'
import { wilson } from '../core/stats/proportion.js'
import { summarise } from '../core/summary.js'
import type { DiffReport } from './prompt-diff.js'
import { meanOf } from './prompts.js'

/** A prompt with its versions for `--json`; what is unknown is null. */
export function promptJson({ name, runs, versions, unversioned, neverSeen }: PromptTimeline): object {
  return { name, runs, versions: versions.map(versionJson), unversioned, neverSeen }
}

function versionJson({
  seen,
  traffic,
  drift,
  sameTextAs,
  evals,
  deployments,
  deployedHashes,
}: TimelineVersion): object {
  return {
    version: seen.version,
    firstMs: seen.firstMs ?? null,
    lastMs: seen.lastMs ?? null,
    runs: seen.runs,
    share: traffic.x / traffic.n,
    latencyMs: summarise(seen.latencyMs),
    costPerRun: meanOf(seen.costUsd) ?? null,
    costUsd: summarise(seen.costUsd),
    errors: rateJson(seen.errors),
    callErrors: rateJson(seen.callErrors),
    thumbsDown: rateJson(seen.thumbsDown),
    scores: [...seen.scores].map(([name, sample]) => ({ name, n: sample.values.length, mean: meanOf(sample) ?? null })),
    evals: evals.map(({ suite, run, rate }) => ({ suite, run, ...rate })),
    models: Object.fromEntries(seen.models),
    tools: Object.fromEntries(seen.tools),
    releases: Object.fromEntries(seen.releases),
    drift: { ...drift, sort: drift.sort ?? null },
    deployedHashes,
    sameTextAs,
    deployments,
  }
}

/** Two versions for `--json`; without `wantsText` neither the texts nor their lines are in it. */
export function diffJson({ platform, a, b, text }: DiffReport, wantsText: boolean): object {
  const lines = 'lines' in text ? text.lines : undefined
  const count = (wanted: '-' | '+') => lines?.filter(({ sign }) => sign === wanted).length ?? null
  return {
    ...{ schemaVersion: 1, platform },
    ...{ a: sideJson(a, wantsText), b: sideJson(b, wantsText) },
    text: { why: 'why' in text ? text.why : null, linesOut: count('-'), linesIn: count('+') },
    ...(wantsText && { hunks: lines === undefined ? null : hunksOf(lines) }),
  }
}

function sideJson({ text, variables, settings, models, tools, ...side }: VersionSide, wantsText: boolean): object {
  return {
    ...side,
    text: text === undefined ? null : wantsText ? text : { sort: text.sort, hash: text.hash },
    variables: Object.fromEntries(variables),
    settings: Object.fromEntries([...settings].map(([name, values]) => [name, Object.fromEntries(values)])),
    models: Object.fromEntries(models),
    tools: Object.fromEntries(tools),
  }
}

/** What made an output for `--json`; what is unknown is null. */
export function blameJson(blame: Blame): object {
  return { schemaVersion: 1, ...Object.fromEntries(Object.entries(blame).map(([key, value]) => [key, value ?? null])) }
}

/** A share with its rate and Wilson interval; null while there is nothing to count. */
function rateJson({ x, n }: Share): object {
  return { x, n, rate: n === 0 ? null : x / n, interval: n === 0 ? null : wilson(x, n) }
}
