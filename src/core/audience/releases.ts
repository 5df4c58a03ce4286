import type { Change } from '../releases/changes.js'
import type { ReleaseComparison } from '../releases/compare.js'
import type { ListedChange } from '../releases/list.js'
import type { MixShift } from '../releases/mix.js'
import type { Since } from '../releases/since.js'
import type { ComparedMetric } from '../releases/verdict.js'
import type { Names } from './names.js'
import { each, only } from './sight.js'

/** A release or prompt version of the list, by a name that may be shown. */
export function changeForProduct(names: Names): (listed: ListedChange) => ListedChange {
  return only<ListedChange>({ change: changeSight(names), label: (label) => labelOf(label, names), runs: 'shown' })
}

/** Before and after a change in numbers; the tenants of the mix are nobody's names. */
export function comparisonForProduct(names: Names): (comparison: ReleaseComparison) => ReleaseComparison {
  const metric = metricSight(names)
  return only<ReleaseComparison>({
    change: changeSight(names),
    label: (label) => labelOf(label, names),
    runs: 'shown',
    ofVersion: 'shown',
    metrics: each(metric),
    since,
    mix: each(mixSight(names)),
    stratum: ({ runs, metrics }) => ({ tenant: 'the tenant with most runs', runs, metrics: metrics.map(metric) }),
    confounders: each(changeSight(names)),
  })
}

/** Origins are fixed words; other values go by the rule of names. */
function mixSight(names: Names): (shift: MixShift) => MixShift {
  return (shift) =>
    only<MixShift>({
      dimension: 'shown',
      value: (value) => (shift.dimension === 'origin' ? value : names.of('group', value)),
      before: 'shown',
      after: 'shown',
      change: 'shown',
      interval: 'shown',
      holmP: 'shown',
      isChanged: 'shown',
    })(shift)
}

function changeSight(names: Names): (change: Change) => Change {
  return only<Change>({
    kind: 'shown',
    name: (name) => names.of('prompt', name),
    version: (version) => names.of('version', version),
    timeMs: 'shown',
    environment: (environment) => names.of('environment', environment),
    how: 'shown',
  })
}

function metricSight(names: Names): (metric: ComparedMetric) => ComparedMetric {
  return only<ComparedMetric>({
    id: (id) => metricName(id, names),
    better: 'shown',
    unit: 'shown',
    before: 'shown',
    after: 'shown',
    method: 'shown',
    change: 'shown',
    interval: 'shown',
    p: 'shown',
    holmP: 'shown',
    margin: 'shown',
    verdict: 'shown',
    needed: 'shown',
  })
}

const fixedMetrics = new Set(['error rate', 'latency', 'cost per run', 'thumbs down', 'escalations', 'rating'])

function metricName(id: string, names: Names): string {
  if (fixedMetrics.has(id)) return id
  if (id.startsWith('rating ')) return `rating ${names.of('score', id.slice('rating '.length))}`
  if (id.startsWith('score ')) return `score ${names.of('score', id.slice('score '.length))}`
  const [suite = '', ...check] = id.split('/')
  return `${names.of('suite', suite)}/${names.of('check', check.join('/'))}`
}

function labelOf(label: string, names: Names): string {
  return label.includes('@') ? names.ofPrompt(label) : names.of('version', label)
}

function since(found: Since): Since {
  if (!found.measured) return { measured: false, reason: 'no run before or after it, or every run before it failed' }
  const { signal, ...numbers } = found
  return { ...numbers, signal }
}
