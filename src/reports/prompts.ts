import type { PromptList } from '../core/audience/prompts.js'
import type { Deployment } from '../core/deployment.js'
import type { Sample } from '../core/evidence.js'
import type { Drift } from '../core/prompts/drift.js'
import type { PromptTimeline, TimelineVersion } from '../core/prompts/timeline.js'
import { summarise } from '../core/summary.js'
import { formatCount, formatDuration, formatNumber, formatPercent, formatTime, formatUsd, nothing } from './number.js'
import { percentileText } from './percentile-text.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'

/** How many versions of a prompt are shown, the latest. */
const shown = 20

/** The versions of each prompt on a timeline, what they cost and how they fared, and whether each label is one text. */
export function formatPrompts({ runs, unnamed, prompts }: PromptList, options: TerminalOptions): string {
  const none: Section[] =
    prompts.length > 0
      ? []
      : [
          {
            title: 'Prompt versions',
            lines: [`not measured: ${runs === 0 ? 'no run of the workflow' : 'no run names a prompt'}`],
          },
        ]
  const rest: Section[] =
    unnamed.runs === 0
      ? []
      : [
          {
            title: 'Without a prompt',
            lines: [exampleText(`runs whose answer names no prompt: ${formatCount(unnamed.runs)}`, unnamed.examples)],
          },
        ]
  const sections = [...prompts.flatMap(promptSections), ...none, ...rest]
  return sections.flatMap((section) => [...formatSection(section, options), '']).join('\n')
}

function promptSections({ name, runs, versions, unversioned, neverSeen }: PromptTimeline): Section[] {
  const last = versions.slice(-shown)
  const hidden = versions.length - last.length
  return [
    {
      title: `${name}: timeline (n ${formatCount(runs)} runs)`,
      table: {
        head: ['version', 'first seen', 'last seen', 'runs', 'share', 'went live'],
        align: 'lllrrl',
        rows: last.map(({ seen, traffic, deployments }) => [
          ...[seen.version, minuteText(seen.firstMs), minuteText(seen.lastMs), formatCount(seen.runs)],
          ...[formatPercent(traffic.x / traffic.n), liveText(deployments)],
        ]),
      },
      lines: [
        ...(hidden > 0 ? [`and ${formatCount(hidden)} earlier versions: --json`] : []),
        ...(unversioned.runs > 0
          ? [
              exampleText(
                `runs with an answer without a version: ${formatCount(unversioned.runs)}`,
                unversioned.examples,
              ),
            ]
          : []),
        ...neverSeen.map((each) => `${each.version} went live ${deployedText(each)}, and is in no run`),
        ...(versions.length === 0 ? ['no run names a version'] : []),
      ],
    },
    ...(last.length === 0
      ? []
      : [
          {
            title: `${name}: by version`,
            table: {
              head: ['version', 'p50 (95 % CI)', 'cost per run', 'errors', 'thumbs down'],
              align: 'lrrrr',
              rows: last.map(measureCells),
            },
            lines: last.flatMap(versionLines),
          },
        ]),
  ]
}

function measureCells({ seen }: TimelineVersion): string[] {
  const [median] = summarise(seen.latencyMs).percentiles
  return [
    seen.version,
    median === undefined ? nothing : percentileText(median, formatDuration),
    formatUsd(meanOf(seen.costUsd)),
    shareText(seen.errors),
    shareText(seen.thumbsDown),
  ]
}

/** Of the known values; undefined if none is known. */
export function meanOf({ values }: Sample): number | undefined {
  if (values.length === 0) return undefined
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

function versionLines({ seen, drift, sameTextAs, evals, deployments, deployedHashes }: TimelineVersion): string[] {
  const label = seen.version
  const unpriced = seen.costUsd.unknown
  return [
    ...(unpriced > 0 ? [`${label}: runs whose cost is unknown, and not counted: ${formatCount(unpriced)}`] : []),
    ...(seen.callErrors.x > 0 ? [`${label}: model calls that failed: ${shareText(seen.callErrors)}`] : []),
    ...[...seen.scores].map(
      ([name, sample]) =>
        `${label}: score ${name}, mean ${formatNumber(meanOf(sample) ?? 0, 3)} (n ${formatCount(sample.values.length)})`,
    ),
    ...evals.map(
      ({ suite, run, rate }) => `${label}: eval ${suite}, passed ${shareText({ x: rate.passed, n: rate.n })} in ${run}`,
    ),
    ...deployments.map(
      (each) => `${label}: ${each.action === 'rollback' ? 'rolled back to' : 'deployed'} ${deployedText(each)}`,
    ),
    driftText(label, drift),
    ...(deployedHashes.length > 0
      ? [`${label}: DRIFT: deployed with ${deployedHashes.length} different contents: ${deployedHashes.join(', ')}`]
      : []),
    ...(sameTextAs.length > 0 ? [`${label}: the same ${drift.sort} as ${sameTextAs.join(', ')}`] : []),
  ]
}

/** Whether one label stood for one text, and by what it is known. */
function driftText(label: string, { state, sort, texts, compared, without }: Drift): string {
  const of = `${formatCount(compared)} of ${formatCount(compared + without)} runs read`
  if (state === 'not measured') return `${label}: drift not measured: no run has its template, nor a system message`
  if (state === 'same text') return `${label}: one ${sort}, ${texts[0]?.hash} (${of})`
  if (state === 'varies')
    return `${label}: drift not measured: system messages differ from run to run, as where values are filled in (${of}); record the template`
  const weaker = sort === 'system message' ? ', which is weaker evidence than a template: a value may be filled in' : ''
  const parts = texts
    .slice(0, 5)
    .map(({ hash, runs, examples }) => exampleText(`${hash} in ${formatCount(runs)}`, examples.slice(0, 2)))
  return `${label}: DRIFT: ${formatCount(texts.length)} different texts by ${sort}${weaker}: ${parts.join('; ')} (${of})`
}

function liveText(deployments: readonly Deployment[]): string {
  const last = deployments.at(-1)
  return last === undefined
    ? nothing
    : `${minuteText(last.timeMs)}${last.environment === undefined ? '' : ` ${last.environment}`}`
}

/** When, where and by whom. */
export function deployedText({ timeMs, environment, by, reviewedBy, evidence }: Deployment): string {
  return [
    `${minuteText(timeMs)}${environment === undefined ? '' : ` in ${environment}`}`,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(reviewedBy === undefined ? [] : [`reviewed by ${reviewedBy}`]),
    ...(evidence === undefined ? [] : [`evidence: ${evidence}`]),
  ].join(', ')
}

/** A moment in UTC to the minute: `2026-03-02 10:00`. */
export function minuteText(ms: number | undefined): string {
  return ms === undefined ? nothing : formatTime(ms).slice(0, 16).replace('T', ' ')
}

/** A sentence with some of the ids that it is about. */
export function exampleText(what: string, ids: readonly string[]): string {
  return ids.length === 0 ? what : `${what}, for example ${ids.slice(0, 3).join(', ')}`
}
