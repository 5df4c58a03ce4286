import type { Template } from './template.js'

export const supportAgent: Template = {
  name: 'support-agent',
  title: 'a support agent with retrieval and tools',
  workflow: {
    name: 'support-answer',
    entry: 'POST /chat',
    destination: 'the reply to the customer',
    contextSources: ['help centre index'],
    match: { root: 'support.answer', service: 'support-bot', environment: 'production' },
    completed: '{ status: ok, without_step: escalate-to-human }',
    map: [
      { step: 'retrieve', kind: 'retriever', under: 'support.answer', times: { min: 1, max: 3 } },
      { step: 'lookup-order', kind: 'tool', under: 'support.answer', times: { min: 0, max: 2 } },
      {
        step: 'draft',
        kind: 'llm',
        under: 'support.answer',
        times: { min: 1, max: 4 },
        prompt: 'support-answer',
        models: ['gpt-4.1'],
      },
    ],
  },
  required: {
    llm: ['prompt.name', 'prompt.version', 'model', 'tokens', 'output'],
    retriever: ['documents.id', 'documents.score'],
    tool: ['arguments', 'result'],
  },
}
