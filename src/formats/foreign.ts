import type { Json } from '../core/span.js'
import { isOfBill } from './billing.js'
import { braintrustForeigners } from './braintrust/foreign.js'
import type { Foreign } from './format.js'
import { isObject } from './json.js'
import { langfuseForeigners } from './langfuse/foreign.js'
import { langsmithForeigners } from './langsmith/foreign.js'
import { openaiForeigners } from './openai/foreign.js'
import { opikForeigners } from './opik/foreign.js'
import { phoenixForeigners } from './phoenix/foreign.js'
import { promptlayerForeigners } from './promptlayer/foreign.js'

/** Everything that people hand to `ingest` by mistake and that can be told; asked only where no format fits. */
const foreigners: readonly Foreign[] = [
  ...phoenixForeigners,
  ...langfuseForeigners,
  ...promptlayerForeigners,
  ...langsmithForeigners,
  ...braintrustForeigners,
  ...opikForeigners,
  ...openaiForeigners,
  {
    what: 'lines of a bill',
    hint: 'What was billed stands beside the traces: pilot ingest --as billing <file>',
    detects: isOfBill,
  },
  {
    what: 'eval results of promptfoo',
    hint: 'Eval results are not traces: pilot eval run --import promptfoo <file>',
    detects: (record) =>
      isObject(record) &&
      ((record.evalId !== undefined && isObject(record.results)) ||
        ('gradingResult' in record && 'promptIdx' in record)),
  },
]

/** What a record is that no format reads; undefined if nobody knows. */
export function detectForeign(record: Json): Foreign | undefined {
  return foreigners.find(({ detects }) => detects(record))
}
