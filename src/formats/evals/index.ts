import type { Row } from '../row.js'
import { isRow } from '../row.js'
import { braintrust } from './braintrust.js'
import { deepeval } from './deepeval.js'
import type { EvalFormat } from './format.js'
import { inspect } from './inspect.js'
import { langsmith } from './langsmith.js'
import { openaiEvals } from './openai-evals.js'
import { promptfoo } from './promptfoo.js'
import { ragas } from './ragas.js'
import { rows } from './rows.js'
import { tauBench } from './tau-bench.js'

/** Every runner whose results can be imported, in the order in which they are tried: the plainest marks last. */
export const evalFormats: readonly EvalFormat[] = [
  promptfoo,
  deepeval,
  inspect,
  openaiEvals,
  tauBench,
  langsmith,
  braintrust,
  ragas,
  rows,
]

/** The format of one record, by the first row in it that one knows; undefined where none does. */
export function detectEvalFormat(record: Row): EvalFormat | undefined {
  return evalFormats.find((format) => {
    const first = format.rows(record)[0]
    return first !== undefined && isRow(first) && format.detects(first)
  })
}
