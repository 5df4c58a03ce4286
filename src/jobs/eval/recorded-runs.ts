import type { Config } from '../../config/schema.js'
import type { Run } from '../../core/run.js'
import { runValue } from '../../core/select.js'
import type { SpanContent } from '../../core/span.js'
import type { Store } from '../../store/open.js'
import { contentReader, platformsWithSpans } from '../../store/spans.js'
import { type RunOrigin, workflowRuns } from '../workflow-runs.js'

/** Which recorded runs are meant; a condition that is absent holds for all. */
export interface RecordedFilter {
  platform?: string | undefined
  /** `name` or `name@version`. */
  prompt?: string | undefined
  release?: string | undefined
}

/** A recorded run of the workflow; its text is read when it is asked for. */
export interface RecordedRun {
  platform: string
  run: Run
  /** The application's own ids of the request. */
  requests: string[]
  contents(): Map<string, SpanContent>
}

/** What is no production: a replay is often the very run that a case is about. */
export const otherOrigins: readonly RunOrigin[] = ['replay', 'synthetic', 'not logged']

/** Every run of the workflow in the window that meets the filter; production only, unless more is asked for. */
export function* eachRecordedRun(
  db: Store,
  config: Config,
  filter: RecordedFilter,
  include: readonly RunOrigin[] = [],
): Generator<RecordedRun> {
  const { runsOn } = workflowRuns(db, config, { include })
  for (const platform of platformsWithSpans(db)) {
    if (filter.platform !== undefined && filter.platform !== platform) continue
    const read = contentReader(db, platform)
    for (const { run, request } of runsOn(platform)) {
      const { trace, root } = run
      if (filter.release !== undefined && runValue(trace, root, 'release') !== filter.release) continue
      if (filter.prompt !== undefined && !hasPrompt(trace.spans, filter.prompt)) continue
      const requests = [request?.id, ...trace.spans.map((span) => span.request)]
      yield {
        platform,
        run,
        requests: [...new Set(requests.filter((id) => id !== undefined))],
        contents: () => read(trace.traceId),
      }
    }
  }
}

function hasPrompt(spans: readonly { promptName?: string; promptVersion?: string }[], wanted: string): boolean {
  return spans.some(
    ({ promptName, promptVersion }) =>
      promptName !== undefined && (promptName === wanted || `${promptName}@${promptVersion}` === wanted),
  )
}
