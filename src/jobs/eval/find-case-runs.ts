import type { Config } from '../../config/schema.js'
import { normalInputs } from '../../core/eval/normal-inputs.js'
import type { StrataBy } from '../../core/eval/stratify.js'
import { readTraceOutput } from '../../core/eval/trace-output.js'
import { runValue } from '../../core/select.js'
import { type FeedbackFilter, meets, runRow, type TraceFilter } from '../../core/trace-row.js'
import type { Store } from '../../store/open.js'
import { contentReader } from '../../store/spans.js'
import { feedbackIndex } from '../find-traces.js'
import { platformsOf, requirePlatform } from '../platforms.js'
import { type RunOrigin, workflowRuns } from '../workflow-runs.js'
import { hashOf } from './hash.js'

/** Which runs become cases. */
export interface CaseQuery {
  filter: TraceFilter
  feedback: FeedbackFilter | undefined
  include: readonly RunOrigin[]
  by: StrataBy | undefined
}

/** A run that may become a case. */
export interface CaseRun {
  platform: string
  traceId: string
  rootId: string
  /** Ids under which people may have labelled it. */
  items: string[]
  /** What it counts for in a sample; one for all where nothing is asked. */
  stratum: string
}

export interface FoundCaseRuns {
  /** One per input: the first by platform and trace id. */
  runs: CaseRun[]
  /** Runs of the workflow in the window that meet the filters. */
  matching: number
  withoutInput: number
  /** Runs whose input an earlier one had. */
  duplicates: number
  refused: Partial<Record<RunOrigin, number>>
  hasRequestLog: boolean
}

/** The runs of the workflow in the window that can be cases. Throws `PilotError` for a platform that is not in the pilot. */
export function findCaseRuns(db: Store, config: Config, { filter, feedback, include, by }: CaseQuery): FoundCaseRuns {
  if (filter.platform !== undefined) requirePlatform(config, filter.platform)
  const { runsOn, refused, hasRequestLog } = workflowRuns(db, config, { include })
  const found: FoundCaseRuns = { runs: [], matching: 0, withoutInput: 0, duplicates: 0, refused, hasRequestLog }
  const seen = new Set<string>()
  for (const { platform } of platformsOf(config)) {
    if (filter.platform !== undefined && filter.platform !== platform) continue
    const hasFeedback = feedback === undefined ? undefined : feedbackIndex(db, platform, feedback)
    const contentsOf = contentReader(db, platform)
    for (const { run, request } of runsOn(platform)) {
      const row = runRow(run)
      if (!meets(row, filter) || hasFeedback?.(row) === false) continue
      found.matching += 1
      const { inputs, output } = readTraceOutput(run, contentsOf(row.traceId))
      const key = inputs === undefined || inputs === '' ? undefined : hashOf(normalInputs(inputs))
      if (key === undefined) found.withoutInput += 1
      else if (seen.has(key)) found.duplicates += 1
      else {
        seen.add(key)
        const strata: Record<StrataBy, string | undefined> = {
          tenant: runValue(run.trace, run.root, 'tenant') ?? request?.tenant,
          release: runValue(run.trace, run.root, 'release') ?? request?.release,
          model: output.model,
          prompt: output.prompt,
          state: row.state,
        }
        found.runs.push({
          platform,
          traceId: row.traceId,
          rootId: run.root.spanId,
          items: [...new Set([...(request ? [request.id] : []), ...row.requests, row.traceId])],
          stratum: by === undefined ? '' : (strata[by] ?? 'not stated'),
        })
      }
    }
  }
  return found
}
