import type { LoadedConfig } from '../../config/load.js'
import { nearest } from '../../config/suggest.js'
import { PilotError } from '../../core/errors.js'
import { diffTexts, type TextDiff, type VersionSide } from '../../core/prompts/diff-sides.js'
import { promptText } from '../../core/prompts/prompt-text.js'
import type { SeenVersion } from '../../core/prompts/version-tally.js'
import type { SpanContent } from '../../core/span.js'
import type { Store } from '../../store/open.js'
import { spanContentReader } from '../../store/spans.js'
import { wantedPlatforms } from '../platforms.js'
import { workspaceOf } from '../workspace.js'
import { hashOf } from './read-texts.js'
import { readVersions } from './read-versions.js'

/** Two versions as the runs of one platform have them. */
export interface VersionsDiff {
  platform: string
  a: VersionSide
  b: VersionSide
  text: TextDiff
}

/**
 * What differs between two versions (`name@version`), on the first platform whose runs have both. Throws `PilotError` for a
 * version that no run has.
 */
export function diffVersions(
  loaded: LoadedConfig,
  { labels, platform }: { labels: readonly [string, string]; platform: string | undefined },
): VersionsDiff {
  const { config } = loaded
  const wanted = wantedPlatforms(config, platform)
  const db = workspaceOf(loaded).open('read')
  try {
    const { platforms } = readVersions(db, config, { platforms: wanted })
    const known = platforms.map(({ platform: id, tally }) => ({
      id,
      versions: new Map(tally.versions.map((each) => [`${each.name}@${each.version}`, each])),
    }))
    const found = known.find(({ versions }) => labels.every((label) => versions.has(label)))
    if (found === undefined)
      throw unknownVersion(
        labels,
        known.map(({ versions }) => [...versions.keys()]),
      )
    const [a, b] = labels.map((label) => sideOf(db, found.id, found.versions.get(label)!)) // it has both
    return { platform: found.id, a: a!, b: b!, text: diffTexts(a!, b!) } // two labels, two sides
  } finally {
    db.close()
  }
}

function unknownVersion(labels: readonly string[], platforms: readonly string[][]): PilotError {
  const known = [...new Set(platforms.flat())]
  const unknown = labels.find((label) => !known.includes(label))
  if (unknown === undefined)
    return new PilotError(`No platform has runs of both ${labels.join(' and ')}.`, { hint: 'pilot prompts list' })
  const near = nearest(unknown, known)
  const list =
    known.length === 0 ? 'No run names a prompt and its version.' : `There are ${known.slice(0, 10).join(', ')}.`
  return new PilotError(`No run is of a prompt version ${JSON.stringify(unknown)}.`, {
    hint: near === undefined ? list : `Did you mean ${near}?`,
  })
}

function sideOf(db: Store, platform: string, seen: SeenVersion): VersionSide {
  const read = spanContentReader(db, platform)
  const texts = new Map<string, { sort: 'template' | 'system message'; hash: string; text: string; runs: number }>()
  const variables = new Map<string, number>()
  const settings = new Map<string, Map<string, number>>()
  const places = seen.texts.items()
  for (const { traceId, spanId } of places) {
    const content = read(traceId, spanId)
    if (content === undefined) continue
    const text = promptText(content)
    if (text !== undefined) {
      const hash = hashOf(text.text)
      const key = `${text.sort} ${hash}`
      texts.set(key, { ...text, hash, runs: (texts.get(key)?.runs ?? 0) + 1 })
    }
    for (const name of variableNames(content)) addOne(variables, name)
    for (const [name, value] of Object.entries(content.settings ?? {})) {
      const values = settings.get(name) ?? new Map<string, number>()
      addOne(values, JSON.stringify(value))
      settings.set(name, values)
    }
  }
  const all = [...texts.values()]
  const ofBest = all.some(({ sort }) => sort === 'template') ? all.filter(({ sort }) => sort === 'template') : all
  const [text] = ofBest.sort((a, b) => b.runs - a.runs || (a.hash < b.hash ? -1 : 1))
  return {
    label: `${seen.name}@${seen.version}`,
    runs: seen.runs,
    read: places.length,
    text: text && { sort: text.sort, hash: text.hash, text: text.text },
    texts: ofBest.length,
    ...{ variables, settings, models: seen.models, tools: seen.tools },
  }
}

function variableNames({ promptVariables }: SpanContent): string[] {
  return typeof promptVariables === 'object' && promptVariables !== null && !Array.isArray(promptVariables)
    ? Object.keys(promptVariables)
    : []
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
