import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { unscored } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { findJudge, judgeId, rubricErrand } from './judge.js'
import { retrievedTexts } from './retrieved.js'

// The judge's own rubric is about something else: only its model is asked.
const rubric =
  'Every claim that the output makes is supported by the documents. A claim that the documents do not state, or that they contradict, is not supported, even if it is true. An output that makes no claim passes.'

export const groundedJudge = defineCheck({
  name: 'grounded-judge',
  summary: 'a judge finds every claim of the output in the retrieved documents; model-graded, by a rubric of its own',
  settings: z.strictObject({ judge: judgeId }),
  prepare(settings, setting) {
    const { id } = findJudge('grounded-judge', settings.judge, setting)
    return ({ case: { inputs }, output: { value, documents } }) => {
      if (textOf(value) === undefined) return unscored('there is no output')
      const texts = retrievedTexts(documents)
      if (!Array.isArray(texts)) return texts
      return rubricErrand(id, { rubric, scale: 'pass-fail' }, { inputs, output: value, documents })
    }
  },
})
