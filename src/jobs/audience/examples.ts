import type { LoadedConfig } from '../../config/load.js'
import type { Names } from '../../core/audience/names.js'
import { type ExampleRun, exampleRun, shownFeedback } from '../../core/audience/traces.js'
import type { TraceRow } from '../../core/trace-row.js'
import type { Store } from '../../store/open.js'
import { feedbackIndex } from '../find-traces.js'
import { workspaceOf } from '../workspace.js'

/** Rows of a list of runs as examples, with the kinds of feedback that each got. */
export function examplesOf(loaded: LoadedConfig, rows: readonly TraceRow[], names: Names): ExampleRun[] {
  const db = workspaceOf(loaded).open('read')
  try {
    const see = exampleRun(names)
    const platforms = [...new Set(rows.map(({ platform }) => platform))]
    const byPlatform = new Map(platforms.map((platform) => [platform, kindsOn(db, platform)]))
    return rows.map((row, place) => {
      const got = (byPlatform.get(row.platform) ?? []).filter(([, has]) => has(row)).map(([kind]) => kind)
      return see(row, place, got)
    })
  } finally {
    db.close()
  }
}

function kindsOn(db: Store, platform: string) {
  return shownFeedback.map((kind) => [kind, feedbackIndex(db, platform, kind)] as const)
}
