import type { Json } from '../../core/span.js'
import { isObject, unpack } from '../json.js'
import type { Stated, StatedUsage, TokenField } from '../stated.js'
import { answeredIn, askedIn } from './conversation.js'
import { readDocuments } from './documents.js'
import { type Draft, override } from './draft.js'
import { fillMessages } from './genai.js'
import { resolveKind } from './kind.js'
import { count, readerOf } from './readers.js'
import { setSetting } from './settings.js'
import type { Field } from './sources.js'

/** Lays what the platform states over what its attributes say. */
export function applyStated(draft: Draft, stated: Stated): void {
  for (const field of Object.keys(stated) as (keyof Stated)[]) {
    if (field === 'usage' || field === 'settings' || field === 'documents' || field === 'input' || field === 'output')
      continue
    const given = stated[field]
    const value = given === undefined || given === null ? undefined : readOf(field)(given, {})
    if (value !== undefined) override(draft, field, value, undefined)
  }
  if (stated.usage !== undefined) applyUsage(draft, stated.usage)
  applySettings(draft, stated.settings)
  applyText(draft, stated)
}

function readOf(field: Field) {
  return field === 'kind' ? (value: Json) => value : readerOf(field, '')
}

function applyUsage(draft: Draft, usage: StatedUsage): void {
  const counts = {
    inputTokens: count(usage.input ?? null),
    outputTokens: count(usage.output ?? null),
    cachedInput: count(usage.cachedInput ?? null),
    cacheWrite: count(usage.cacheWrite ?? null),
    reasoning: count(usage.reasoning ?? null),
  }
  if ((counts.inputTokens ?? counts.outputTokens) === undefined) return
  for (const field of Object.keys(counts) as TokenField[]) override(draft, field, counts[field], undefined)
  draft.normalised = usage.normalised === true
}

function applySettings(draft: Draft, given: Json | undefined): void {
  const settings = given === undefined ? undefined : unpack(given)
  if (!isObject(settings)) return
  for (const name of Object.keys(settings)) {
    const value = settings[name]!
    if (value !== null && value !== '') setSetting(draft, name, value)
  }
}

/** Input and output: messages where a model is spoken to, documents where something is retrieved; the whole where these lack a part. */
function applyText(draft: Draft, { input, output, documents }: Stated): void {
  const kind = resolveKind(draft)
  const retrieves = kind === 'retriever' || kind === 'reranker'
  const speaks = kind === 'llm' || kind === 'agent' || kind === 'chain' || kind === 'workflow'
  const asked = given(input)
  const answered = given(output)
  const found = documents ?? (retrieves && answered !== undefined ? documentsIn(answered) : undefined)
  if (found !== undefined && draft.content.documents === undefined)
    draft.content.documents = readDocuments(found)?.documents
  const isAskedWhole = speaks && asked !== undefined && replaceMessages(draft, 'inputMessages', asked, askedIn(asked))
  const isAnswerWhole =
    speaks && answered !== undefined && replaceMessages(draft, 'outputMessages', answered, answeredIn(answered))
  if (asked !== undefined) override(draft, 'input', isAskedWhole ? undefined : asked, undefined)
  if (answered !== undefined) override(draft, 'output', isAnswerWhole ? undefined : answered, undefined)
}

/** True when all of `whole` stands in the messages. */
function replaceMessages(draft: Draft, side: 'inputMessages' | 'outputMessages', whole: Json, messages: Json): boolean {
  const isWhole = fillMessages(draft, side, messages, undefined)
  return isWhole && (messages === whole || (isObject(whole) && Object.keys(whole).length === 1))
}

function documentsIn(output: Json): Json | undefined {
  if (Array.isArray(output)) return output
  if (!isObject(output)) return undefined
  return output.documents ?? output.output ?? output.results ?? output.matches ?? undefined
}

function given(value: Json | undefined): Json | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return unpack(value)
}
