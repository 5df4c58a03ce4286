import type { MapMeasure, StepMeasure } from '../core/map/measure.js'
import type { ReasonCount } from '../core/map/verdicts.js'
import { summarise } from '../core/summary.js'
import { formatCount, formatDuration, nothing } from './number.js'
import { percentileText } from './percentile-text.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'

/** The declared map against the observed traces, for a terminal. */
export function formatMap(measure: MapMeasure, options: TerminalOptions): string {
  const sections = [
    conformingSection(measure),
    stepSection(measure),
    reasonSection(measure),
    undeclaredSection(measure),
    ...(measure.runs === 0 ? [] : [fragmentSection(measure), repeatSection(measure), toolSection(measure)]),
    recordedSection(measure),
    worstSection(measure),
  ]
  return sections
    .filter(({ table, lines = [] }) => (table?.rows.length ?? 0) + lines.length > 0)
    .flatMap((section) => [...formatSection(section, options), ''])
    .join('\n')
}

function conformingSection({ runs, conforming }: MapMeasure): Section {
  return { title: 'Traces that conform to the map', lines: [conformingText(runs, conforming)] }
}

function conformingText(runs: number, conforming: MapMeasure['conforming']): string {
  if (conforming === undefined)
    return 'not measured. workflow.map in pilot.yaml declares no step; pilot map --suggest prints one from the traces'
  return runs === 0 ? `not measured. ${noRuns}` : shareText(conforming)
}

/** Why there is nothing to measure. */
export const noRuns = 'no run of the workflow is in the window; pilot data shows what is stored'

function stepSection({ steps, runs }: MapMeasure): Section {
  const rows = runs === 0 ? [] : steps.map((each) => stepRow(each, runs))
  const never = runs === 0 ? [] : steps.filter((each) => each.spans === 0).map(({ step }) => step.step)
  return {
    title: 'Declared steps',
    table: { head: ['step', 'kind', 'under', 'times', 'runs', 'spans', 'median (95 % CI)'], align: 'lllrrrr', rows },
    lines: never.length === 0 ? [] : [`declared, and never seen: ${never.join(', ')}`],
  }
}

function stepRow({ step, runs, spans, latencyMs }: StepMeasure, ofRuns: number): string[] {
  const [median] = summarise(latencyMs).percentiles
  return [
    step.step,
    step.kind,
    step.under ?? '(any)',
    timesText(step.times),
    `${formatCount(runs)} of ${formatCount(ofRuns)}`,
    formatCount(spans),
    median === undefined ? nothing : percentileText(median, formatDuration),
  ]
}

/** How often a step is declared to occur: `1..3`, `1`, `any`. */
export function timesText(times: { min: number; max: number } | undefined): string {
  if (times === undefined) return 'any'
  return times.min === times.max ? String(times.min) : `${times.min}..${times.max}`
}

function reasonSection({ reasons }: MapMeasure): Section {
  const rows = reasons.map((each) => [
    each.reason,
    each.step?.step ?? '',
    foundText(each),
    formatCount(each.spans),
    formatCount(each.runs),
  ])
  return {
    title: 'Why traces do not conform',
    table: { head: ['reason', 'step', 'found', 'spans', 'runs'], align: 'lllrr', rows },
  }
}

/** How many things that were found are named; JSON has more. */
const shownFound = 3

function foundText({ reason, found }: ReasonCount): string {
  const isCount = reason === 'too few' || reason === 'too many'
  const shown = found.slice(0, shownFound).map((each) => (isCount ? `${each.found} times` : each.found))
  return [...shown, ...(found.length > shownFound ? ['…'] : [])].join(', ')
}

function undeclaredSection({ undeclared, conforming }: MapMeasure): Section {
  const { names, shown } = undeclared
  const rows = shown.map(({ name, kind, spans, runs, example }) => [
    name,
    kind,
    formatCount(spans),
    formatCount(runs),
    example,
  ])
  const more = names - shown.length
  return {
    title:
      conforming === undefined ? 'Steps that were seen' : 'Seen, and not declared (does not count against a trace)',
    table: { head: ['name', 'kind', 'spans', 'runs', 'for example'], align: 'llrrl', rows },
    lines: more > 0 ? [`and ${formatCount(more)} more names`] : [],
  }
}

function fragmentSection({ fragments }: MapMeasure): Section {
  const { requests, traces, asRuns, known, examples } = fragments
  const found =
    requests === 0
      ? 'none'
      : `requests ${formatCount(requests)}, traces ${formatCount(traces)}; of these requests ${formatCount(asRuns)} have only whole runs, and ${formatCount(requests - asRuns)} a part without the root${exampleOf(examples)}`
  const ofRuns = `runs with a request id: ${shareText(known)}`
  return {
    title: 'Requests in several traces',
    lines:
      known.x === 0
        ? ['not measured. No run carries a request id; say where it is: capture.keys.request']
        : [found, ofRuns],
  }
}

function repeatSection({ repeats, runs }: MapMeasure): Section {
  const lines = (['retries', 'fallbacks'] as const).map((sort) => {
    const { stated, inferred } = repeats[sort]
    return `${sort}: spans ${formatCount(inferred.spans)}, runs ${formatCount(inferred.runs)} of ${formatCount(runs)}; marked as such: spans ${formatCount(stated.spans)}`
  })
  return { title: 'Retries and fallbacks that are not marked', lines }
}

function toolSection({ tools }: MapMeasure): Section {
  const { spans, resultWithoutCall, callWithoutResult, neither, examples } = tools
  if (spans === 0) return { title: 'Tool calls' }
  const counts = `result without its call (arguments) ${formatCount(resultWithoutCall)}, call without its result ${formatCount(callWithoutResult)}, neither ${formatCount(neither)}, of ${formatCount(spans)} tool spans`
  return { title: 'Tool calls', lines: [`${counts}${exampleOf(examples.slice(0, 3))}`] }
}

function exampleOf(examples: readonly string[]): string {
  return examples.length === 0 ? '' : `. For example: ${examples.slice(0, 5).join(', ')}`
}

function recordedSection({ recorded }: MapMeasure): Section {
  const rows = recorded.kinds.map(({ kind, input, output }) => [kind, shareText(input), shareText(output)])
  if (rows.length === 0) return { title: '' }
  return {
    title: 'Inputs and outputs of steps that are recorded',
    table: { head: ['kind', 'input', 'output'], align: 'lrr', rows },
    lines: [
      `runs whose every step has both: ${shareText(recorded.runs)}`,
      'Only where both are there can be seen what one step passed to the next. Whether it arrived is not compared.',
    ],
  }
}

function worstSection({ worst }: MapMeasure): Section {
  const rows = worst.map(({ traceId, reasons }) => [traceId, reasons.join(', ')])
  return { title: 'Worst traces', table: { head: ['trace', 'reasons'], align: 'll', rows } }
}
