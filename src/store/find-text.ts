import { foldText } from '../core/fold-text.js'
import type { Store } from './open.js'

/**
 * The ids of traces in whose text (prompts, outputs, attributes, names, errors) one of the phrases stands, folded as
 * `core/fold-text` folds. SQL finds where it may stand, and one text after the other is looked at; none is kept.
 */
export function traceIdsWithText(db: Store, platform: string, phrases: readonly string[]): Set<string> {
  const found = new Set<string>()
  for (const phrase of phrases) {
    const rows = db
      .prepare(
        `SELECT trace_id, body, name, status_message FROM span JOIN span_content USING (id)
         WHERE platform = ? AND (body LIKE ? OR name LIKE ? OR status_message LIKE ?)`,
      )
      .raw()
      .iterate(platform, ...Array.from({ length: 3 }, () => looseLike(phrase))) as IterableIterator<
      [string, string, string, string | null]
    >
    for (const [traceId, body, name, message] of rows) {
      if (found.has(traceId)) continue
      if ([name, message ?? ''].some((text) => foldText(text).includes(phrase)) || holds(JSON.parse(body), phrase))
        found.add(traceId)
    }
  }
  return found
}

/**
 * What LIKE can tell of the beginning of a phrase: ASCII letters and digits in any case; all else stands for anything, since
 * folding may have changed it. A stored letter that only folding makes ASCII, as a ligature is, is not found by this.
 */
function looseLike(phrase: string): string {
  return `%${phrase.slice(0, longestPattern).replaceAll(/[^a-z0-9]+/g, '%')}%`.replaceAll(/%+/g, '%')
}

/** SQLite refuses patterns of more than 50,000 bytes. */
const longestPattern = 1000

/** Whether the phrase stands in a text or a key anywhere below. */
function holds(value: unknown, phrase: string): boolean {
  const waiting = [value]
  for (let next = waiting.pop(); waiting.length > 0 || next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string' || typeof next === 'number') {
      if (foldText(String(next)).includes(phrase)) return true
    } else if (next !== null && typeof next === 'object') {
      // One by one: all of a long list would not fit on the stack.
      for (const [key, below] of Object.entries(next)) waiting.push(key, below)
    }
  }
  return false
}
