import { type Case, originTrace } from '../../core/eval/case.js'
import type { CheckResult } from '../../core/eval/result.js'
import type { Policy } from '../../core/privacy/policy.js'
import { runWriter } from '../../store/evals.js'
import type { Store } from '../../store/open.js'
import { caseHash } from './dataset-lock.js'
import { keptOutput } from './kept-output.js'
import type { Produced } from './targets/target.js'

/** One output of a run with what the checks say. */
interface Graded {
  caseId: string
  repeat: number
  produced: Produced
  results: ReadonlyMap<string, CheckResult>
  /** What asking cost, in US dollars; undefined where nobody knows. */
  judgingUsd: readonly (number | undefined)[]
}

const mostPending = 500

/**
 * Writes what a run finds: of a dear one each output at once, so that a kill loses none that was paid for, else many at a time.
 * Texts pass the privacy policy.
 */
export function resultKeeper(db: Store, run: string, { policy, isDear }: { policy: Policy; isDear: boolean }) {
  const writer = runWriter(db, run)
  let pending: Graded[] = []
  const flush = () => {
    db.transaction(() => {
      for (const { caseId, repeat, produced, results, judgingUsd } of pending) {
        writer.output(caseId, repeat, keptOutput(produced, { policy, judgingUsd }))
        for (const [check, result] of results)
          writer.result(caseId, repeat, check, { ...result, reason: policy.applyText(result.reason) })
      }
    })()
    pending = []
  }
  return {
    keep(graded: Graded): void {
      pending.push(graded)
      if (isDear || pending.length >= mostPending) flush()
    },
    flush,
  }
}

/** Writes the cases of a run, without their text; tags and clusters pass the privacy policy. Call it inside a transaction. */
export function keepCases(
  db: Store,
  run: string,
  { cases, applyText }: { cases: readonly Case[]; applyText(text: string): string },
): void {
  const writer = runWriter(db, run)
  for (const each of cases) {
    const { id, tags, cluster } = each
    const trace = originTrace(each)
    writer.case({
      id,
      hash: caseHash(each),
      tags: tags.map(applyText),
      ...(cluster !== undefined && { cluster: applyText(cluster) }),
      ...(trace && { trace }),
    })
  }
}
