import type { Config } from '../../config/schema.js'
import { type AnswerKey, answerKey, itemOf, type RunFacts } from '../../core/drill/answer-key.js'
import type { Drill, Incident } from '../../core/drill/drill.js'
import { runFacts } from '../../core/drill/run-facts.js'
import type { Label } from '../../core/label.js'
import { createPricer } from '../../core/prices.js'
import { readRepeats } from '../../core/retries.js'
import { readRun } from '../../core/run.js'
import { selectedRoot } from '../../core/select.js'
import { readStructure } from '../../core/structure.js'
import { readScores } from '../../store/judgements.js'
import { readLabels } from '../../store/labels.js'
import type { Store } from '../../store/open.js'
import { readContents, readTrace } from '../../store/spans.js'
import { sameInputOf } from '../same-input.js'
import { evalBounds } from './find-problems.js'

/** Reads the key of an incident as the store and its labels tell it now, once per incident. */
export function keyReader(db: Store, config: Config): (drill: Drill, incident: Incident) => AnswerKey {
  const labels = labelIndex(readLabels(db))
  const known = new Map<string, AnswerKey>()
  return (drill, incident) => {
    const place = `${drill.id} ${incident.id}`
    const key =
      known.get(place) ?? answerKey(drill.questions, factsOf(db, config, incident), confirmedOf(labels, incident))
    known.set(place, key)
    return key
  }
}

type LabelIndex = ReadonlyMap<string, readonly Label[]>

function labelIndex(labels: readonly Label[]): LabelIndex {
  const index = new Map<string, Label[]>()
  for (const label of labels) index.set(label.item, [...(index.get(label.item) ?? []), label])
  return index
}

/** Question → what people agree on; where they do not, nobody knows. */
function confirmedOf(labels: LabelIndex, incident: Incident): Map<string, string> {
  const items = new Set([itemOf(incident), ...incident.traces.map(({ traceId }) => traceId)])
  const values = new Map<string, Set<string>>()
  for (const { name, value } of [...items].flatMap((item) => labels.get(item) ?? []))
    values.set(name, (values.get(name) ?? new Set()).add(value))
  return new Map(
    [...values].flatMap(([name, [value, other]]) =>
      value === undefined || other !== undefined ? [] : [[name, value]],
    ),
  )
}

function factsOf(db: Store, config: Config, { traces }: Incident): RunFacts[] {
  return traces.flatMap(({ platform, traceId }) => {
    const trace = readTrace(db, platform, traceId)
    if (trace === undefined) return []
    const structure = readStructure(trace)
    const root = selectedRoot(trace, structure, config.workflow.match)
    if (root === undefined) return []
    const run = readRun(trace, structure, root, createPricer(config.prices))
    const repeats = readRepeats(trace.spans, run.calls, sameInputOf(db, platform))
    const contents = readContents(db, platform, traceId)
    const scores = readScores(db, platform, traceId)
    return [runFacts({ run, contents, repeats, scores, bounds: evalBounds(config) })]
  })
}
