import type { BilledFigures, TracedFigures } from '../core/reconcile/figures.js'
import type { Reconciliation } from '../core/reconcile.js'
import { tokensOrNull } from '../core/usage.js'

/** One platform in `pilot cost --reconcile --json`; null is unknown. */
export function reconciliationJson({
  platform,
  role,
  result,
}: {
  platform: string
  role: string
  result: Reconciliation | { notMeasured: string }
}) {
  if ('notMeasured' in result) return { platform, role, notMeasured: result.notMeasured, reconciliation: null }
  return { platform, role, notMeasured: null, reconciliation: body(result) }
}

function body(result: Reconciliation) {
  const { billed, traced, matching, rows, reasons, mapped, tokens, doubtful, ignoresModels } = result
  return {
    billedTime: result.billedTime ?? null,
    tracedTime: result.tracedTime ?? null,
    billed: billedJson(billed),
    traced: tracedJson(traced),
    differenceUsd: result.differenceUsd ?? null,
    share: result.share ?? null,
    gapUsd: result.gapUsd ?? null,
    restUsd: result.restUsd ?? null,
    reasons: reasons.map(({ kind, lines, calls, costUsd, models }) => ({
      kind,
      lines: lines ?? null,
      calls: calls ?? null,
      costUsd: costUsd ?? null,
      models,
    })),
    tokens,
    matching: matching
      ? {
          singleCalls: matching.singleCalls,
          byId: matching.by.id,
          byTimeAndTokens: matching.by['time and tokens'],
          byTime: matching.by.time,
        }
      : null,
    notMatched: result.notMatched ?? null,
    mapped: mapped.map(({ name, billed: onBill, traced: inTraces }) => ({
      model: name ?? null,
      billed: onBill,
      traced: inTraces,
      inferred: true,
    })),
    ignoresModels,
    doubtful: doubtful.map(({ model, day, shapes }) => ({ model: model ?? null, day: day ?? null, shapes })),
    rows: rows.map((row) => ({
      model: row.model ?? null,
      day: row.day ?? null,
      billed: row.billed ? billedJson(row.billed) : null,
      traced: row.traced ? tracedJson(row.traced) : null,
      differenceUsd: row.differenceUsd ?? null,
      share: row.share ?? null,
    })),
  }
}

function billedJson({ lines, calls, costUsd, tokens }: BilledFigures) {
  return { lines, calls: calls ?? null, costUsd: costUsd ?? null, tokens: tokensOrNull(tokens) }
}

function tracedJson({
  calls,
  failedCalls,
  silentCalls,
  unpricedCalls,
  statedUsd,
  computedUsd,
  knownUsd,
  tokens,
}: TracedFigures) {
  const costUsd = { stated: statedUsd ?? null, computed: computedUsd ?? null, known: knownUsd ?? null }
  return { calls, failedCalls, silentCalls, unpricedCalls, costUsd, tokens: tokensOrNull(tokens) }
}
