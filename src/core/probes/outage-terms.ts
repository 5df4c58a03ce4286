import { durationText } from '../duration.js'

/** What decides about an outage, as pilot.yaml states it; milliseconds, a share from 0 to 1, MB. */
interface OutageSettings {
  expect: string
  requests: number
  faults: readonly string[]
  latency_budget: { ms: number; share: number }
  exit_budget: number
  memory_budget_mb: number
}

/** What the application is held to while the platform is out, as texts by key: the terms that are locked. */
export function outageTerms(settings: OutageSettings): Record<string, string> {
  const { expect, requests, faults, latency_budget, exit_budget, memory_budget_mb } = settings
  return {
    expect,
    requests: String(requests),
    faults: faults.toSorted().join(', '),
    latency_budget: `${latency_budget.ms} ms or ${Number((latency_budget.share * 100).toFixed(6))} %`,
    exit_budget: durationText(exit_budget),
    memory_budget: `${memory_budget_mb} MB`,
  }
}
