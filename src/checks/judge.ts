import { z } from 'zod'
import { PilotError } from '../core/errors.js'
import type { JudgeSpec, Scale } from '../core/eval/judge.js'
import { buildRubricAsk, type Material } from '../core/eval/judge-prompt.js'
import { readJudgement } from '../core/eval/read-judgement.js'
import type { Errand, Setting } from './check.js'

/** The setting that names a judge. */
export const judgeId = z.string().min(1).describe('The id of the judge that is asked, one of judges.')

/** The judge that the settings of a check name. Throws `PilotError` if there is none. */
export function findJudge(check: string, id: string, { judges }: Setting): JudgeSpec {
  const judge = judges.get(id)
  if (judge) return judge
  const known = [...judges.keys()].join(', ')
  throw new PilotError(`${check}: there is no judge ${JSON.stringify(id)}.`, {
    hint: known === '' ? 'Describe it under judges.' : `Name one of judges: ${known}.`,
  })
}

/** One question to a judge: does this meet the rubric? */
export function rubricErrand(judge: string, by: { rubric: string; scale: Scale }, material: Material): Errand {
  return {
    kind: 'judge',
    judge,
    asks: [buildRubricAsk(by.rubric, by.scale, material)],
    read: ([answer]) => readJudgement(answer, by.scale),
  }
}
