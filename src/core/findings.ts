import type { Evidence, Group, RepeatCount, RunTally, Sample } from './evidence.js'
import { summarise } from './summary.js'

/** What stands out in one platform's evidence, beside every target: the faults that a reader would want to look at first. */
export type Finding =
  | { kind: 'missing requests'; missing: number; outside: number; duplicate: number; late: number; examples: string[] }
  | { kind: 'unmapped outputs'; spans: number; names: { name: string; spans: number }[]; examples: string[] }
  | ({ kind: 'retries' | 'fallbacks' } & RepeatCount)
  | { kind: 'slow tenant'; tenant: string; n: number; medianMs: number; low: number; high: number; overallMs: number }
  | { kind: 'unpriced models'; models: string[]; spans: number }
  | {
      kind: 'repeated usage'
      spans: number
      naive: RunTally['repeatedUsage']['naive']
      counted: RunTally['repeatedUsage']['counted']
    }
  | { kind: 'leaks'; rules: { rule: string; count: number }[]; examples: string[] }
  | { kind: 'loose metadata'; key: string; spellings: string[][]; conflicting: number; tooManyValues: boolean }
  | { kind: 'unfinished source'; path: string; state: 'complete' | 'incomplete' | 'interrupted'; problems: number }

/** The findings of one platform, in the order in which they are shown. */
export function findingsOf(evidence: Evidence): Finding[] {
  return [
    ...missingRequests(evidence),
    ...unmappedOutputs(evidence.tally),
    ...repeats(evidence.tally),
    ...slowTenants(evidence.tally),
    ...unpricedModels(evidence.tally),
    ...repeatedUsage(evidence.tally),
    ...leaks(evidence.found),
    ...looseMetadata(evidence.tally),
    ...unfinishedSources(evidence),
  ]
}

/** Of production requests only. */
function missingRequests({ coverage, unjoinable }: Evidence): Finding[] {
  if (coverage === undefined || unjoinable !== undefined) return []
  const { missing, outside, duplicate, late, examples } = coverage.production
  if (missing + outside + duplicate + late === 0) return []
  const ids = [...examples.missing, ...examples.outside, ...examples.duplicate, ...examples.late].slice(0, 5)
  return [{ kind: 'missing requests', missing, outside, duplicate, late, examples: ids }]
}

function unmappedOutputs({ promptMapped, unmapped }: RunTally): Finding[] {
  const spans = promptMapped.n - promptMapped.x
  if (spans === 0) return []
  const names = unmapped.slice(0, 5).map(({ name, spans }) => ({ name, spans }))
  return [
    { kind: 'unmapped outputs', spans, names, examples: unmapped.flatMap(({ examples }) => examples).slice(0, 5) },
  ]
}

function repeats({ retries, fallbacks }: RunTally): Finding[] {
  const both = [
    { kind: 'retries' as const, ...retries },
    { kind: 'fallbacks' as const, ...fallbacks },
  ]
  return both.filter(({ runs }) => runs > 0).map((finding) => ({ ...finding, examples: finding.examples.slice(0, 5) }))
}

/** Tenants whose interval of the median lies wholly above that of all runs; at most 5, the slowest first. */
function slowTenants({ groups, latencyPerRun }: RunTally): Finding[] {
  const overall = median(latencyPerRun)
  if (overall?.interval === undefined) return []
  const { value: overallMs, interval } = overall
  return groups.tenant
    .flatMap((group) => slowTenant(group, interval.high, overallMs))
    .sort((a, b) => b.medianMs - a.medianMs)
    .slice(0, 5)
}

function slowTenant({ key, latencyMs }: Group, aboveMs: number, overallMs: number) {
  const own = median(latencyMs)
  if (own?.interval === undefined || own.interval.low <= aboveMs) return []
  const { low, high } = own.interval
  return [
    {
      kind: 'slow tenant' as const,
      tenant: key,
      n: latencyMs.values.length,
      medianMs: own.value,
      low,
      high,
      overallMs,
    },
  ]
}

function median(sample: Sample) {
  return summarise(sample).percentiles.find(({ p }) => p === 0.5)
}

function unpricedModels({ costUsd }: RunTally): Finding[] {
  if (costUsd.unpricedSpans === 0) return []
  return [{ kind: 'unpriced models', models: costUsd.unpricedModels, spans: costUsd.unpricedSpans }]
}

function repeatedUsage({ repeatedUsage }: RunTally): Finding[] {
  return repeatedUsage.spans === 0 ? [] : [{ kind: 'repeated usage', ...repeatedUsage }]
}

function leaks(found: Evidence['found']): Finding[] {
  const rules = found.map(({ rule, spans }) => ({ rule, count: spans })).sort((a, b) => b.count - a.count)
  const examples = found.flatMap(({ examples }) => examples).slice(0, 5)
  return rules.length === 0 ? [] : [{ kind: 'leaks', rules, examples }]
}

function looseMetadata({ metadata }: RunTally): Finding[] {
  return metadata.filter(isLoose).map(({ key, spellings, conflicting, tooManyValues }) => {
    return { kind: 'loose metadata', key, spellings: spellings.slice(0, 3), conflicting, tooManyValues }
  })
}

/** True when the values of a metadata key cannot be grouped by: several spellings, contradicting spans, a value per run. */
export function isLoose({ spellings, conflicting, tooManyValues }: RunTally['metadata'][number]): boolean {
  return spellings.length > 0 || conflicting > 0 || tooManyValues
}

function unfinishedSources({ sources }: Evidence): Finding[] {
  return sources
    .filter(({ state, problems }) => state !== 'complete' || problems > 0)
    .map(({ path, state, problems }) => ({ kind: 'unfinished source', path, state, problems }))
}
