import type { Config } from '../../config/schema.js'
import { itemOf } from '../../core/drill/answer-key.js'
import type { Problem } from '../../core/drill/problems.js'
import { PilotError } from '../../core/errors.js'
import type { RunCase } from '../../core/eval/run.js'
import { type LabelTexts, textsOfTrace } from '../../core/label-texts.js'
import { selectedRoot } from '../../core/select.js'
import { readStructure } from '../../core/structure.js'
import { visible } from '../../reports/text.js'
import { type KeptOutput, readRunCases, readRunOutputs, readRuns } from '../../store/evals.js'
import type { Store } from '../../store/open.js'
import { readContents, readTrace } from '../../store/spans.js'
import { findRuns } from '../drill/find-problems.js'
import type { RunOrigin } from '../workflow-runs.js'

/** Outputs that people may label: by item, how to read what is shown of it. */
export type LabelItems = ReadonlyMap<string, () => LabelTexts>

/** The outputs of an eval run. Throws `PilotError` (exit 2) for one that is not stored. */
export function runItems(db: Store, config: Config, runId: string): LabelItems {
  const runs = readRuns(db)
  const run = runs.find(({ id }) => id === runId)
  if (run === undefined) {
    const last = runs.slice(-5).map(({ id }) => id)
    throw new PilotError(`--run: there is no eval run ${JSON.stringify(runId)}.`, {
      hint:
        last.length === 0
          ? 'None is stored. Without --run, the recorded runs of the workflow are labelled.'
          : `The last are ${visible(last.join(', '))}.`,
    })
  }
  const cases = new Map(readRunCases(db, runId).map((each) => [each.id, each]))
  return new Map(
    readRunOutputs(db, runId).map(([caseId, repeat, output]) => [
      run.repeats > 1 ? `${runId}/${caseId}/${repeat}` : `${runId}/${caseId}`,
      () => outputTexts(db, config, cases.get(caseId), output),
    ]),
  )
}

function outputTexts(db: Store, config: Config, of: RunCase | undefined, output: KeptOutput): LabelTexts {
  // A run keeps no inputs: they are known where its case, or the output itself, was recorded.
  const trace = of?.trace ?? output.trace
  const { inputs } = trace === undefined ? {} : traceTexts(db, config, trace)
  const { value, documents, failure } = output
  return {
    ...(inputs !== undefined && { inputs }),
    ...(value !== undefined && value !== null && failure === undefined && { output: value }),
    ...(documents !== undefined && { documents }),
  }
}

/** The recorded runs of the workflow in the window, by request, else by trace; production only, unless more is asked for. */
export function recordedItems(db: Store, config: Config, include: readonly RunOrigin[] = []): LabelItems {
  return new Map(findRuns(db, config, include).runs.map((run) => [recordedItem(run), () => runTexts(db, config, run)]))
}

function recordedItem(run: Problem): string {
  return itemOf({ ...run, id: '' })
}

/** Of several platforms that recorded a run, the first that has its output. */
function runTexts(db: Store, config: Config, { traces }: Problem): LabelTexts {
  const texts = traces.map((trace) => traceTexts(db, config, trace))
  return texts.find(({ output }) => output !== undefined) ?? texts[0] ?? {}
}

function traceTexts(
  db: Store,
  { workflow: { match } }: Config,
  { platform, traceId }: { platform: string; traceId: string },
): LabelTexts {
  const trace = readTrace(db, platform, traceId)
  if (trace === undefined) return {}
  const structure = readStructure(trace)
  const root = selectedRoot(trace, structure, match) ?? structure.root
  return textsOfTrace(trace, root, readContents(db, platform, traceId))
}

/** The outputs of items that have labels already, wherever they are stored; one that is nowhere is absent. */
export function labelledItems(db: Store, config: Config, wanted: readonly string[]): LabelItems {
  const runs = readRuns(db).filter(({ id }) => wanted.some((item) => item.startsWith(`${id}/`)))
  const evaluated = runs.flatMap(({ id }) => [...runItems(db, config, id)])
  const recorded = findRuns(db, config, ['replay', 'synthetic', 'not logged']).runs.flatMap((run) =>
    [recordedItem(run), ...run.traces.map(({ traceId }) => traceId)].map(
      (item) => [item, () => runTexts(db, config, run)] as const,
    ),
  )
  return new Map([...recorded, ...evaluated])
}
