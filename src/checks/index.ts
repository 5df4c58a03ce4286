import { avoidsTool } from './avoids-tool.js'
import { callsTool } from './calls-tool.js'
import type { Check } from './check.js'
import { citationsResolve } from './citations-resolve.js'
import { cites } from './cites.js'
import { command } from './command.js'
import { contains } from './contains.js'
import { endsWith } from './ends-with.js'
import { equals } from './equals.js'
import { fieldsMatch } from './fields-match.js'
import { grounded } from './grounded.js'
import { groundedJudge } from './grounded-judge.js'
import { jsonSchema } from './json-schema.js'
import { matches } from './matches.js'
import { maxCost } from './max-cost.js'
import { maxLatency } from './max-latency.js'
import { maxTokens } from './max-tokens.js'
import { noLeak } from './no-leak.js'
import { notEmpty } from './not-empty.js'
import { number } from './number.js'
import { overlap } from './overlap.js'
import { pairwise } from './pairwise.js'
import { refuses } from './refuses.js'
import { requiredFields } from './required-fields.js'
import { rubric } from './rubric.js'
import { similar } from './similar.js'
import { startsWith } from './starts-with.js'
import { toolArguments } from './tool-arguments.js'
import { trajectory } from './trajectory.js'
import { validJson } from './valid-json.js'

/** Every check, in the order in which they are listed. */
export const checks: readonly Check[] = [
  equals,
  contains,
  matches,
  startsWith,
  endsWith,
  notEmpty,
  validJson,
  jsonSchema,
  requiredFields,
  number,
  overlap,
  similar,
  fieldsMatch,
  cites,
  citationsResolve,
  grounded,
  groundedJudge,
  refuses,
  noLeak,
  maxLatency,
  maxCost,
  maxTokens,
  callsTool,
  avoidsTool,
  toolArguments,
  trajectory,
  command,
  rubric,
  pairwise,
]
