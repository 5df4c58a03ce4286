import type { Template } from './template.js'

export const extraction: Template = {
  name: 'extraction',
  title: 'document extraction with validation',
  workflow: {
    name: 'document-extraction',
    entry: 'the upload queue',
    destination: 'the record in the database',
    contextSources: ['the document', 'the target schema'],
    match: { root: 'extract.document', environment: 'production' },
    completed: '{ status: ok, step: validate }',
    map: [
      { step: 'read-document', kind: 'tool', under: 'extract.document', times: { min: 1, max: 1 } },
      {
        step: 'extract-fields',
        kind: 'llm',
        under: 'extract.document',
        times: { min: 1, max: 3 },
        prompt: 'extract-fields',
        models: ['gpt-4.1-mini'],
      },
      { step: 'validate', kind: 'guardrail', under: 'extract.document', times: { min: 1, max: 3 } },
    ],
  },
  required: {
    llm: ['prompt.name', 'prompt.version', 'model', 'settings', 'tokens', 'input', 'output'],
    tool: ['arguments', 'result'],
  },
}
