import type { ReleaseComparison } from '../core/releases/compare.js'
import type { ListedChange } from '../core/releases/list.js'
import type { ComparedMetric } from '../core/releases/verdict.js'

/** The list of one platform as data. */
export function releaseListJson(changes: readonly ListedChange[]) {
  return changes.map(({ change, label, runs }) => ({ label, ...change, runs }))
}

/** A comparison as data; null where something is not known. */
export function releaseJson({ metrics, stratum, confounders, ...rest }: ReleaseComparison) {
  return {
    ...rest,
    metrics: metrics.map(metricJson),
    stratum: stratum === undefined ? null : { ...stratum, metrics: stratum.metrics.map(metricJson) },
    confounders,
  }
}

function metricJson(metric: ComparedMetric) {
  const { change, interval, p, holmP, margin, needed } = metric
  const orNull = <T>(value: T | undefined) => value ?? null
  return {
    ...metric,
    change: orNull(change),
    interval: orNull(interval),
    p: orNull(p),
    holmP: orNull(holmP),
    margin: orNull(margin),
    needed: orNull(needed),
  }
}
