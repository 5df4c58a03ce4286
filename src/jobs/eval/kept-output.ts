import type { Output } from '../../core/eval/case.js'
import type { Policy } from '../../core/privacy/policy.js'
import type { Json } from '../../core/span.js'
import type { KeptOutput } from '../../store/evals.js'
import { hashOf } from './hash.js'
import type { Produced } from './targets/target.js'

/** What stands beside an output, so that a run which goes on pays for nothing twice. */
interface Beside {
  /** US dollars that the judges are known to have cost; absent where that is nothing. */
  judgingUsd?: number
  /** The policy changed nothing, so that checks may see it again as they saw it. */
  isUnchanged?: true
}

/** An output that need not be made again. */
export interface MadeOutput {
  output: Output
  judgingUsd: number
}

/** An output, or why there is none, after the privacy policy. */
export function keptOutput(
  produced: Produced,
  { policy, judgingUsd }: { policy: Policy; judgingUsd: readonly (number | undefined)[] },
): KeptOutput & Beside {
  if ('missing' in produced) return { failure: produced.missing }
  if ('failure' in produced) return { failure: policy.applyText(produced.failure) }
  const { output } = produced
  const kept = redacted(output, policy)
  const usd = sum(judgingUsd)
  return {
    ...kept,
    ...(usd > 0 && { judgingUsd: usd }),
    ...(hashOf(kept) === hashOf(output) && { isUnchanged: true }),
  }
}

function redacted(output: Output, { applyJson }: Policy): Output {
  const { value, documents, tools, ...rest } = output
  const applyList = <List>(list: List) => applyJson(list as Json) as List // lists of JSON, of which it gives back the same shape
  return {
    ...rest,
    ...(value !== undefined && { value: applyJson(value) }),
    ...(documents && { documents: applyList(documents) }),
    ...(tools && { tools: applyList(tools) }),
  }
}

/** What `keptOutput` wrote, where checks may see it; undefined where it has to be made again. */
export function madeOutput(kept: KeptOutput & Beside): MadeOutput | undefined {
  const { judgingUsd = 0, isUnchanged, failure, ...output } = kept
  return isUnchanged && failure === undefined ? { output, judgingUsd } : undefined
}

/** US dollars that an output and its judges are known to have cost. */
export function costOfKept({ costUsd = 0, judgingUsd = 0 }: KeptOutput & Beside): number {
  return costUsd + judgingUsd
}

function sum(amounts: readonly (number | undefined)[]): number {
  let total = 0
  for (const amount of amounts) total += amount ?? 0
  return total
}
