import type { Dimension, Group } from './evidence.js'
import { entryOf } from './keys.js'
import { modelOf, promptKey, type Run, stepsOf } from './run.js'
import { addCase, addValue, emptySample, emptyShare } from './sample.js'
import { runValue, workflowOf } from './select.js'
import { stepName } from './step.js'
import { durationMs } from './structure.js'
import type { TraceSpan } from './trace.js'
import type { Tokens } from './usage.js'

/** One run or one span, as a group counts it. */
interface Unit {
  latencyMs: number | undefined
  costUsd: number | undefined
  /** False for what takes no tokens: a tool, a call that failed; then its cost is not unknown, there is none. */
  owesCost: boolean
  isError: boolean
  tokens: Partial<Tokens> | undefined
}

/**
 * Cost and latency by dimension over runs that are added one by one. A run belongs to its tenant, user, workflow and release
 * as a whole; a step, a model call or another span whose usage counts belongs to its step, model and prompt version. What is
 * unknown is in no group.
 */
export function groupTally() {
  const groups: Record<Dimension, Map<string, Group>> = {
    model: new Map(),
    tenant: new Map(),
    user: new Map(),
    workflow: new Map(),
    step: new Map(),
    'prompt version': new Map(),
    release: new Map(),
  }
  const put = (dimension: Dimension, key: string | undefined, unit: Unit) => {
    if (key !== undefined && key !== '') addUnit(entryOf(groups[dimension], key, emptyGroup), unit)
  }
  return {
    add(run: Run): void {
      const whole = unitOfRun(run)
      for (const field of ['tenant', 'user', 'release'] as const)
        put(field, runValue(run.trace, run.root, field), whole)
      put('workflow', workflowOf(run.trace, run.root), whole)
      const counted = new Set(run.usage.counted)
      const steps = stepsOf(run)
      for (const span of steps) {
        const unit = unitOfSpan(span, run, counted)
        put('step', stepName(span), unit)
        if (span.kind === 'llm') put('prompt version', promptKey(span), unit)
      }
      for (const span of new Set([...steps, ...counted])) put('model', modelOf(span), unitOfSpan(span, run, counted))
    },
    result: (): { groups: Record<Dimension, Group[]> } => ({
      groups: {
        model: [...groups.model.values()],
        tenant: [...groups.tenant.values()],
        user: [...groups.user.values()],
        workflow: [...groups.workflow.values()],
        step: [...groups.step.values()],
        'prompt version': [...groups['prompt version'].values()],
        release: [...groups.release.values()],
      },
    }),
  }
}

function emptyGroup(key: string): Group {
  return {
    key,
    latencyMs: emptySample(),
    costUsd: emptySample(),
    errors: emptyShare(),
    tokens: { input: 0, output: 0 },
  }
}

function addUnit(group: Group, { latencyMs, costUsd, owesCost, isError, tokens }: Unit): void {
  addValue(group.latencyMs, latencyMs)
  if (owesCost || costUsd !== undefined) addValue(group.costUsd, costUsd)
  addCase(group.errors, isError)
  group.tokens.input += tokens?.input ?? 0
  group.tokens.output += tokens?.output ?? 0
}

function unitOfRun({ root, latencyMs, cost, usage }: Run): Unit {
  return { latencyMs, costUsd: cost.total, owesCost: true, isError: root.status === 'error', tokens: usage.tokens }
}

function unitOfSpan(span: TraceSpan, { cost }: Run, counted: ReadonlySet<TraceSpan>): Unit {
  const isCounted = counted.has(span)
  const isError = span.status === 'error'
  return {
    latencyMs: durationMs(span),
    costUsd: span.costUsd ?? cost.priced.get(span),
    owesCost: isCounted || (span.kind === 'llm' && !isError),
    isError,
    tokens: isCounted ? span.usage : undefined,
  }
}
