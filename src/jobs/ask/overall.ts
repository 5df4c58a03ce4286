import type { LoadedConfig } from '../../config/load.js'
import type { Config } from '../../config/schema.js'
import { type CostOverall, costOverall } from '../../core/ask/cost-overall.js'
import { spikeGroups } from '../../core/ask/latency-spikes.js'
import { type CheckResults, type ComparedCheck, compareWithOffline } from '../../core/ask/offline-overall.js'
import { type QualityOverall, qualityOverall } from '../../core/ask/quality-overall.js'
import type { AskedRun, ProductionQuestion } from '../../core/ask/question.js'
import { type PlatformAnswers, standingOf } from '../../core/ask/standing.js'
import { questionTally } from '../../core/ask/tally.js'
import { usualRule } from '../../core/completed.js'
import { failsEval } from '../../core/drill/failed-eval.js'
import { type Spikes, spikeTally } from '../../core/spikes.js'
import { offlineChecks, productionChecks } from '../../store/evals.js'
import { readFeedback, readScores } from '../../store/judgements.js'
import type { Store } from '../../store/open.js'
import { evalBounds } from '../drill/find-problems.js'
import { wantedPlatforms } from '../platforms.js'
import { openExisting } from '../workspace.js'
import { eachAsked } from './answers.js'
import { saidReader } from './said.js'

/** What all runs of a platform answer, of the questions that have such an answer. */
export type Overall =
  | { of: 'quality'; answer: QualityOverall }
  | { of: 'cost'; answer: CostOverall }
  | { of: 'spikes'; answer: Spikes }
  | { of: 'offline'; answer: ComparedCheck[] }

/** One question on each platform, and what all runs answer; undefined for a question that is about one run. */
export function readOverall(
  loaded: LoadedConfig,
  { question, platform: named }: { question: ProductionQuestion; platform: string | undefined },
): (PlatformAnswers & { overall: Overall | undefined })[] {
  const { config } = loaded
  const db = openExisting(loaded)
  try {
    return wantedPlatforms(config, named).map(({ platform, role }) => {
      const tally = questionTally([question])
      const collected = collectorOf(question.id, db, config, platform)
      let runs = 0
      for (const asked of db === undefined ? [] : eachAsked(db, config, platform)) {
        runs += 1
        tally.add(asked)
        collected?.add(asked)
      }
      const said = saidReader(db, platform)
      const questions = tally.result().map((each) => standingOf(each, said(each.id)))
      return { platform, role, runs, questions, overall: runs === 0 ? undefined : collected?.result() }
    })
  } finally {
    db?.close()
  }
}

interface Collector {
  add(asked: AskedRun): void
  result(): Overall
}

function collectorOf(id: string, db: Store | undefined, config: Config, platform: string): Collector | undefined {
  if (db === undefined) return undefined
  if (id === '4') {
    const { add, result } = qualityOverall(evalBounds(config))
    const feedback = () => ['', platform].flatMap((from) => readFeedback(db, from))
    return { add, result: () => ({ of: 'quality', answer: result(readScores(db, platform), feedback()) }) }
  }
  if (id === '5') {
    const { add, result } = costOverall(config.workflow.completed ?? usualRule)
    return { add, result: () => ({ of: 'cost', answer: result() }) }
  }
  if (id === '6') {
    const { add, result } = spikeTally()
    return { add: ({ run }) => add(run), result: () => ({ of: 'spikes', answer: asAsked(result()) }) }
  }
  if (id !== '7') return undefined
  const traceIds = new Set<string>()
  return {
    add: ({ run, evaluated }) => void (evaluated === 'comparable' && traceIds.add(run.trace.traceId)),
    result: () => ({ of: 'offline', answer: comparedChecks(db, config, platform, traceIds) }),
  }
}

/** Every dimension is tested, so that the answer is the one of `pilot latency --spikes`; asked is for some. */
function asAsked({ sources, ...spikes }: Spikes): Spikes {
  const asked = sources.filter(({ dimension }) => spikeGroups.some((group) => group === dimension))
  return { ...spikes, sources: asked, elsewhere: sources.length - asked.length }
}

function comparedChecks(db: Store, config: Config, platform: string, traceIds: ReadonlySet<string>): ComparedCheck[] {
  const scores = scoreResults(db, config, platform, traceIds)
  return compareWithOffline([...productionChecks(db, platform), ...scores], offlineChecks(db))
}

/** The scores of the runs by name, counted as the results of checks are. */
function scoreResults(db: Store, config: Config, platform: string, traceIds: ReadonlySet<string>): CheckResults[] {
  const bounds = evalBounds(config)
  const byName = new Map<string, CheckResults>()
  for (const score of readScores(db, platform)) {
    if (score.traceId === undefined || !traceIds.has(score.traceId)) continue
    const counts = byName.get(score.name) ?? { check: score.name, pass: 0, fail: 0, scoreSum: 0, scored: 0 }
    const fails = failsEval(score, bounds)
    if (fails === true) counts.fail += 1
    if (fails === false) counts.pass += 1
    if (score.value !== undefined && Number.isFinite(score.value)) {
      counts.scoreSum += score.value
      counts.scored += 1
    }
    byName.set(score.name, counts)
  }
  return [...byName.values()]
}
