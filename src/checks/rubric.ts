import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { unscored } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { findJudge, judgeId, rubricErrand } from './judge.js'

export const rubric = defineCheck({
  name: 'rubric',
  summary:
    "a judge finds that the output meets the judge's rubric; model-graded; score: the number that it gives, if any",
  settings: z.strictObject({ judge: judgeId }),
  prepare(settings, setting) {
    const judge = findJudge('rubric', settings.judge, setting)
    return ({ case: { inputs, reference }, output: { value, documents } }) => {
      if (textOf(value) === undefined) return unscored('there is no output')
      return rubricErrand(judge.id, judge, { inputs, output: value, reference, documents })
    }
  },
})
