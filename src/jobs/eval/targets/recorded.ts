import type { Case, Output } from '../../../core/eval/case.js'
import { hashOf } from '../hash.js'
import type { RecordedFilter } from '../recorded-runs.js'
import type { Target } from './target.js'

/**
 * Outputs that were recorded: of the trace that a case was made from, else of the trace of its request, else of one with the
 * same input; of several the last. Where nothing narrows the traces, an output that stands in the dataset goes before them;
 * `hasOwn` cases are recorded runs themselves, which the filter has chosen.
 */
export async function recordedTarget(
  find: ((cases: readonly Case[]) => Promise<Map<string, Output>>) | undefined,
  { filter, cases, hasOwn }: { filter: RecordedFilter; cases: readonly Case[]; hasOwn: boolean },
): Promise<Target> {
  const isNarrowed = !hasOwn && Object.values(filter).some((value) => value !== undefined)
  const own = (each: Case) => (isNarrowed ? undefined : each.output)
  const without = cases.filter((each) => own(each) === undefined)
  // Looking through the store takes time, and most datasets bring their outputs along.
  const found = without.length === 0 ? undefined : await find?.(without)
  const outputs = cases.map((each) => own(each) ?? found?.get(each.id))
  const name = ['recorded', ...Object.values(filter).filter((value) => value !== undefined)].join(' ')
  const prompts = new Set(outputs.flatMap((output) => (output === undefined ? [] : [output.prompt])))
  const [prompt] = prompts.size === 1 ? prompts : []
  return {
    name,
    // One by one: all texts together may be longer than a string can be.
    hash: hashOf(outputs.map((output) => hashOf(output ?? null))),
    ...(prompt !== undefined && { prompt }),
    ...(filter.release !== undefined && { release: filter.release }),
    isDear: false,
    produce(given) {
      const output = own(given) ?? found?.get(given.id)
      return output === undefined
        ? { missing: isNarrowed ? `no output of it is recorded for ${name.slice(9)}` : 'no output of it is recorded' }
        : { output }
    },
  }
}
