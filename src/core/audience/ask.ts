import type { CostOverall } from '../ask/cost-overall.js'
import type { ComparedCheck } from '../ask/offline-overall.js'
import type { JudgedChange, QualityOverall } from '../ask/quality-overall.js'
import type { PlatformAnswers, QuestionStanding } from '../ask/standing.js'
import type { Lacking } from '../ask/tally.js'
import { completedSight } from './completed.js'
import { spikesForProduct } from './latency.js'
import type { Names } from './names.js'
import { each, only, own } from './sight.js'

/** Names of attributes and counts; no trace id, and nothing of who said what, or why. */
export function countsOf(question: QuestionStanding): QuestionStanding {
  const { id, name, version, share, missing, lacks, noChange, state, interval, neededRuns, said } = question
  const bareOf = ({ attribute, runs }: Lacking) => ({ attribute, runs, examples: [] })
  return {
    ...{ id, name, version, share, noChange, state, interval, neededRuns },
    missing: missing.map(bareOf),
    lacks: lacks.map(bareOf),
    said: said.slice(0, 1).map(({ value }) => ({ value, by: 'a person', timeMs: undefined, evidence: undefined })),
  }
}

/** How the questions stand on a platform, in counts. */
export const answersForProduct = only<PlatformAnswers>({
  platform: own,
  role: 'shown',
  runs: 'shown',
  questions: each(countsOf),
})

/** What all runs answer to the questions that have such an answer. */
export function overallSights(names: Names) {
  return {
    quality: qualitySight(names),
    cost: only<CostOverall>({ ...completedSight, rule: own, knownRuns: 'shown', perCompletedUsd: 'shown' }),
    spikes: spikesForProduct(names),
    offline: each(only<ComparedCheck>({ check: (check) => names.of('check', check), rates: 'shown', means: 'shown' })),
  }
}

function qualitySight(names: Names): (answer: QualityOverall) => QualityOverall {
  return only<QualityOverall>({
    change: ({ what, before, after }) => ({
      what: what === 'release' ? what : names.of('prompt', what),
      before: names.of('version', before),
      after: names.of('version', after),
    }),
    judged: each((change): JudgedChange => {
      const name = change.name === 'thumbs' ? change.name : names.of('score', change.name)
      if ('shift' in change) return { name, before: change.before, after: change.after, shift: change.shift }
      return { name, before: change.before, after: change.after, difference: change.difference }
    }),
  })
}
