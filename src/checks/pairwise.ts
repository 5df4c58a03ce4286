import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { buildPairAsk } from '../core/eval/judge-prompt.js'
import { readPreference, withWords } from '../core/eval/read-judgement.js'
import { type CheckResult, failedCheck, unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { findJudge, judgeId } from './judge.js'

export const pairwise = defineCheck({
  name: 'pairwise',
  summary:
    'a judge prefers the output to the reference by its rubric, in both orders; model-graded; score: 1 won, 0.5 tie, 0 lost',
  settings: z.strictObject({
    judge: judgeId,
    against: z
      .enum(['reference'])
      .default('reference')
      .describe("What the output is compared with: the case's reference."),
    tie: z.enum(['pass', 'fail']).default('pass').describe('What a tie counts as.'),
  }),
  prepare({ judge: id, tie }, setting) {
    const { rubric, ...judge } = findJudge('pairwise', id, setting)
    return ({ case: { inputs, reference }, output: { value, documents } }) => {
      if (reference === undefined || textOf(reference) === undefined) return unscored('the case has no reference')
      if (value === undefined || textOf(value) === undefined) return unscored('there is no output')
      const about = { inputs, documents }
      return {
        kind: 'judge',
        judge: judge.id,
        asks: [
          buildPairAsk(rubric, { ...about, first: value, second: reference }),
          buildPairAsk(rubric, { ...about, first: reference, second: value }),
        ],
        read: (answers) => readBoth(answers, tie),
      }
    }
  },
})

function readBoth([straight, swapped]: string[], tie: 'pass' | 'fail'): CheckResult {
  const outputFirst = readPreference(straight)
  if ('outcome' in outputFirst) return outputFirst
  const outputSecond = readPreference(swapped)
  if ('outcome' in outputSecond) return outputSecond
  const { winner, because } = outputFirst
  if (winner !== opposite[outputSecond.winner])
    return failedCheck('the judge changed its mind when the positions were swapped')
  if (winner === 'tie') return verdictOf(tie === 'pass', withWords('a tie in both orders', because), 0.5)
  const isWon = winner === 'first'
  return verdictOf(
    isWon,
    withWords(`the ${isWon ? 'output' : 'reference'} wins in both orders`, because),
    isWon ? 1 : 0,
  )
}

const opposite = { first: 'second', second: 'first', tie: 'tie' } as const
