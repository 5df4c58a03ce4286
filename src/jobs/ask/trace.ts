import type { LoadedConfig } from '../../config/load.js'
import type { Fact, ProductionQuestion } from '../../core/ask/question.js'
import { createPricer } from '../../core/prices.js'
import { readRepeats } from '../../core/retries.js'
import { readRun } from '../../core/run.js'
import { selectedRoot } from '../../core/select.js'
import { readStructure } from '../../core/structure.js'
import { completionReader } from '../completion.js'
import { openTrace } from '../open-trace.js'
import { sameInputOf } from '../same-input.js'
import { workspaceOf } from '../workspace.js'
import { askedRuns } from './asked-run.js'

/** What one run answers to one question. */
interface TraceAnswer {
  question: ProductionQuestion
  facts: Fact[]
  missing: readonly string[]
  lacks: readonly string[]
}

/** Asks one run, by the beginning of its trace id. Throws `PilotError` where no trace begins so, or several do. */
export function askTrace(
  loaded: LoadedConfig,
  questions: readonly ProductionQuestion[],
  wanted: { id: string; platform: string | undefined },
): { platform: string; traceId: string; answers: TraceAnswer[] } {
  const { config } = loaded
  const db = workspaceOf(loaded).open('read')
  try {
    const { trace, contents, feedback, scores, evals } = openTrace(db, config, wanted)
    const structure = readStructure(trace)
    // A trace that the workflow does not select is one that somebody asks for all the same.
    const root = selectedRoot(trace, structure, config.workflow.match) ?? structure.root ?? trace.spans[0]!
    const run = readRun(trace, structure, root, createPricer(config.prices))
    const repeats = readRepeats(trace.spans, run.calls, sameInputOf(db, trace.platform))
    const asked = askedRuns(db, trace.platform, completionReader(db, config, trace.platform))(run)
    const opened = { ...asked, contents, repeats, feedback, scores, evals }
    const answers = questions.map((question) => ({
      question,
      facts: question.answer(opened),
      ...question.read(asked),
    }))
    return { platform: trace.platform, traceId: trace.traceId, answers }
  } finally {
    db.close()
  }
}
