import { hasField, type TraceSpan } from '../trace.js'
import { answeringCall, type Fact, isStated, type OpenedRun, type ProductionQuestion } from './question.js'

/** What a model call knew when it answered. */
export const context: ProductionQuestion = {
  id: '2',
  name: 'context',
  version: 1,
  text: 'Which documents or other context did the model call get?',
  rule: 'each retrieval that answered has documents with ids; else the model call has its input, and the answer is text only',
  more: 'pilot trace <id>',
  read({ run }) {
    const retrievals = retrievalsOf(run.trace.spans)
    const hasIds = retrievals.length > 0 && retrievals.every((span) => hasField(span, 'documents.id'))
    if (hasIds) return { missing: [], lacks: [] }
    const without = retrievals.length === 0 ? 'retriever span' : 'documents.id'
    const call = answeringCall(run)
    if (call !== undefined && hasField(call, 'input')) return { missing: [], lacks: [without] }
    return { missing: [without, call === undefined ? 'model call' : 'input'], lacks: [] }
  },
  answer(opened) {
    const retrieved = retrievalsOf(opened.run.trace.spans).map((span) => documentsOf(opened, span))
    const call = answeringCall(opened.run)
    const input = call === undefined ? [] : inputOf(opened, call)
    return [...retrieved, ...input]
  },
}

function retrievalsOf(spans: readonly TraceSpan[]): TraceSpan[] {
  return spans.filter(({ kind, status }) => kind === 'retriever' && status !== 'error')
}

function documentsOf({ contents }: OpenedRun, span: TraceSpan): Fact {
  const documents = contents.get(span.spanId)?.documents ?? []
  const named = documents.map(({ id, score }) => {
    const shown = isStated(id) ? id : 'without an id'
    return score === undefined ? shown : `${shown} (score ${Number(score.toPrecision(3))})`
  })
  return { text: named.length === 0 ? 'no documents' : named.join(', '), span, attributes: ['documents'] }
}

/** Not the text itself: it may be long, and `pilot trace` shows it. */
function inputOf({ contents }: OpenedRun, span: TraceSpan): Fact[] {
  const content = contents.get(span.spanId)
  const messages = content?.inputMessages
  if (messages !== undefined && messages.length > 0) {
    const roles = messages.map(({ role }) => role).join(', ')
    return [{ text: `${messages.length} messages in the prompt: ${roles}`, span, attributes: ['input messages'] }]
  }
  if (content?.input === undefined || content.input === null) return []
  return [{ text: 'the input as text', span, attributes: ['input'] }]
}
