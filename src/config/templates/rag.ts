import type { Template } from './template.js'

export const rag: Template = {
  name: 'rag',
  title: 'answers from retrieved documents',
  workflow: {
    name: 'document-answer',
    entry: 'POST /ask',
    destination: 'the answer with its citations',
    contextSources: ['vector index of the documents'],
    match: { root: 'rag.answer', environment: 'production' },
    completed: '{ status: ok, feedback: { not: [down] } }',
    map: [
      { step: 'embed-query', kind: 'embedding', under: 'rag.answer', times: { min: 1, max: 1 } },
      { step: 'retrieve', kind: 'retriever', under: 'rag.answer', times: { min: 1, max: 3 } },
      { step: 'rerank', kind: 'reranker', under: 'rag.answer', times: { min: 0, max: 1 } },
      {
        step: 'answer',
        kind: 'llm',
        under: 'rag.answer',
        times: { min: 1, max: 2 },
        prompt: 'rag-answer',
        models: ['gpt-4.1'],
      },
    ],
  },
  required: {
    llm: ['prompt.name', 'prompt.version', 'model', 'tokens', 'input', 'output'],
    retriever: ['query', 'documents.id', 'documents.score', 'documents.content'],
  },
}
