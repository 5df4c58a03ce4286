import type { Config } from '../../config/schema.js'
import { type Signal, signals } from '../../core/drill/drill.js'
import { type EvalBounds, failsEval } from '../../core/drill/failed-eval.js'
import { addOutliers, joinByRequest, type Problem } from '../../core/drill/problems.js'
import { readRepeats } from '../../core/retries.js'
import type { Run } from '../../core/run.js'
import { runValue } from '../../core/select.js'
import type { Feedback, Request } from '../../core/span.js'
import { scoredTraceIds } from '../../store/joins.js'
import { readFeedback, readScores } from '../../store/judgements.js'
import type { Store } from '../../store/open.js'
import { platformsOf } from '../platforms.js'
import { sameInputOf } from '../same-input.js'
import { type RunOrigin, workflowRuns } from '../workflow-runs.js'

export interface FoundRuns {
  /** One per request, those without a signal too. */
  runs: Problem[]
  /** Runs that are no production, and were not asked for. */
  refused: Partial<Record<RunOrigin, number>>
  /** False without a request log: then nobody knows what is production. */
  hasRequestLog: boolean
}

/** Every run of the workflow in the window on any platform, with what speaks against it; production only, unless more is asked for. */
export function findRuns(db: Store, config: Config, include: readonly RunOrigin[]): FoundRuns {
  const { runsOn, refused, hasRequestLog } = workflowRuns(db, config, { include })
  const found: Problem[] = []
  for (const { platform } of platformsOf(config)) {
    const signalsOf = signalReader(db, config, platform)
    for (const { run, startMs, request } of runsOn(platform)) {
      const { trace, root } = run
      found.push({
        traces: [{ platform, traceId: trace.traceId }],
        ...(request && { requestId: request.id }),
        ...definedOf({
          timeMs: request?.timeMs ?? startMs,
          tenant: request?.tenant ?? runValue(trace, root, 'tenant'),
          user: request?.user ?? root.user,
          latencyMs: run.latencyMs,
          costUsd: run.cost.total,
        }),
        signals: signalsOf(run, request),
      })
    }
  }
  return { runs: addOutliers(joinByRequest(found)), refused, hasRequestLog }
}

function definedOf<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  } // undefined is filtered out
}

function signalReader(
  db: Store,
  config: Config,
  platform: string,
): (run: Run, request: Request | undefined) => Signal[] {
  const feedback = feedbackIndex(db, platform)
  const scored = scoredTraceIds(db, platform)
  const sameInput = sameInputOf(db, platform)
  const bounds = evalBounds(config)
  return ({ trace, calls }, request) => {
    const repeats = readRepeats(trace.spans, calls, sameInput)
    const said = [trace.traceId, request?.id, ...trace.spans.map((span) => span.request)].flatMap(
      (id) => feedback.get(id ?? '') ?? [],
    )
    const has = (what: 'retries' | 'fallbacks') => repeats.stated[what].length + repeats.inferred[what].length > 0
    const shown: Record<Exclude<Signal, 'slow' | 'dear'>, boolean> = {
      error: trace.spans.some(({ status }) => status === 'error'),
      escalation: said.some(({ kind }) => kind === 'escalation'),
      'thumbs down': said.some(({ kind, value }) => kind === 'thumbs' && value === -1),
      'failed eval':
        scored.has(trace.traceId) &&
        readScores(db, platform, trace.traceId).some((score) => failsEval(score, bounds) === true),
      fallback: has('fallbacks'),
      retry: has('retries'),
    }
    return signals.filter((signal) => signal in shown && shown[signal as keyof typeof shown]) // `in` has just told
  }
}

/** What pilot.yaml says of scores. */
export function evalBounds({ drills }: Config): EvalBounds {
  return { below: drills.fail_below, above: drills.fail_above }
}

function feedbackIndex(db: Store, platform: string): Map<string, Feedback[]> {
  const index = new Map<string, Feedback[]>()
  for (const feedback of ['', platform].flatMap((from) => readFeedback(db, from)))
    for (const id of new Set([feedback.traceId, feedback.request]))
      if (id !== undefined) index.set(id, [...(index.get(id) ?? []), feedback])
  return index
}
