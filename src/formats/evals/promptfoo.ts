import type { ImportedCheck, ImportedRow } from '../../core/eval/imported.js'
import type { Outcome } from '../../core/eval/result.js'
import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import type { Row } from '../row.js'
import { distinctNames, known, numberOf, objectsIn, tagsOf, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

/** The check that is the verdict on the whole test. */
const whole = 'promptfoo'

/** promptfoo: one run per provider and prompt; a result per assertion, and one for the whole test. */
export const promptfoo: EvalFormat = {
  name: 'promptfoo',
  title: 'promptfoo: `promptfoo eval -o results.json` (or .jsonl), or `promptfoo export eval <id> -o results.json`',
  containers: new Set(['results']),
  rows(record) {
    const { results } = record
    if (Array.isArray(results)) return results
    return isObject(results) && Array.isArray(results.results) ? results.results : [record]
  },
  detects: (row) =>
    (Object.hasOwn(row, 'promptIdx') && Object.hasOwn(row, 'testIdx')) ||
    (Object.hasOwn(row, 'gradingResult') && Object.hasOwn(row, 'vars')),
  read,
}

function read(row: Row): ImportedRow | string {
  const test = isObject(row.testCase) ? row.testCase : {}
  const grading = isObject(row.gradingResult) ? row.gradingResult : undefined
  const outcome = outcomeOfTest(row, grading)
  if (outcome === undefined) return 'neither success nor gradingResult nor error says how the test went'
  const failure = outcome === 'error' ? (wordOf(row.error) ?? 'the test ended in an error') : undefined
  const { run, target } = columnOf(row)
  return {
    run,
    target,
    // Of the test, since a row's own variables hold what a conversation added to them.
    inputs: test.vars ?? row.vars,
    reference: test.assert,
    tags: tagsOf(isObject(test.metadata) ? test.metadata.tags : undefined),
    output: outputOf(row, failure),
    checks: [
      { check: whole, outcome, score: numberOf(row.score), reason: failure ?? wordOf(grading?.reason) },
      ...assertionsOf(grading),
    ],
  }
}

/** `error` is filled for assertions that failed as well: only the reason 2, or nothing graded, makes it an error. */
function outcomeOfTest(row: Row, grading: JsonObject | undefined): Outcome | undefined {
  const isGraded = grading !== undefined && row.failureReason !== 2
  if (!isGraded && (row.failureReason === 2 || wordOf(row.error) !== undefined)) return 'error'
  const passes = row.success ?? grading?.pass
  return typeof passes === 'boolean' ? (passes ? 'pass' : 'fail') : undefined
}

function assertionsOf(grading: JsonObject | undefined): ImportedCheck[] {
  const parts = objectsIn(grading?.componentResults)
  const names = distinctNames([whole, ...parts.map(nameOf)]).slice(1)
  return parts.map((part, index) => ({
    check: names[index]!,
    // Without `pass` nothing was judged: an error, whatever the score.
    outcome: typeof part.pass === 'boolean' ? (part.pass ? 'pass' : 'fail') : 'error',
    score: numberOf(part.score),
    reason: wordOf(part.reason),
    isPart: true,
  }))
}

function nameOf({ assertion }: JsonObject): string {
  const { metric, type } = isObject(assertion) ? assertion : {}
  return wordOf(metric) ?? wordOf(type) ?? 'assertion'
}

/** A column of the table of results: a provider with a prompt. */
function columnOf(row: Row): { run: string; target: string } {
  const { id, label } = isObject(row.provider) ? row.provider : { id: row.provider, label: undefined }
  const provider = wordOf(label) ?? wordOf(id) ?? 'unknown provider'
  const prompt = isObject(row.prompt) ? row.prompt : {}
  const version = wordOf(row.promptId) ?? wordOf(prompt.id)
  const name = wordOf(prompt.label)
  const target = [
    provider,
    ...(name === undefined ? [] : [`prompt "${shortened(name)}"`]),
    ...(version === undefined ? [] : [`prompt id ${version.slice(0, 8)}`]),
  ].join(', ')
  const place: Json = row.promptIdx ?? null
  return { run: JSON.stringify([place, wordOf(id) ?? null, provider, version ?? name ?? null]), target }
}

/** A prompt without a label of its own is labelled by its whole text. */
function shortened(name: string): string {
  const line = name.replaceAll(/\s+/g, ' ')
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`
}

function outputOf(row: Row, failure: string | undefined): ImportedRow['output'] {
  const response = isObject(row.response) ? row.response : {}
  const usage = isObject(response.tokenUsage) ? response.tokenUsage : {}
  // What came out of promptfoo's cache took no time and cost nothing.
  const isCached = response.cached === true
  return known({
    value: response.output ?? undefined,
    latencyMs: isCached ? undefined : numberOf(row.latencyMs),
    costUsd: isCached ? undefined : numberOf(row.cost ?? response.cost),
    inputTokens: numberOf(usage.prompt),
    outputTokens: numberOf(usage.completion),
    failure,
  })
}
