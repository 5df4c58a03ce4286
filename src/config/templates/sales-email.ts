import type { Template } from './template.js'

export const salesEmail: Template = {
  name: 'sales-email',
  title: 'a sales e-mail generator with approval',
  workflow: {
    name: 'sales-email',
    entry: 'the "Draft e-mail" button of the CRM',
    destination: 'the approval queue of the sales team',
    contextSources: ['CRM account', 'product sheets'],
    match: { root: 'sales-email.generate', environment: 'production' },
    completed: '{ status: ok, step: check-claims }',
    map: [
      { step: 'load-account', kind: 'tool', under: 'sales-email.generate', times: { min: 1, max: 1 } },
      {
        step: 'write-email',
        kind: 'llm',
        under: 'sales-email.generate',
        times: { min: 1, max: 3 },
        prompt: 'sales-email',
        models: ['gpt-4.1'],
      },
      { step: 'check-claims', kind: 'guardrail', under: 'sales-email.generate', times: { min: 1, max: 3 } },
    ],
  },
  required: {
    llm: ['prompt.name', 'prompt.version', 'variables', 'model', 'settings', 'tokens', 'output'],
    tool: ['arguments', 'result'],
  },
}
