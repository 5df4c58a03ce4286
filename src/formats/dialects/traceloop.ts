import type { Attributes, RetrievedDocument } from '../../core/span.js'
import { unpack } from '../json.js'
import { readNumber } from './documents.js'
import { type Draft, fill, leavesOf } from './draft.js'
import { type MessageNames, readFlatMessages } from './flat-messages.js'
import { fillVariables } from './genai.js'
import { boundedSlots } from './openinference.js'
import { text } from './readers.js'
import { take } from './slots.js'

export const traceloopFamilies = ['gen_ai.prompt', 'gen_ai.completion', 'traceloop.prompt.template_variables']

const names: MessageNames = {
  role: 'role',
  content: 'content',
  name: 'name',
  toolCallId: 'tool_call_id',
  calls: 'tool_calls.',
  callId: 'id',
  callName: 'name',
  callArguments: 'arguments',
  parts: 'contents.',
  partText: 'text',
  partType: 'type',
}

/** Flattened messages (`gen_ai.prompt.0.role`) and prompt variables of OpenLLMetry. */
export function fillFromTraceloop(draft: Draft): void {
  const prompts = leavesOf(draft, 'gen_ai.prompt')
  if (prompts !== undefined && draft.content.inputMessages === undefined)
    draft.content.inputMessages = readFlatMessages(draft, boundedSlots(draft, prompts, 'gen_ai.prompt'), names, 'user')
  const completions = leavesOf(draft, 'gen_ai.completion')
  if (completions !== undefined && draft.content.outputMessages === undefined) {
    const slots = boundedSlots(draft, completions, 'gen_ai.completion')
    draft.content.outputMessages = readFlatMessages(draft, slots, names, 'assistant')
    const reasons = slots
      .map((slot) => text(take(slot, draft.used, 'finish_reason') ?? null))
      .filter((reason) => reason !== undefined)
    if (reasons.length > 0) fill(draft, 'finishReasons', reasons)
  }
  fillVariables(draft, 'traceloop.prompt.template_variables')
}

/** Documents that OpenLLMetry writes as one event per hit of a vector database. Vectors are left out and counted. */
export function fillFromVectorEvents(draft: Draft): void {
  if (draft.content.documents !== undefined) return
  const documents: RetrievedDocument[] = []
  for (const [index, { name, attributes }] of draft.raw.events.entries()) {
    if (attributes === undefined || (name !== 'db.query.result' && name !== 'db.search.result')) continue
    const document = readHit(attributes, name)
    if (document === undefined) continue
    documents.push(document)
    draft.usedEvents = (draft.usedEvents ?? new Set<number>()).add(index)
    if (attributes[`${name}.vector`] !== undefined) draft.droppedVectors++
  }
  if (documents.length > 0) draft.content.documents = documents
}

function readHit(attributes: Attributes, name: string): RetrievedDocument | undefined {
  const metadata = attributes[`${name}.metadata`]
  const document: RetrievedDocument = {
    id: text(attributes[`${name}.id`] ?? null),
    content: text(attributes[`${name}.document`] ?? null),
    score: readNumber(attributes[`${name}.score`]),
    distance: readNumber(attributes[`${name}.distance`]),
    metadata: metadata === undefined ? undefined : unpack(metadata),
  }
  return Object.values(document).every((value) => value === undefined) ? undefined : document
}
