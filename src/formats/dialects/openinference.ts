import type { Json, Score } from '../../core/span.js'
import { readFlatDocuments, readNumber } from './documents.js'
import { type Draft, type Leaf, leavesOf } from './draft.js'
import { readFeedback } from './feedback.js'
import { type MessageNames, readFlatMessages } from './flat-messages.js'
import { fillDocuments } from './genai.js'
import { text } from './readers.js'
import { isSpent, leavesOfList, maxSlots, type Slot, slotsOf, take } from './slots.js'

const documentLists = ['retrieval.documents', 'reranker.output_documents', 'db.query.retrieved_documents']
const messageLists = ['llm.input_messages', 'llm.output_messages', 'llm.prompts', 'llm.choices']
const judgementLists = [
  'annotations',
  'evaluations',
  'trace.annotations',
  'trace.evaluations',
  'session.annotations',
  'session.evaluations',
]

/** The lists of OpenInference, whole (as Phoenix exports them) or flattened. */
export const openinferenceKeys = [...documentLists, ...messageLists]
export const openinferenceFamilies = [
  ...documentLists.slice(0, 2),
  ...messageLists,
  ...judgementLists,
  'embedding.embeddings',
]

const names: MessageNames = {
  role: 'message.role',
  content: 'message.content',
  name: 'message.name',
  toolCallId: 'message.tool_call_id',
  calls: 'message.tool_calls.',
  callId: 'tool_call.id',
  callName: 'tool_call.function.name',
  callArguments: 'tool_call.function.arguments',
  parts: 'message.contents.',
  partText: 'message_content.text',
  partType: 'message_content.type',
}
const promptNames = { ...names, content: 'prompt.text' }
const choiceNames = { ...names, content: 'completion.text' }

/** Messages, documents and judgements of OpenInference; embedding vectors are left out and counted. */
export function fillFromOpeninference(draft: Draft): void {
  fillSide(draft, 'inputMessages', 'llm.input_messages', names)
  fillSide(draft, 'inputMessages', 'llm.prompts', promptNames)
  fillSide(draft, 'outputMessages', 'llm.output_messages', names)
  fillSide(draft, 'outputMessages', 'llm.choices', choiceNames)
  for (const list of documentLists) {
    const leaves = leavesOf(draft, list)
    if (leaves !== undefined && draft.content.documents === undefined)
      draft.content.documents = readFlatDocuments(boundedSlots(draft, leaves, list), draft.used)
    fillDocuments(draft, list)
  }
  for (const list of judgementLists)
    for (const slot of slotsOf(leavesOf(draft, list) ?? [])) readJudgement(draft, list, slot)
  for (const [rest, key] of leavesOf(draft, 'embedding.embeddings') ?? []) {
    if (!rest.endsWith('.embedding.vector')) continue
    draft.used.add(key)
    draft.droppedVectors++
  }
}

function fillSide(draft: Draft, side: 'inputMessages' | 'outputMessages', list: string, naming: MessageNames): void {
  if (draft.content[side] !== undefined) return
  const role = side === 'inputMessages' ? 'user' : 'assistant'
  const flat = leavesOf(draft, list)
  if (flat !== undefined) draft.content[side] = readFlatMessages(draft, boundedSlots(draft, flat, list), naming, role)
  if (flat !== undefined) return
  const leaves = leavesOfList(draft.raw.attributes[list], list)
  draft.content[side] = readFlatMessages(draft, slotsOf(leaves), naming, role)
  if (leaves.length > 0 && isSpent(leaves, draft.used)) draft.used.add(list)
}

/** The items of a flattened list; says so when it had more than are read. */
export function boundedSlots(draft: Draft, leaves: Leaf[], list: string): Slot[] {
  const slots = slotsOf(leaves)
  const read = slots.reduce((sum, slot) => sum + slot.size, 0)
  if (slots.length === maxSlots && read < leaves.length)
    draft.problems.push(
      `${list}: more than ${maxSlots} items; ${leaves.length - read} attributes of the others stay attributes`,
    )
  return slots
}

/** An annotation or evaluation. People's are feedback. A carrier span with one link judges the span that it points to. */
function readJudgement(draft: Draft, list: string, slot: Slot): void {
  const word = list.endsWith('annotations') ? 'annotation' : 'evaluation'
  const find = (name: string): Json | undefined => take(slot, draft.used, `${word}.${name}`, name)
  const name = text(find('name') ?? null)
  if (name === undefined) return
  const { raw } = draft
  const target = raw.links.length === 1 ? raw.links[0]! : raw
  const kind = text(find('annotator_kind') ?? null)?.toUpperCase()
  const score: Score = {
    traceId: target.traceId,
    spanId: list.includes('.') ? undefined : target.spanId, // trace.… and session.… judge more than a span
    name,
    value: readNumber(find('score')),
    label: text(find('label') ?? null),
    comment: text(find('explanation') ?? null),
    source: kind === 'LLM' ? 'model' : kind === 'CODE' ? 'code' : kind === 'HUMAN' ? 'human' : undefined,
    timeMs: raw.startMs,
  }
  if (kind === 'HUMAN') draft.feedback.push(readFeedback(score, text(find('identifier') ?? null)))
  else draft.scores.push(score)
}
