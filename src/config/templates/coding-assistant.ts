import type { Template } from './template.js'

export const codingAssistant: Template = {
  name: 'coding-assistant',
  title: 'a coding assistant that plans, edits and runs tests',
  workflow: {
    name: 'coding-task',
    entry: 'the command of the editor extension',
    destination: 'the proposed change in the editor',
    contextSources: ['repository index', 'open files'],
    match: { root: 'assistant.task', environment: 'production' },
    completed: '{ status: ok, step: run-tests }',
    map: [
      {
        step: 'plan',
        kind: 'llm',
        under: 'assistant.task',
        times: { min: 1, max: 2 },
        prompt: 'coding-plan',
        models: ['claude-sonnet-4-5'],
      },
      { step: 'search-code', kind: 'retriever', under: 'assistant.task', times: { min: 0, max: 10 } },
      {
        step: 'edit',
        kind: 'llm',
        under: 'assistant.task',
        times: { min: 1, max: 20 },
        prompt: 'coding-edit',
        models: ['claude-sonnet-4-5'],
      },
      { step: 'run-tests', kind: 'tool', under: 'assistant.task', times: { min: 0, max: 10 } },
    ],
  },
  required: {
    llm: ['prompt.name', 'prompt.version', 'model', 'tokens', 'output'],
    retriever: ['query', 'documents.id'],
    tool: ['tool.name', 'arguments', 'result'],
  },
}
