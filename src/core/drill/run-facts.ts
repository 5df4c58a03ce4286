import type { RepeatBasis, Repeats } from '../retries.js'
import type { Run } from '../run.js'
import { runValue } from '../select.js'
import type { Json, Score, SpanContent } from '../span.js'
import type { RunFacts } from './answer-key.js'
import { type EvalBounds, evaluationOf } from './failed-eval.js'
import { keyFields } from './questions.js'

/** What a stored run tells of the questions of a drill. */
export function runFacts({
  run,
  contents,
  repeats,
  scores,
  bounds,
}: {
  run: Run
  contents: ReadonlyMap<string, SpanContent>
  repeats: Record<RepeatBasis, Repeats>
  scores: readonly Score[]
  bounds: EvalBounds
}): RunFacts {
  const { trace, root, calls } = run
  const answered = calls.filter(({ status }) => status !== 'error')
  const known = answered.filter(({ promptVersion }) => promptVersion !== undefined).at(-1)
  const isRepeated = (what: keyof Repeats) => repeats.stated[what].length + repeats.inferred[what].length > 0
  const found = [
    ...(trace.spans.some(({ kind, status }) => kind === 'tool' && status === 'error') ? ['tool error'] : []),
    ...(isRepeated('retries') ? ['retry'] : []),
    ...(isRepeated('fallbacks') ? ['fallback'] : []),
  ]
  return {
    input: inputOf(contents.get(root.spanId)),
    prompt: known && { name: known.promptName, version: known.promptVersion! }, // filtered above
    documents: documentsOf(run, contents),
    model: modelsOf(run),
    failures: found,
    evaluation: evaluationOf(scores, bounds),
    fields: Object.fromEntries(
      keyFields.flatMap((field) => {
        const value =
          field === 'user' || field === 'session' || field === 'request'
            ? (root[field] ?? trace.spans.find((span) => span[field] !== undefined)?.[field])
            : runValue(trace, root, field)
        return value === undefined ? [] : [[field, value]]
      }),
    ),
  }
}

function inputOf(content: SpanContent | undefined): string | undefined {
  if (content?.input !== undefined && content.input !== null) return textOf(content.input)
  return content?.inputMessages?.findLast(({ role, content: text }) => role === 'user' && text !== undefined)?.content
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Ids of what retrievals found; unknown where one does not say, or there is none: context may have come another way. */
function documentsOf({ trace }: Run, contents: ReadonlyMap<string, SpanContent>): string[] | undefined {
  const retrievals = trace.spans.filter(({ kind, status }) => kind === 'retriever' && status !== 'error')
  if (retrievals.length === 0) return undefined
  const ids: string[] = []
  for (const { spanId } of retrievals) {
    const documents = contents.get(spanId)?.documents
    if (documents === undefined || documents.some(({ id }) => id === undefined)) return undefined
    for (const { id } of documents) if (id !== undefined && !ids.includes(id)) ids.push(id)
  }
  return ids
}

/** The last call that answered; the names by which it was asked and by which it answered are both right. */
function modelsOf({ calls }: Run): RunFacts['model'] {
  const last = calls.filter(({ status }) => status !== 'error').at(-1)
  const names = (span: (typeof calls)[number]) =>
    [span.responseModel, span.requestModel].filter((name) => name !== undefined)
  const answering = last === undefined ? [] : names(last)
  if (answering.length === 0) return undefined
  return { answering, others: calls.flatMap(names).filter((name) => !answering.includes(name)) }
}
