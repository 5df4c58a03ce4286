import type { Proposal } from '../core/propose.js'
import { criteria } from '../criteria/index.js'
import { observedMapLines, stepLine, tracesText } from './render-map.js'
import type { Template } from './templates/template.js'
import { yamlList, yamlScalar } from './yaml-scalar.js'

/** All that `pilot init` knows before it writes pilot.yaml. */
export interface Draft {
  template: Template
  owner: string
  platform: string
  /** UTC days. */
  start: string
  end: string
  criteria: readonly { id: string; target: string; must: boolean }[]
  /** What a real export says of the workflow; it goes before the template. */
  observed: { from: string; proposal: Proposal } | undefined
}

/** The text of pilot.yaml, with the unit of every key beside it. */
export function renderConfig(draft: Draft): string {
  const { template, observed } = draft
  const origin = observed
    ? `proposed from ${yamlScalar(observed.from)}`
    : `from the template ${template.name}, whose names are examples`
  const sections = [
    [
      '# yaml-language-server: $schema=.pilot/schema.json',
      `# A pilot, ${origin}. Days are UTC. Every key with its unit: pilot.yaml.example.`,
      'version: 1',
    ],
    pilotLines(draft),
    workflowLines(draft),
    captureLines(draft),
    ['coverage:', '  late_after: 5m  # how far a trace may begin from the time of its request: ms, s, m, h'],
    criteriaLines(draft),
    ['# More sections: questions, inputs, prices, evals, judges, drills, costs, security, plan.'],
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function pilotLines(draft: Draft): string[] {
  return [
    'pilot:',
    `  name: ${yamlScalar(nameOf(draft))}`,
    `  owner: ${yamlScalar(draft.owner)}  # who answers for the decision`,
    `  start: ${draft.start}  # first day of the window, UTC`,
    `  end: ${draft.end}  # last day of the window, UTC, included`,
    '  candidates:  # the tools under pilot, by the id that --platform names',
    `    - { id: ${yamlScalar(draft.platform)} }`,
    '  # baseline: current-logs  # what the team has today, measured beside them',
  ]
}

function workflowLines(draft: Draft): string[] {
  const { workflow } = draft.template
  const written = draft.observed ? '# ' : ''
  return [
    'workflow:',
    `  name: ${yamlScalar(nameOf(draft))}`,
    `  ${written}entry: ${yamlScalar(workflow.entry)}  # where a request comes in`,
    `  ${written}destination: ${yamlScalar(workflow.destination)}  # where the output goes`,
    `  ${written}context_sources: ${yamlList(workflow.contextSources)}`,
    '  # existing_logs: [application log, APM]  # what there is without the tool',
    ...matchLines(draft),
    '  volume: { min: 500, max: 2000 }  # production requests in the window',
    `  # completed: ${workflow.completed}  # when a run is a completed task; status: ok alone, if left out`,
    '  map:  # one good trace: times is how often a step occurs in it',
    ...mapLines(draft),
  ]
}

function matchLines({ template, observed }: Draft): string[] {
  const { root, service, environment } = observed?.proposal.match ?? template.workflow.match
  const evidence = observed
    ? tracesText(observed.proposal.matched, observed.proposal.traces)
    : 'which traces belong to it, by exact names'
  return [
    `  match:  # ${evidence}`,
    `    root: ${yamlScalar(root)}  # name of the root span`,
    ...(service ? [`    service: ${yamlScalar(service)}`] : []),
    ...(environment ? [`    environment: ${yamlScalar(environment)}`] : []),
  ]
}

function mapLines({ template, observed }: Draft): string[] {
  return observed
    ? observedMapLines(observed.proposal.map, observed.proposal.matched)
    : template.workflow.map.map((step) => stepLine(step))
}

function captureLines({ template, observed }: Draft): string[] {
  return [
    'capture:',
    '  keys:  # attribute paths where this application keeps each key, where they are not found by convention',
    ...(observed
      ? observedKeys(observed.proposal)
      : ['    {}  # tenant: [metadata.tenant_id]; also user, session, request, release, workflow, environment']),
    '  required:  # fields that every span of a kind must carry',
    ...Object.entries(template.required).map(([kind, fields]) => `    ${kind}: ${yamlList(fields)}`),
    '  privacy:  # before anything is written; do: store, redact, hash or omit',
    '    - { detect: [api-key, credit-card], do: redact }  # also email, iban, ssn, phone, ip',
    '    # - { field: user, do: hash }',
  ]
}

function observedKeys({ keys, matched }: Proposal): string[] {
  const lines = keys.map(({ field, paths, byConvention }) => {
    if (paths.length > 0)
      return `    ${field}: ${yamlList(paths.map(({ path }) => path))}  # ${paths.map(({ traces }) => tracesText(traces, matched)).join(', ')}`
    return `    # ${field}: ${byConvention > 0 ? `found by convention in ${tracesText(byConvention, matched)}` : 'not seen in any trace'}`
  })
  return keys.some(({ paths }) => paths.length > 0) ? lines : ['    {}', ...lines]
}

function criteriaLines({ criteria: asked }: Draft): string[] {
  const lines = asked.map(({ id, target, must }) => {
    const title = criteria.find((criterion) => criterion.id === id)?.title
    return `  - { id: ${id}, target: ${yamlScalar(target)}${must ? ', must: true' : ''} }  # ${title}`
  })
  return ['criteria:  # fixed before the data; the units stand in the targets, no unit is a count', ...lines]
}

function nameOf({ template, observed }: Draft): string {
  return observed?.proposal.match.root ?? template.workflow.name
}
