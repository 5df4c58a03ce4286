import type { MapMeasure, StepMeasure } from '../core/map/measure.js'
import { summarise } from '../core/summary.js'
import { timesText } from './map.js'
import { formatCount, formatDuration } from './number.js'
import { clip } from './text.js'

/** A map as a Mermaid flowchart, each step with its counts and its median latency. */
export function formatMermaid({ steps: measures, runs: ofRuns }: MapMeasure): string {
  const steps = measures.map(({ step }) => step)
  // What steps stand under is a box of its own, unless it is one of the steps.
  const outer = [...new Set(steps.flatMap(({ under }) => under ?? []))].filter((name) =>
    steps.every(({ step }) => step !== name),
  )
  const idOf = (name: string) => {
    const place = outer.indexOf(name)
    return place >= 0 ? `p${place}` : `s${steps.findIndex(({ step }) => step === name)}`
  }
  return [
    'flowchart TD',
    ...outer.map((name) => `  ${idOf(name)}(["${escaped(name)}"])`),
    ...measures.map(
      (measure, index) =>
        `  s${index}["${linesOf(measure, ofRuns).map(escaped).join('<br/>')}"]${measure.spans === 0 ? ':::never' : ''}`,
    ),
    ...steps.flatMap(({ under, times }, index) =>
      under === undefined ? [] : [`  ${idOf(under)} -->|"${timesText(times)}"| s${index}`],
    ),
    '  classDef never stroke-dasharray: 5 5',
  ].join('\n')
}

function linesOf({ step, runs, spans, latencyMs }: StepMeasure, ofRuns: number): string[] {
  const title = `${clip(step.step, 60)} (${step.kind})`
  if (spans === 0) return [title, 'never seen']
  const { n, percentiles } = summarise(latencyMs)
  const median = percentiles[0] === undefined ? 'not measured' : formatDuration(percentiles[0].value)
  return [
    title,
    `spans ${formatCount(spans)}, runs ${formatCount(runs)} of ${formatCount(ofRuns)}`,
    `median ${median}, n ${formatCount(n)}`,
  ]
}

/** Text in a label: whatever Mermaid, Markdown or HTML could read in it stands as a character code. */
function escaped(text: string): string {
  return clip(text, 80).replaceAll(/[^\p{L}\p{N}\p{M} .,:_+-]/gu, (character) => `#${character.codePointAt(0)};`)
}
