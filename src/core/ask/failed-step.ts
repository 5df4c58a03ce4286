import { stepsOf } from '../run.js'
import { stepName } from '../step.js'
import type { TraceSpan } from '../trace.js'
import type { AskedRun, Fact, OpenedRun, ProductionQuestion } from './question.js'

/**
 * Which step went wrong. `kinds` are those that every run of the workflow has by its declared map: where one of them is not in
 * the trace, nobody can tell what happened there.
 */
export function failedStep(kinds: ReadonlySet<string>): ProductionQuestion {
  return {
    id: '3',
    name: 'failed-step',
    version: 1,
    text: 'Which step failed, was tried again, or called the wrong tool?',
    rule: 'steps are in the trace, of each kind that workflow.map wants in every run; a failed run has a step that failed; failed steps have times, so that retries can be told',
    more: 'pilot trace <id>',
    read: (asked) => ({ missing: missingOf(asked, kinds), lacks: [] }),
    answer: factsOf,
  }
}

function missingOf({ run }: AskedRun, kinds: ReadonlySet<string>): string[] {
  const steps = stepsOf(run)
  if (steps.length === 0) return ['steps']
  const seen = new Set<string>(run.trace.spans.map(({ kind }) => kind))
  const missing = [...kinds].filter((kind) => !seen.has(kind)).map((kind) => `${kind} span`)
  const failed = run.trace.spans.filter(({ status }) => status === 'error')
  if (run.root.status === 'error' && !failed.some((span) => span !== run.root) && !steps.includes(run.root))
    missing.push('status of the failed step')
  if (failed.some(({ startMs }) => startMs === undefined)) missing.push('start of the failed step')
  return missing
}

function factsOf({ run, repeats }: OpenedRun): Fact[] {
  const again = (['stated', 'inferred'] as const).flatMap((basis) => [
    ...repeats[basis].retries.map((span) => repeatFact(span, 'tried again', basis)),
    ...repeats[basis].fallbacks.map((span) => repeatFact(span, 'answered in the place of another model', basis)),
  ])
  const failures = run.trace.spans.filter(({ status }) => status === 'error').map(failureFact)
  const tools = stepsOf(run).filter(({ kind }) => kind === 'tool')
  const called = tools.map(stepName).join(', ')
  return [
    ...(failures.length === 0 ? [{ text: 'no step failed', attributes: ['status'] }] : failures),
    ...again,
    { text: tools.length === 0 ? 'no tool was called' : `tools in order: ${called}`, attributes: ['tool spans'] },
  ]
}

function failureFact(span: TraceSpan): Fact {
  const why = span.statusMessage ? `: ${span.statusMessage}` : ', without a message'
  return { text: `${stepName(span)} failed${why}`, span, attributes: ['status'] }
}

function repeatFact(span: TraceSpan, what: string, basis: string): Fact {
  const attributes = basis === 'stated' ? ['retries or fallback, as stated'] : ['inferred from what failed before']
  return { text: `${stepName(span)} ${what}`, span, attributes }
}
