import { hash } from 'node:crypto'
import { type Drift, readDrift } from '../../core/prompts/drift.js'
import { promptText } from '../../core/prompts/prompt-text.js'
import type { SeenVersion } from '../../core/prompts/version-tally.js'
import type { Store } from '../../store/open.js'
import { spanContentReader } from '../../store/spans.js'

/** What the texts of a version tell: whether they are one, and what its runs were asked. */
export interface VersionTexts {
  drift: Drift
  /** Hashes of what the runs were asked. */
  inputs: ReadonlySet<string>
}

/** Reads the text of some runs of each version, evenly spread over all; that of all where they are few. */
export function textReader(db: Store, platform: string): (version: SeenVersion) => VersionTexts {
  const read = spanContentReader(db, platform)
  return ({ texts }) => {
    const inputs = new Set<string>()
    const found = texts.items().map((place) => {
      const content = read(place.traceId, place.spanId)
      const text = content && promptText(content)
      const input = read(place.traceId, place.rootId)?.input ?? content?.inputMessages?.filter(isAsked)
      if (input !== undefined && input !== null && JSON.stringify(input) !== '[]')
        inputs.add(hashOf(JSON.stringify(input)))
      return { place, text: text && { sort: text.sort, hash: hashOf(text.text) } }
    })
    return { drift: readDrift(found), inputs }
  }
}

/** The hash by which a text is known: the first twelve digits of its SHA-256. */
export function hashOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 12)
}

const isAsked = ({ role }: { role: string }) => role !== 'system' && role !== 'developer'
