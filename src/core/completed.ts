import type { Run } from './run.js'
import { isNamed } from './step.js'

/** Feedback that says whether a task was done; a rating or a comment does not. */
export const taskFeedback = ['up', 'down', 'edit', 'retry', 'escalation'] as const
export type TaskFeedback = (typeof taskFeedback)[number]

/** When a run is a completed task, as `workflow.completed` says it: all that is named must hold. */
export interface CompletionRule {
  status?: 'ok' | undefined
  step?: string | undefined
  without_step?: string | undefined
  score?: ScoreBound | undefined
  feedback?: FeedbackBound | undefined
}

interface ScoreBound {
  name: string
  min?: number | undefined
  max?: number | undefined
  label?: string | undefined
}

interface FeedbackBound {
  not?: readonly TaskFeedback[] | undefined
  any?: readonly TaskFeedback[] | undefined
}

/** What was said of one run, as far as a rule asks. */
export interface SaidOfRun {
  /** Its scores of the name in the rule. */
  scores: readonly { value: number | undefined; label: string | undefined }[]
  /** Undefined where nobody recorded such feedback of any run. */
  feedback: ReadonlySet<TaskFeedback> | undefined
}

export interface Completion {
  state: 'completed' | 'not completed' | 'unknown'
  /** What an unknown one lacks: `score resolved`, `feedback`. */
  missing: readonly string[]
}

/** The rule where pilot.yaml has none. */
export const usualRule: CompletionRule = { status: 'ok' }

/**
 * Whether a run is a completed task: completed where every condition holds, not completed where one fails, whatever the others
 * are, else unknown.
 */
export function completionOf(run: Pick<Run, 'trace' | 'root'>, said: SaidOfRun, rule: CompletionRule): Completion {
  const missing: string[] = []
  for (const { holds, lack } of conditionsOf(rule)) {
    const held = holds(run, said)
    if (held === false) return { state: 'not completed', missing: [] }
    if (held === undefined) missing.push(lack)
  }
  return { state: missing.length === 0 ? 'completed' : 'unknown', missing }
}

/** A rule in words, to follow "a run is completed when". */
export function ruleText(rule: CompletionRule): string {
  return conditionsOf(rule)
    .map(({ words }) => words)
    .join(', and ')
}

/** A rule by its keys, as it is locked: the same for one that says the same in another order. Empty for the usual one. */
export function ruleTerms(rule: CompletionRule): Record<string, string> {
  const conditions = conditionsOf(rule)
  if (conditions.every(({ key }) => key === 'status')) return {}
  return Object.fromEntries(conditions.map(({ key, term }) => [key, term]))
}

type Held = boolean | undefined

interface Condition {
  key: keyof CompletionRule
  words: string
  term: string
  /** What is missing where it is unknown. */
  lack: string
  holds(run: Pick<Run, 'trace' | 'root'>, said: SaidOfRun): Held
}

/** A rule is read once, and asked of every run. */
const read = new WeakMap<CompletionRule, Condition[]>()

function conditionsOf(rule: CompletionRule): Condition[] {
  const known = read.get(rule)
  if (known !== undefined) return known
  const { status, step, without_step: without, score, feedback } = rule
  const conditions = [
    ...(status === undefined ? [] : [rootIsOk]),
    ...(step === undefined ? [] : [stepSucceeded(step)]),
    ...(without === undefined ? [] : [stepAvoided(without)]),
    ...(score === undefined ? [] : [scoreReached(score)]),
    ...(feedback === undefined ? [] : [feedbackFits(feedback)]),
  ]
  read.set(rule, conditions)
  return conditions
}

const rootIsOk: Condition = {
  key: 'status',
  words: 'its root span did not fail',
  term: 'ok',
  lack: 'status',
  holds: ({ root }) => root.status !== 'error',
}

/** Tried again after a failure, a step counts by its last time. */
function stepSucceeded(name: string): Condition {
  return {
    key: 'step',
    words: `the step ${name} was reached and did not fail in the end`,
    term: name,
    lack: 'step',
    holds({ trace }) {
      const last = trace.spans.findLast((span) => isNamed(span, name))
      return last !== undefined && last.status !== 'error'
    },
  }
}

function stepAvoided(name: string): Condition {
  return {
    key: 'without_step',
    words: `the step ${name} was not reached`,
    term: name,
    lack: 'step',
    holds: ({ trace }) => !trace.spans.some((span) => isNamed(span, name)),
  }
}

/** Several scores of the name, of steps or of evaluators, must all fit: one that fails is evidence against. */
function scoreReached({ name, min, max, label }: ScoreBound): Condition {
  const bounds = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
    ...(label === undefined ? [] : [`labelled ${label}`]),
  ]
  const fits = (score: SaidOfRun['scores'][number]) =>
    all([
      min === undefined || within(score.value, (value) => value >= min),
      max === undefined || within(score.value, (value) => value <= max),
      label === undefined || within(score.label, (value) => value === label),
    ])
  return {
    key: 'score',
    words: `its score ${name} is ${bounds.join(' and ')}`,
    term: `${name} ${bounds.join(' and ')}`,
    lack: `score ${name}`,
    holds: (_, { scores }) => (scores.length === 0 ? undefined : all(scores.map(fits))),
  }
}

/**
 * Most people say nothing. Where feedback is recorded, a run without any has nothing against it, so that `not` holds; but
 * nothing for it either, so that `any` is unknown, and false only where what was said is something else.
 */
function feedbackFits({ not = [], any = [] }: FeedbackBound): Condition {
  const parts = [
    ...(not.length === 0 ? [] : [`no feedback ${inOrder(not).join(' or ')}`]),
    ...(any.length === 0 ? [] : [`feedback ${inOrder(any).join(' or ')}`]),
  ]
  return {
    key: 'feedback',
    words: `it has ${parts.join(', but ')}`,
    term: parts.join(', '),
    lack: 'feedback',
    holds(_, { feedback }) {
      if (feedback === undefined) return undefined
      if (not.some((kind) => feedback.has(kind))) return false
      if (any.length === 0 || any.some((kind) => feedback.has(kind))) return true
      return feedback.size === 0 ? undefined : false
    },
  }
}

function inOrder(kinds: readonly TaskFeedback[]): TaskFeedback[] {
  return taskFeedback.filter((kind) => kinds.includes(kind))
}

function within<T>(value: T | undefined, test: (value: T) => boolean): Held {
  return value === undefined ? undefined : test(value)
}

function all(held: readonly Held[]): Held {
  if (held.includes(false)) return false
  return held.includes(undefined) ? undefined : true
}
