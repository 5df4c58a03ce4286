import type { Variant } from './plan.js'

/** Which criteria decide in each variant: in `extend` two musts need evidence that only people and probes can give. */
const musts: Record<Variant, readonly string[]> = {
  extend: ['trace-coverage', 'cost-per-run', 'slow-steps-visible', 'debug-time', 'evals-connected'],
  adopt: ['trace-coverage', 'cost-per-run', 'debug-time', 'slow-steps-visible', 'prompt-version-mapped', 'no-leaks'],
  reject: ['trace-coverage', 'cost-per-run', 'debug-time'],
}

const criteria: readonly [id: string, target: string][] = [
  ['trace-coverage', '>= 95 %'],
  ['request-volume', '>= 500'],
  ['trace-structure', '>= 95 %'],
  ['required-fields', '>= 95 %'],
  ['metadata-consistent', '0'],
  ['debug-time', '< 10 min'],
  ['slow-steps-visible', '>= 95 %'],
  ['prompt-version-mapped', '100 %'],
  ['evals-connected', '>= 30'],
  ['no-leaks', '0'],
  ['overhead', '<= 50 ms'],
  ['cost-per-run', '>= 95 %'],
  ['cost-by-model', '>= 95 %'],
  ['cost-by-tenant', '>= 95 %'],
]

/** The pilot.yaml of the demo. */
export function demoConfig(variant: Variant): string {
  const lines = criteria.map(
    ([id, target]) => `  - { id: ${id}, target: "${target}", must: ${musts[variant].includes(id)} }`,
  )
  return `# yaml-language-server: $schema=.pilot/schema.json
# The demo's pilot of an imaginary visibility tool, variant ${variant}.
version: 1
pilot:
  name: Support answers (demo, ${variant})
  owner: lead@example.com
  start: 2026-03-02
  end: 2026-03-15
  candidates: [{ id: lantern, name: Lantern }]
${variant === 'adopt' ? '  baseline: current-logs\n' : ''}workflow:
  name: support-answer
  entry: POST /chat
  destination: chat reply
  existing_logs: [request log, feedback log]
  match: { root: support.answer, service: support-bot, environment: production }
  volume: { min: 500, max: 2000 } # production requests
  map:
    - { step: retrieve, kind: retriever, under: support.answer, times: 1 }
    - { step: lookup_order, kind: tool, under: support.answer, times: 1..2 }
    - { step: chat, kind: llm, under: support.answer, times: 1..2, prompt: support-answer, models: [gpt-4.1], fallbacks: [gpt-4.1-mini] }
capture:
  keys: { tenant: [tenant.id], user: [user.id], session: [session.id], request: [request.id] }
  required:
    llm: [prompt.name, prompt.version, model, tokens, output]
    retriever: [documents.id, documents.score]
    tool: [arguments, result]
  privacy:
    - { field: user.id, do: hash }
    - { detect: [credit-card, api-key, email], do: redact }
evals:
  margin: 5 % # of the pass rate, that a new version may lose
  suites:
    - id: answers # without a dataset: the recorded runs are the cases
      checks:
        - { check: not-empty }
        - { check: cites, pattern: 'faq-\\d+' }
        - { check: citations-resolve, pattern: 'faq-\\d+' }
        - { check: max-latency, max: 2500ms, gate: false } # only reports
drills: { engineers: 5 }
probes:
  outage: # workload.mjs stands in for the application
    command: [node, workload.mjs, "{requests}"]
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: "{endpoint}" }
    latency_budget: 50ms
criteria:
${lines.join('\n')}
security:
  sign_off: { reviewer: security@example.com, date: 2026-02-27, evidence: "SEC-104: demo data only" }
`
}
