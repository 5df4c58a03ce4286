import { feedbackFilters, type TraceRow } from '../trace-row.js'
import type { Names } from './names.js'

/** Each sort of feedback, thumbs by their direction. */
export const shownFeedback = feedbackFilters.filter((sort) => sort !== 'any')
type ShownFeedback = (typeof shownFeedback)[number]

/** A run that stands for many: what it took and how it was received, and nothing that says whose it was. */
export interface ExampleRun {
  /** `example 1`: its place in the list. */
  example: string
  /** The UTC hour in which it began, epoch milliseconds. */
  hourMs: number | undefined
  status: TraceRow['status']
  state: TraceRow['state']
  latencyMs: number | undefined
  costUsd: number | undefined
  tokens: TraceRow['tokens']
  steps: number
  models: string[]
  prompts: string[]
  feedback: ShownFeedback[]
}

/** A row of a list of runs as an example, with the kinds of feedback that it got. */
export function exampleRun(names: Names) {
  return (row: TraceRow, place: number, feedback: readonly ShownFeedback[]): ExampleRun => {
    const { status, state, latencyMs, costUsd, tokens, spans, startMs } = row
    return {
      example: `example ${place + 1}`,
      hourMs: hourOf(startMs),
      ...{ status, state, latencyMs, costUsd, tokens: { input: tokens.input, output: tokens.output }, steps: spans },
      models: row.models.map((model) => names.of('model', model)),
      prompts: row.prompts.map((prompt) => names.ofPrompt(prompt)),
      feedback: [...feedback],
    }
  }
}

/** The hour that a moment lies in: the second would find the run again in any log. */
export function hourOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / 3_600_000) * 3_600_000
}
