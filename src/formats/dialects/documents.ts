import type { Json, RetrievedDocument } from '../../core/span.js'
import { isObject, unpack } from '../json.js'
import { text } from './readers.js'
import { isSpent, leavesOfList, type Slot, slotsOf, take } from './slots.js'

/**
 * Retrieved documents from a list of objects, whose keys are plain or dotted (`document.content`); `whole` is false when
 * something of them had no place. Undefined when there is none.
 */
export function readDocuments(value: Json): { documents: RetrievedDocument[]; whole: boolean } | undefined {
  const list = unpack(value)
  const leaves = leavesOfList(list)
  const used = new Set<string>()
  const documents = readFlatDocuments(slotsOf(leaves), used)
  if (documents === undefined) return undefined
  return { documents, whole: isSpent(leaves, used) && Array.isArray(list) && list.length === documents.length }
}

/** Retrieved documents from flattened attributes. */
export function readFlatDocuments(slots: Slot[], used: Set<string>): RetrievedDocument[] | undefined {
  const documents = slots.map((slot) => readDocument(slot, used)).filter((document) => document !== undefined)
  return documents.length === 0 ? undefined : documents
}

function readDocument(slot: Slot, used: Set<string>): RetrievedDocument | undefined {
  const find = (...names: string[]) => take(slot, used, ...names.flatMap((name) => [`document.${name}`, name]))
  const metadata = find('metadata')
  const document: RetrievedDocument = {
    id: text(find('id', 'document_id', 'doc_id') ?? null),
    content: readContent(find('content', 'text', 'page_content', 'document')),
    score: readNumber(find('score', 'relevance_score', 'similarity')),
    distance: readNumber(find('distance')),
    metadata: metadata === undefined ? undefined : unpack(metadata),
  }
  return Object.values(document).every((value) => value === undefined) ? undefined : document
}

function readContent(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  if (isObject(value) || Array.isArray(value)) return JSON.stringify(value)
  return text(value)
}

/** Scores may be negative (log-probabilities), unlike counts. */
export function readNumber(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
