import { type CheckResult, unscored } from '../core/eval/result.js'
import type { RetrievedDocument } from '../core/span.js'

/** The texts of what was retrieved, or that there is nothing to judge by. None retrieved is no text, and known. */
export function retrievedTexts(documents: readonly RetrievedDocument[] | undefined): string[] | CheckResult {
  if (documents === undefined) return unscored('the retrieved documents are unknown')
  const texts = documents.flatMap(({ content }) => (content === undefined || content.trim() === '' ? [] : [content]))
  return texts.length === 0 && documents.length > 0 ? unscored('the retrieved documents have no text') : texts
}

/** The ids of what was retrieved; none where it is unknown. */
export function idsOf(documents: readonly RetrievedDocument[] | undefined): ReadonlySet<string> {
  return new Set(documents?.flatMap(({ id }) => (id === undefined ? [] : [id])))
}
